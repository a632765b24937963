import type { CardProblem, CardRecord, SyncCardState } from '@crm-sync/ui';
import type { SyncResult } from '../services/ApiTransport';

export type RecordSyncEvent =
  | { readonly type: 'asked' }
  | { readonly type: 'told'; readonly record: CardRecord }
  | { readonly type: 'askingFailed'; readonly problem: CardProblem }
  | { readonly type: 'syncStarted' }
  | { readonly type: 'synced'; readonly result: SyncResult }
  | { readonly type: 'syncFailed'; readonly problem: CardProblem }
  | { readonly type: 'syncCancelled' }
  | { readonly type: 'dismissed' };

/** The card's next state. Events of a sync mean nothing before a record is known. */
export const recordSyncReducer = (state: SyncCardState, event: RecordSyncEvent): SyncCardState => {
  switch (event.type) {
    case 'asked':
      return { kind: 'loading' };
    case 'told':
      return { kind: 'record', record: event.record, isSyncing: false };
    case 'askingFailed':
      return { kind: 'problem', problem: event.problem };
  }
  if (state.kind !== 'record') return state;
  const { record } = state;
  switch (event.type) {
    case 'syncStarted':
      return { kind: 'record', record, isSyncing: true };
    case 'synced':
      return { kind: 'record', record: event.result.record, isSyncing: false, outcome: event.result };
    case 'syncFailed':
      return { kind: 'record', record, isSyncing: false, problem: event.problem };
    case 'syncCancelled':
    case 'dismissed':
      return { kind: 'record', record, isSyncing: false };
  }
};
