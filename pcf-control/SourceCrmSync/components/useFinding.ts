import type { CardCandidate, FindActions } from '@crm-sync/ui';
import * as React from 'react';
import type { ApiTransport, Candidates, SyncResult } from '../services/ApiTransport';
import { problemOf } from '../services/problems';
import type { RecordSyncEvent } from './recordSyncReducer';
import { useRequestSlot } from './useRequestSlot';
import type { FormRow } from './useSameRow';

export interface FindingOptions {
  readonly transport: ApiTransport;
  /** Changes with the row: what was asked for another one is given up. */
  readonly rowNumber: number;
  readonly latest: React.RefObject<{ readonly row: FormRow; readonly unsavedColumns: () => readonly string[] }>;
  readonly dispatch: React.Dispatch<RecordSyncEvent>;
  readonly onLinked: (result: SyncResult) => void;
}

/** Finds the record of a row that has none, and links it after a yes. */
export const useFinding = ({ transport, rowNumber, latest, dispatch, onLinked }: FindingOptions): FindActions => {
  const slot = useRequestSlot();
  React.useEffect(() => slot.stop, [slot, transport, rowNumber]);

  return React.useMemo(() => {
    const search = (words: string | undefined) => {
      dispatch({ type: 'findStarted' });
      slot.start(
        async (signal): Promise<Candidates> => (latest.current ? transport.findCandidates(latest.current.row.address, words, signal) : []),
        {
          onAnswer: (candidates) =>
            dispatch({ type: 'found', candidates, unsearched: (candidates.unsearched ?? []).map(({ sourceName }) => sourceName) }),
          onFailure: (error) => dispatch({ type: 'findFailed', problem: problemOf(error) }),
        },
      );
    };
    const choose = (candidate: CardCandidate | undefined) => {
      slot.stop();
      const hasUnsavedEdits = candidate !== undefined && (latest.current?.unsavedColumns().length ?? 0) > 0;
      dispatch({ type: 'chosen', candidate, hasUnsavedEdits });
    };
    const link = ({ sourceId, recordId }: CardCandidate) => {
      const row = latest.current?.row;
      if (!row || slot.isBusy()) return;
      dispatch({ type: 'linkStarted' });
      slot.start((signal) => transport.linkRecord(row.address, { sourceId, recordId }, signal), {
        onAnswer: onLinked,
        onFailure: (error) => dispatch({ type: 'linkFailed', problem: problemOf(error) }),
      });
    };
    return {
      onStart: () => search(undefined),
      onSearch: search,
      onChoose: choose,
      onLink: link,
      onClose: () => {
        slot.stop();
        dispatch({ type: 'findClosed' });
      },
    };
  }, [transport, latest, dispatch, onLinked, slot]);
};
