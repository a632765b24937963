import type { IButton } from '@fluentui/react';
import * as React from 'react';
import { useCard } from './CardContext';
import { HelpNote, MessageNote, OutcomeNote } from './Notes';
import { RecordLine } from './RecordLine';
import { StatusLine } from './StatusLine';
import type { SyncCardState } from './state';
import { problemMessage, recordMessage, sourceName, tellsRemoval } from './words';

export interface RecordFaceProps {
  readonly state: Extract<SyncCardState, { kind: 'record' }>;
  readonly onSync: () => void;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
  readonly onOpen?: (url: string) => void;
}

/** A row that is linked to a record: which one, how fresh, what the last sync did. */
export const RecordFace: React.FunctionComponent<RecordFaceProps> = ({ state, onSync, onCancel, onDismiss, onOpen }) => {
  const { strings } = useCard();
  const syncButton = React.useRef<IButton>(null);
  const { record, isSyncing, outcome, problem } = state;

  const dismiss = () => {
    onDismiss();
    // The button that had the focus is gone: without this the keyboard would start at the top of the page again.
    syncButton.current?.focus();
  };

  const status = recordMessage(record, strings);
  // The status line says it already; what it means is the news.
  const isRemoval = outcome !== undefined && tellsRemoval(record, outcome);
  const failure = record.state === 'failed' ? record.failure : undefined;
  return (
    <>
      <RecordLine record={record} onOpen={onOpen} />
      <StatusLine
        record={record}
        isSyncing={isSyncing}
        hasFailed={problem !== undefined}
        onSync={onSync}
        onCancel={onCancel}
        buttonRef={syncButton}
      />
      {problem && <MessageNote message={problemMessage(problem, strings)} />}
      {!problem && outcome && !isRemoval && <OutcomeNote outcome={outcome} source={sourceName(record, strings)} onDismiss={dismiss} />}
      {!problem && failure && <MessageNote message={{ tone: 'bad', title: failure.reason, help: failure.help }} />}
      {!problem && (!outcome || isRemoval) && status.help && <HelpNote text={status.help} />}
    </>
  );
};
