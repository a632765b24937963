import { DefaultButton, type IButton, Link, PrimaryButton, css } from '@fluentui/react';
import * as React from 'react';
import { StateDot } from '../StateDot';
import { useCard } from './CardContext';
import { CardTime, FilledText } from './FilledText';
import type { CardRecord, RecordFaceState } from './state';
import { type Message, recordMessage, sourceName } from './words';

/** What the record's button is for. */
export interface SyncButtonState {
  readonly text: string;
  /** The one thing to do now. */
  readonly isPrimary: boolean;
}

export const syncButtonState = (
  state: RecordFaceState,
  strings: { readonly syncNow: string; readonly tryAgain: string },
): SyncButtonState => {
  const hasFailed = state.problem !== undefined || state.record.state === 'failed';
  return { text: hasFailed ? strings.tryAgain : strings.syncNow, isPrimary: hasFailed || state.record.state === 'outOfDate' };
};

/** The state in words; a time in them goes on counting. */
export const StateWords: React.FunctionComponent<{ readonly state: RecordFaceState }> = ({ state }) => {
  const { strings } = useCard();
  const { record, isSyncing, problem } = state;
  // What the row was before the try is no answer to what it is now: "In sync" beside a failure would contradict it.
  const message: Pick<Message, 'tone' | 'title'> = problem ? { tone: 'bad', title: strings.failed } : recordMessage(record, strings);
  if (isSyncing) return <StateDot tone="busy">{strings.syncing}</StateDot>;
  if (record.state === 'outOfDate' && record.sourceModifiedOn && !problem) {
    const values = { source: sourceName(record, strings), time: <CardTime time={record.sourceModifiedOn} /> };
    return (
      <StateDot tone={message.tone}>
        <FilledText template={strings.outOfDateSince} values={values} />
      </StateDot>
    );
  }
  return <StateDot tone={message.tone}>{message.title}</StateDot>;
};

/** How sure we are: the last look into the CRM, the one under way, or the one that failed. */
const Checked: React.FunctionComponent<{ readonly state: RecordFaceState }> = ({ state }) => {
  const { strings, styles } = useCard();
  const { record, isChecking, hasCheckFailed } = state;
  const time = css(styles.statusPart, styles.time);
  if (isChecking) return <span className={time}>{strings.checking}</span>;
  if (hasCheckFailed) return <span className={time}>{strings.notChecked}</span>;
  return record.checkedOn ? (
    <span className={time}>
      <FilledText template={strings.checked} values={{ time: <CardTime time={record.checkedOn} /> }} />
    </span>
  ) : null;
};

const Synced: React.FunctionComponent<{ readonly record: CardRecord }> = ({ record }) => {
  const { strings, styles } = useCard();
  return record.syncedOn ? (
    <span className={css(styles.statusPart, styles.time)}>
      <FilledText template={strings.synced} values={{ time: <CardTime time={record.syncedOn} /> }} />
    </span>
  ) : null;
};

/** One of several texts, in a box that fits the longest: a button that grew while syncing would push its neighbours. */
const SteadyText: React.FunctionComponent<{ readonly texts: readonly string[]; readonly shown: string }> = ({ texts, shown }) => (
  <span style={{ display: 'inline-grid', fontWeight: 600 }}>
    {[...new Set(texts)].map((text) => (
      <span key={text} style={{ gridArea: '1 / 1', visibility: text === shown ? 'visible' : 'hidden' }}>
        {text}
      </span>
    ))}
  </span>
);

export interface StatusLineProps {
  readonly state: RecordFaceState;
  /** Nothing may be changed from here: no button. */
  readonly isReadOnly: boolean;
  /** The times stand elsewhere on the card. */
  readonly hidesTimes?: boolean;
  readonly hidesButton?: boolean;
  readonly onSync: () => void;
  readonly onCancel: () => void;
  readonly buttonRef?: React.RefObject<IButton>;
}

/** How fresh the row is, and the button that makes it fresh. */
export const StatusLine: React.FunctionComponent<StatusLineProps> = (props) => {
  const { state, isReadOnly, hidesTimes = false, hidesButton = false, onSync, onCancel, buttonRef } = props;
  const { strings, styles } = useCard();
  const { record, isSyncing } = state;
  const { text, isPrimary } = syncButtonState(state, strings);
  const Button = isPrimary && !isSyncing ? PrimaryButton : DefaultButton;

  return (
    <div className={styles.line}>
      <div className={styles.status}>
        <div className={styles.statusParts}>
          <span className={styles.statusPart}>
            <StateWords state={state} />
          </span>
          {isSyncing && (
            <span className={styles.statusPart}>
              <Link onClick={onCancel}>{strings.cancel}</Link>
            </span>
          )}
          {!isSyncing && (!hidesTimes || state.isChecking || state.hasCheckFailed) && <Checked state={state} />}
          {!isSyncing && !hidesTimes && <Synced record={record} />}
          {isReadOnly && <span className={css(styles.statusPart, styles.time)}>{strings.readOnly}</span>}
        </div>
      </div>
      {!isReadOnly && !hidesButton && (
        // Disabled but focusable while syncing: the keyboard user stays where they were.
        <Button
          className={styles.action}
          onClick={isSyncing ? undefined : onSync}
          disabled={isSyncing}
          allowDisabledFocus
          componentRef={buttonRef}
        >
          <SteadyText texts={[strings.syncNow, strings.tryAgain, strings.syncing]} shown={isSyncing ? strings.syncing : text} />
        </Button>
      )}
    </div>
  );
};
