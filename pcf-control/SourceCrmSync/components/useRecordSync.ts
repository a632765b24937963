import type { SyncCardState } from '@crm-sync/ui';
import * as React from 'react';
import type { ApiTransport, RecordAddress, SyncResult } from '../services/ApiTransport';
import { problemOf } from '../services/problems';
import { recordSyncReducer } from './recordSyncReducer';

export interface RecordSyncOptions {
  readonly transport: ApiTransport;
  readonly address: RecordAddress;
  readonly onSynced: (result: SyncResult) => void;
}

export interface RecordSync {
  readonly state: SyncCardState;
  readonly sync: () => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
  readonly retry: () => void;
}

/** Asks for a row's status, syncs it on demand, and drops every request and answer once the row, the API or the control itself is gone. */
export const useRecordSync = ({ transport, address, onSynced }: RecordSyncOptions): RecordSync => {
  const [state, dispatch] = React.useReducer(recordSyncReducer, { kind: 'loading' });
  const [tries, setTries] = React.useState(0);
  const syncUnderWay = React.useRef<AbortController>();
  const latestOnSynced = React.useRef(onSynced);
  React.useEffect(() => {
    latestOnSynced.current = onSynced;
  });

  React.useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    dispatch({ type: 'asked' });
    transport.recordStatus(address, signal).then(
      (record) => signal.aborted || dispatch({ type: 'told', record }),
      (error: unknown) => signal.aborted || dispatch({ type: 'askingFailed', problem: problemOf(error) }),
    );
    return () => {
      controller.abort();
      syncUnderWay.current?.abort();
      syncUnderWay.current = undefined;
    };
  }, [transport, address, tries]);

  const sync = React.useCallback(() => {
    // A second click while the first is on its way would make the CRM answer twice.
    if (syncUnderWay.current) return;
    const controller = new AbortController();
    const { signal } = controller;
    syncUnderWay.current = controller;
    dispatch({ type: 'syncStarted' });
    const finish = (tell: () => void) => {
      if (signal.aborted) return;
      syncUnderWay.current = undefined;
      tell();
    };
    transport.syncRecord(address, signal).then(
      (result) =>
        finish(() => {
          dispatch({ type: 'synced', result });
          latestOnSynced.current(result);
        }),
      (error: unknown) => finish(() => dispatch({ type: 'syncFailed', problem: problemOf(error) })),
    );
  }, [transport, address]);

  const cancel = React.useCallback(() => {
    syncUnderWay.current?.abort();
    syncUnderWay.current = undefined;
    dispatch({ type: 'syncCancelled' });
  }, []);
  const dismiss = React.useCallback(() => dispatch({ type: 'dismissed' }), []);
  const retry = React.useCallback(() => setTries((count) => count + 1), []);

  return { state, sync, cancel, dismiss, retry };
};
