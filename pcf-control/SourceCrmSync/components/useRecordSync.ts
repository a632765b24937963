import type { FindActions, RecordFaceState, SyncCardState } from '@crm-sync/ui';
import * as React from 'react';
import type { ApiTransport, RecordStatus, SyncResult } from '../services/ApiTransport';
import type { OwnColumns } from '../services/ownColumns';
import { problemOf } from '../services/problems';
import { afterPaint } from './afterPaint';
import { type RecordSyncEvent, recordSyncReducer } from './recordSyncReducer';
import { useFinding } from './useFinding';
import { useRequestSlot } from './useRequestSlot';
import { type FormRow, useSameRow } from './useSameRow';

export interface RecordSyncOptions {
  readonly transport: ApiTransport;
  readonly row: FormRow;
  /** Logical names of the columns that hold edits which were not saved. */
  readonly unsavedColumns: () => readonly string[];
  /** The row's own columns as they stand in Dataverse; undefined where the host cannot read them. */
  readonly readOwnColumns?: () => Promise<OwnColumns>;
  readonly onSynced: (result: SyncResult) => void;
  /** When a wait is long enough to be spoken of. */
  readonly slowAfterMs?: number;
}

export interface RecordSync {
  readonly state: SyncCardState;
  readonly sync: () => void;
  readonly syncAnyway: () => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
  readonly retry: () => void;
  readonly signIn?: () => void;
  readonly finding: FindActions;
}

/** Nobody can say whether these are still so without asking the CRM. */
const worthChecking: readonly RecordFaceState['record']['state'][] = ['inSync', 'outOfDate', 'failed', 'waitingForParent', 'parentParked'];

/** The value of the last drawing, for callbacks that must not change with every drawing. */
const useLatest = <Value>(value: Value): React.MutableRefObject<Value> => {
  const latest = React.useRef(value);
  React.useEffect(() => {
    latest.current = value;
  });
  return latest;
};

/** Says so when a wait has become long. */
const useSlowness = (isWaiting: boolean, slowAfterMs: number, dispatch: React.Dispatch<RecordSyncEvent>): void => {
  React.useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => dispatch({ type: 'waitedLong' }), slowAfterMs);
    return () => clearTimeout(timer);
  }, [isWaiting, slowAfterMs, dispatch]);
};

/**
 * Asks for a row's status, then whether the CRM has changed since; syncs and links on demand; and drops every request and answer once
 * the row, the API or the control itself is gone.
 */
export const useRecordSync = (options: RecordSyncOptions): RecordSync => {
  const { transport, row, slowAfterMs = 4_000 } = options;
  const [state, dispatch] = React.useReducer(recordSyncReducer, { kind: 'loading' });
  const [tries, setTries] = React.useState(0);
  const asking = useRequestSlot();
  const syncing = useRequestSlot();
  const latest = useLatest(options);
  const knownKey = React.useRef<string>();
  const callOffQuestion = React.useRef<() => void>();
  const rowNumber = useSameRow(row, knownKey);
  useSlowness(state.kind === 'loading' || (state.kind === 'record' && state.isSyncing), slowAfterMs, dispatch);

  const told = React.useCallback((record: RecordStatus) => {
    knownKey.current = record.sourceKey;
    dispatch({ type: 'told', record });
  }, []);

  /** A sync answers by itself what a check would ask; one that came after it would wipe what the sync has told. */
  const stopAsking = React.useCallback(() => {
    callOffQuestion.current?.();
    asking.stop();
  }, [asking]);

  React.useEffect(() => {
    const check = () => {
      dispatch({ type: 'checkStarted' });
      asking.start((signal) => transport.checkRecord(latest.current.row.address, signal), {
        onAnswer: told,
        // What was known before still stands, and is shown; why it could not be made sure is not the agent's concern.
        onFailure: () => dispatch({ type: 'checkFailed' }),
      });
    };
    const ask = () => {
      asking.start((signal) => transport.recordStatus(latest.current.row.address, signal), {
        onAnswer: (record) => {
          told(record);
          if (worthChecking.includes(record.state)) callOffQuestion.current = afterPaint(check);
        },
        onFailure: (error) => dispatch({ type: 'askingFailed', problem: problemOf(error) }),
      });
    };
    dispatch({ type: 'asked' });
    // What the form knows already is on the screen before anything is signed in and sent for.
    callOffQuestion.current = afterPaint(ask);
    return () => {
      stopAsking();
      syncing.stop();
      knownKey.current = undefined;
    };
    // The number stands for the row.
  }, [transport, rowNumber, tries, asking, syncing, latest, told, stopAsking]);

  const synced = React.useCallback(
    (result: SyncResult) => {
      knownKey.current = result.record.sourceKey;
      dispatch({ type: 'synced', result });
      latest.current.onSynced(result);
      const { readOwnColumns } = latest.current;
      if (!readOwnColumns) return;
      // Without an answer the card shows what the API has just told.
      asking.start(readOwnColumns, { onAnswer: (columns) => dispatch({ type: 'reread', columns }), onFailure: () => undefined });
    },
    [asking, latest],
  );

  const syncAnyway = React.useCallback(() => {
    stopAsking();
    dispatch({ type: 'syncStarted' });
    syncing.start((signal) => transport.syncRecord(latest.current.row.address, signal), {
      onAnswer: synced,
      onFailure: (error) => dispatch({ type: 'syncFailed', problem: problemOf(error) }),
    });
  }, [transport, stopAsking, syncing, latest, synced]);

  const sync = React.useCallback(() => {
    // A second click while the first is on its way would make the CRM answer twice.
    if (syncing.isBusy()) return;
    const unsaved = latest.current.unsavedColumns();
    if (unsaved.length === 0) return syncAnyway();
    stopAsking();
    dispatch({ type: 'syncStarted' });
    syncing.start((signal) => transport.previewSync(latest.current.row.address, signal), {
      onAnswer: ({ changes }) => {
        const clashes = changes.filter(({ column }) => unsaved.includes(column));
        if (clashes.length === 0) syncAnyway();
        else dispatch({ type: 'wouldOverwrite', labels: clashes.map(({ label }) => label) });
      },
      onFailure: (error) => dispatch({ type: 'syncFailed', problem: problemOf(error) }),
    });
  }, [transport, stopAsking, syncing, latest, syncAnyway]);

  const cancel = React.useCallback(() => {
    syncing.stop();
    dispatch({ type: 'syncCancelled' });
  }, [syncing]);
  const dismiss = React.useCallback(() => dispatch({ type: 'dismissed' }), []);
  const retry = React.useCallback(() => setTries((count) => count + 1), []);

  const canSignIn = transport.signIn !== undefined;
  const signIn = React.useCallback(() => {
    dispatch({ type: 'asked' });
    syncing.start((signal) => transport.signIn?.(signal) ?? Promise.resolve(), {
      onAnswer: retry,
      onFailure: (error) => dispatch({ type: 'askingFailed', problem: problemOf(error) }),
    });
  }, [transport, syncing, retry]);

  const finding = useFinding({ transport, rowNumber, latest, dispatch, onLinked: synced });
  return { state, sync, syncAnyway, cancel, dismiss, retry, finding, ...(canSignIn ? { signIn } : {}) };
};
