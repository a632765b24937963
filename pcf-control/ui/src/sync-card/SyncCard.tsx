import { DefaultButton, ProgressIndicator, Shimmer, useTheme } from '@fluentui/react';
import * as React from 'react';
import { type CardContextValue, CardProvider, useCard } from './CardContext';
import { MessageText } from './Notes';
import { RecordFace } from './RecordFace';
import type { SyncCardState } from './state';
import type { SyncCardStrings } from './strings';
import { cardStyles } from './styles';
import { type Message, announcement, gapMessage, problemMessage, recordMessage } from './words';

export interface SyncCardProps {
  readonly state: SyncCardState;
  readonly strings: SyncCardStrings;
  /** Name for screen readers; the strings' own when left out. */
  readonly label?: string;
  readonly onSync: () => void;
  /** Stop waiting for the sync under way. */
  readonly onCancel: () => void;
  /** The person has read what changed. */
  readonly onDismiss: () => void;
  /** Ask for the status again after a problem. */
  readonly onRetry: () => void;
  readonly onOpen?: (url: string) => void;
  readonly formatExact?: (date: Date) => string;
  readonly nowMs?: () => number;
}

const Loading: React.FunctionComponent = () => {
  const { strings, styles } = useCard();
  return (
    <>
      <span className={styles.hidden}>{strings.loading}</span>
      <div className={styles.line} aria-hidden="true">
        <Shimmer className={styles.skeleton} width="60%" />
      </div>
      <div className={styles.line} aria-hidden="true">
        <Shimmer className={styles.skeleton} width="80%" />
      </div>
    </>
  );
};

const MessageFace: React.FunctionComponent<{ readonly message: Message; readonly onRetry?: () => void }> = ({ message, onRetry }) => {
  const { strings, styles } = useCard();
  return (
    <div className={styles.line}>
      <MessageText message={message} />
      {onRetry && <DefaultButton className={styles.action} text={strings.tryAgain} onClick={onRetry} />}
    </div>
  );
};

const Face: React.FunctionComponent<SyncCardProps> = ({ state, strings, onRetry, ...actions }) => {
  switch (state.kind) {
    case 'loading':
      return <Loading />;
    case 'notConfigured':
      return <MessageFace message={gapMessage(state.gap, strings)} />;
    case 'unsaved':
      return <MessageFace message={{ tone: 'neutral', title: strings.unsaved, help: strings.unsavedHelp }} />;
    case 'problem':
      return <MessageFace message={problemMessage(state.problem, strings)} onRetry={onRetry} />;
    case 'record':
      return state.record.state === 'notLinked' ? (
        <MessageFace message={recordMessage(state.record, strings)} />
      ) : (
        <RecordFace state={state} {...actions} />
      );
  }
};

/** Where a row comes from, how fresh it is, and one click to make it fresh. Draws what it is given; knows no host and no API. */
export const SyncCard: React.FunctionComponent<SyncCardProps> = (props) => {
  const { state, strings, label, formatExact, nowMs } = props;
  const styles = cardStyles(useTheme());
  const context = React.useMemo<CardContextValue>(() => ({ strings, styles, formatExact, nowMs }), [strings, styles, formatExact, nowMs]);
  const isSyncing = state.kind === 'record' && state.isSyncing;
  return (
    <CardProvider value={context}>
      <section
        className={styles.card}
        lang={strings.languageTag}
        aria-label={label || strings.cardLabel}
        aria-busy={isSyncing || state.kind === 'loading'}
        data-state={state.kind}
      >
        <Face {...props} />
        {/* Always there: a live region that appears together with its text is not read out. */}
        <div className={styles.hidden} role="status">
          {announcement(state, strings)}
        </div>
        {isSyncing && (
          <ProgressIndicator
            className={styles.progress}
            barHeight={2}
            styles={{ itemProgress: { padding: 0 } }}
            ariaLabel={strings.syncing}
          />
        )}
      </section>
    </CardProvider>
  );
};
