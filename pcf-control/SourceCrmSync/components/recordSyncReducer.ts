import type { CardCandidate, CardProblem, CardRecord, RecordFaceState, SyncCardState } from '@crm-sync/ui';
import type { SyncResult } from '../services/ApiTransport';
import type { OwnColumns } from '../services/ownColumns';

export type RecordSyncEvent =
  | { readonly type: 'asked' }
  | { readonly type: 'waitedLong' }
  | { readonly type: 'told'; readonly record: CardRecord }
  | { readonly type: 'askingFailed'; readonly problem: CardProblem }
  | { readonly type: 'checkStarted' }
  | { readonly type: 'checkFailed' }
  | { readonly type: 'syncStarted' }
  | { readonly type: 'wouldOverwrite'; readonly labels: readonly string[] }
  | { readonly type: 'synced'; readonly result: SyncResult }
  | { readonly type: 'reread'; readonly columns: OwnColumns }
  | { readonly type: 'syncFailed'; readonly problem: CardProblem }
  | { readonly type: 'syncCancelled' }
  | { readonly type: 'dismissed' }
  | { readonly type: 'findStarted' }
  | { readonly type: 'found'; readonly candidates: readonly CardCandidate[]; readonly unsearched: readonly string[] }
  | { readonly type: 'findFailed'; readonly problem: CardProblem }
  | { readonly type: 'chosen'; readonly candidate?: CardCandidate; readonly hasUnsavedEdits: boolean }
  | { readonly type: 'linkStarted' }
  | { readonly type: 'linkFailed'; readonly problem: CardProblem }
  | { readonly type: 'findClosed' };

type FindEvent = Extract<
  RecordSyncEvent,
  { readonly type: 'findStarted' | 'found' | 'findFailed' | 'chosen' | 'linkStarted' | 'linkFailed' }
>;

const findOf = (find: RecordFaceState['find'], event: FindEvent): RecordFaceState['find'] => {
  if (event.type === 'findStarted') return { isSearching: true, isLinking: false };
  // Closed before the answer came.
  if (!find) return find;
  switch (event.type) {
    case 'found':
      return { isSearching: false, isLinking: false, candidates: event.candidates, unsearched: event.unsearched };
    case 'findFailed':
      return { isSearching: false, isLinking: false, problem: event.problem };
    case 'chosen':
      return {
        isSearching: false,
        isLinking: false,
        candidates: find.candidates,
        unsearched: find.unsearched,
        chosen: event.candidate,
        hasUnsavedEdits: event.hasUnsavedEdits,
      };
    case 'linkStarted':
      return { ...find, isLinking: true, problem: undefined };
    case 'linkFailed':
      return { ...find, isLinking: false, problem: event.problem };
  }
};

const recordOf = (state: RecordFaceState, event: RecordSyncEvent): SyncCardState => {
  const { record } = state;
  const still: RecordFaceState = { kind: 'record', record, isSyncing: false };
  switch (event.type) {
    case 'checkStarted':
      return { ...state, isChecking: true, hasCheckFailed: false };
    case 'checkFailed':
      return { ...state, isChecking: false, hasCheckFailed: true };
    case 'syncStarted':
      return { ...still, isSyncing: true };
    case 'waitedLong':
      return state.isSyncing ? { ...state, isSlow: true } : state;
    case 'wouldOverwrite':
      return { ...still, overwrites: event.labels };
    case 'synced':
      return { ...still, record: event.result.record, outcome: event.result };
    case 'reread':
      return { ...state, record: { ...record, ...event.columns } };
    case 'syncFailed':
      return { ...still, problem: event.problem };
    case 'syncCancelled':
      // Before a yes nothing was begun, so there is nothing to say.
      return state.overwrites ? still : { ...still, outcome: { outcome: 'cancelled', changes: [] } };
    case 'dismissed':
    case 'findClosed':
      return still;
    case 'findStarted':
    case 'found':
    case 'findFailed':
    case 'chosen':
    case 'linkStarted':
    case 'linkFailed':
      return { ...still, find: findOf(state.find, event) };
    default:
      return state;
  }
};

/** The card's next state. Events of a check, a sync or a search mean nothing before a record is known. */
export const recordSyncReducer = (state: SyncCardState, event: RecordSyncEvent): SyncCardState => {
  switch (event.type) {
    case 'asked':
      // The same state: nothing has to be drawn anew.
      return state.kind === 'loading' && !state.isSlow ? state : { kind: 'loading' };
    case 'told':
      return { kind: 'record', record: event.record, isSyncing: false };
    case 'askingFailed':
      return { kind: 'problem', problem: event.problem };
    default:
      if (state.kind === 'record') return recordOf(state, event);
      return state.kind === 'loading' && event.type === 'waitedLong' ? { ...state, isSlow: true } : state;
  }
};
