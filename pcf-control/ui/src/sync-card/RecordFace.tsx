import { DefaultButton, type IButton } from '@fluentui/react';
import * as React from 'react';
import { useCard } from './CardContext';
import { Details, OtherRecords } from './Details';
import { HelpNote, MessageNote, OutcomeNote, OverwriteNote } from './Notes';
import { RecordLine } from './RecordLine';
import { StatusLine } from './StatusLine';
import type { RecordFaceState } from './state';
import { overwriteMessage, problemMessage, recordMessage, sourceName, tellsRemoval } from './words';

export interface RecordActions {
  readonly onSync: () => void;
  /** Although edits that were not saved are in the way. */
  readonly onSyncAnyway: () => void;
  /** Stop waiting for the sync under way, or for a yes. */
  readonly onCancel: () => void;
  /** The person has read what changed. */
  readonly onDismiss: () => void;
  /** Sign in again; left out where a person cannot do anything about it. */
  readonly onSignIn?: () => void;
}

export interface RecordNotesProps extends RecordActions {
  readonly state: RecordFaceState;
  readonly isReadOnly: boolean;
}

/** What there is to say beyond the two lines: what the last sync did, or why it did nothing, or what keeps it waiting. */
export const RecordNotes: React.FunctionComponent<RecordNotesProps> = ({
  state,
  isReadOnly,
  onSyncAnyway,
  onCancel,
  onDismiss,
  onSignIn,
}) => {
  const { strings } = useCard();
  const { record, isSyncing, outcome, problem, overwrites } = state;
  const source = sourceName(record, strings);
  const status = recordMessage(record, strings);
  if (isSyncing) return state.isSlow ? <HelpNote text={strings.syncSlow} /> : null;
  if (overwrites)
    return <OverwriteNote message={overwriteMessage(overwrites, source, strings)} onSyncAnyway={onSyncAnyway} onCancel={onCancel} />;
  if (problem) {
    return (
      <MessageNote message={problemMessage(problem, strings)}>
        {problem.kind === 'signedOut' && onSignIn && <DefaultButton text={strings.signIn} onClick={onSignIn} />}
      </MessageNote>
    );
  }
  // The status line says it already; what it means is the news.
  const isRemoval = outcome !== undefined && tellsRemoval(record, outcome);
  const failure = record.state === 'failed' ? record.failure : undefined;
  return (
    <>
      {outcome && !isRemoval && <OutcomeNote outcome={outcome} source={source} onDismiss={onDismiss} />}
      {failure && <MessageNote message={{ tone: 'bad', title: failure.reason, help: failure.help }} />}
      {(!outcome || isRemoval) && status.help && <HelpNote text={status.help} />}
      {isReadOnly && <HelpNote text={strings.readOnlyHelp} />}
    </>
  );
};

export interface RecordFaceProps extends RecordNotesProps {
  readonly isFull: boolean;
  /** What had the focus before is gone: the keyboard goes on at the button. */
  readonly takesFocus?: boolean;
}

/** A row that is linked to a record: which one, how fresh, what the last sync did. */
export const RecordFace: React.FunctionComponent<RecordFaceProps> = ({ isFull, takesFocus = false, ...props }) => {
  const { state, isReadOnly, onSync, onCancel, onDismiss } = props;
  const syncButton = React.useRef<IButton>(null);
  const takesFocusAtFirst = React.useRef(takesFocus);
  React.useEffect(() => {
    if (takesFocusAtFirst.current) syncButton.current?.focus();
  }, []);
  // The button that had the focus is gone: without this the keyboard would start at the top of the page again.
  const thenFocus = (action: () => void) => () => {
    action();
    syncButton.current?.focus();
  };
  return (
    <>
      <RecordLine record={state.record} />
      <StatusLine
        state={state}
        isReadOnly={isReadOnly}
        hidesTimes={isFull}
        onSync={onSync}
        onCancel={thenFocus(onCancel)}
        buttonRef={syncButton}
      />
      {isFull && <Details record={state.record} />}
      <RecordNotes
        {...props}
        onCancel={thenFocus(onCancel)}
        onDismiss={thenFocus(onDismiss)}
        onSyncAnyway={thenFocus(props.onSyncAnyway)}
      />
      <OtherRecords records={state.record.otherRecords ?? []} />
    </>
  );
};
