import { DefaultButton, type IButton, Link, PrimaryButton, css } from '@fluentui/react';
import * as React from 'react';
import { RelativeTime } from '../RelativeTime';
import { StateDot } from '../StateDot';
import { splitText } from '../text';
import { useCard } from './CardContext';
import type { CardRecord } from './state';
import { type Message, recordMessage } from './words';

export interface StatusLineProps {
  readonly record: CardRecord;
  readonly isSyncing: boolean;
  /** The last try failed: trying again is the one thing to do. */
  readonly hasFailed: boolean;
  readonly onSync: () => void;
  readonly onCancel: () => void;
  readonly buttonRef: React.RefObject<IButton>;
}

/** "checked 3 minutes ago": words around a time. */
const TimeText: React.FunctionComponent<{ readonly template: string; readonly time?: string }> = ({ template, time }) => {
  const { strings, styles, formatExact, nowMs } = useCard();
  if (!time) return null;
  return (
    <span className={css(styles.statusPart, styles.time)}>
      {splitText(template).map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <RelativeTime key={part.name} time={time} languageTag={strings.languageTag} formatExact={formatExact} nowMs={nowMs} />
        ),
      )}
    </span>
  );
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

/** How fresh the row is, and the button that makes it fresh. */
export const StatusLine: React.FunctionComponent<StatusLineProps> = (props) => {
  const { record, isSyncing, hasFailed, onSync, onCancel, buttonRef } = props;
  const { strings, styles } = useCard();
  // What the row was before the try is no answer to what it is now: "In sync" beside a failure would contradict it.
  const message: Pick<Message, 'tone' | 'title'> = hasFailed ? { tone: 'bad', title: strings.failed } : recordMessage(record, strings);
  const needsAction = hasFailed || record.state === 'failed';
  const Button = needsAction && !isSyncing ? PrimaryButton : DefaultButton;
  const idleWords = needsAction ? strings.tryAgain : strings.syncNow;

  return (
    <div className={styles.line}>
      <div className={styles.status}>
        <div className={styles.statusParts}>
          <span className={styles.statusPart}>
            <StateDot tone={isSyncing ? 'busy' : message.tone}>{isSyncing ? strings.syncing : message.title}</StateDot>
          </span>
          {isSyncing ? (
            <span className={styles.statusPart}>
              <Link onClick={onCancel}>{strings.cancel}</Link>
            </span>
          ) : (
            <>
              <TimeText template={strings.checked} time={record.checkedOn} />
              <TimeText template={strings.synced} time={record.syncedOn} />
            </>
          )}
        </div>
      </div>
      {/* Disabled but focusable while syncing: the keyboard user stays where they were. */}
      <Button
        className={styles.action}
        onClick={isSyncing ? undefined : onSync}
        disabled={isSyncing}
        allowDisabledFocus
        componentRef={buttonRef}
      >
        <SteadyText texts={[strings.syncNow, strings.tryAgain, strings.syncing]} shown={isSyncing ? strings.syncing : idleWords} />
      </Button>
    </div>
  );
};
