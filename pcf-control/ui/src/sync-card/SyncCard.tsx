import { ProgressIndicator, useTheme } from '@fluentui/react';
import * as React from 'react';
import { type CardContextValue, CardProvider } from './CardContext';
import { type FindActions, FindPanel } from './FindPanel';
import { LoadingFace } from './LoadingFace';
import { MessageFace, type NextStep } from './MessageFace';
import { NarrowFace } from './NarrowFace';
import { type RecordActions, RecordFace } from './RecordFace';
import type { SyncCardState } from './state';
import type { SyncCardStrings } from './strings';
import { cardStyles } from './styles';
import { useIsNarrow } from './useIsNarrow';
import { announcement, gapMessage, problemMessage, recordMessage } from './words';

export interface SyncCardProps extends RecordActions {
  readonly state: SyncCardState;
  readonly strings: SyncCardStrings;
  /** Name for screen readers; the strings' own when left out. */
  readonly label?: string;
  /** `full` shows every time and id; `compact`, when left out, fits two lines. */
  readonly layout?: 'compact' | 'full';
  /** The form lets nothing be changed, or this person may not: what is known is shown, and nothing is offered. */
  readonly isReadOnly?: boolean;
  /** Fingers need larger targets than pointers. */
  readonly isTouch?: boolean;
  /** Ask for the status again after a problem. */
  readonly onRetry: () => void;
  /** Finding and linking the record of a row that has none; left out where that is not possible. */
  readonly finding?: FindActions;
  readonly onOpen?: (url: string) => void;
  readonly onCopy?: (text: string) => Promise<void>;
  readonly formatExact?: (date: Date) => string;
  readonly nowMs?: () => number;
}

const NotLinkedFace: React.FunctionComponent<SyncCardProps & { readonly state: Extract<SyncCardState, { kind: 'record' }> }> = (props) => {
  const { state, strings, finding, isReadOnly = false } = props;
  const canLink = finding !== undefined && state.record.mayLink !== false && !isReadOnly;
  const message = recordMessage(state.record, strings);
  if (!canLink) return <MessageFace message={message} />;
  return (
    <>
      <MessageFace
        message={{ ...message, help: state.find ? undefined : strings.notLinkedFindHelp }}
        next={state.find ? undefined : { text: strings.find, onClick: finding.onStart }}
      />
      {state.find && <FindPanel find={state.find} actions={finding} />}
    </>
  );
};

/** Offline is over by itself, so there is nothing to click; signed out is over by signing in. */
const nextStepOf = ({ state, strings, onRetry, onSignIn }: SyncCardProps): NextStep | undefined => {
  if (state.kind !== 'problem' || state.problem.kind === 'offline') return undefined;
  if (state.problem.kind === 'signedOut' && onSignIn) return { text: strings.signIn, onClick: onSignIn };
  return { text: strings.tryAgain, onClick: onRetry };
};

interface FaceProps {
  readonly card: SyncCardProps;
  readonly isNarrow: boolean;
  readonly takesFocus: boolean;
}

const Face: React.FunctionComponent<FaceProps> = ({ card, isNarrow, takesFocus }) => {
  const { state, strings, layout = 'compact', onSync, onSyncAnyway, onCancel, onDismiss, onSignIn } = card;
  switch (state.kind) {
    case 'loading':
      return <LoadingFace isSlow={state.isSlow ?? false} record={state.record} isNarrow={isNarrow} isFull={layout === 'full'} />;
    case 'notConfigured':
      return <MessageFace message={gapMessage(state.gap, strings)} />;
    case 'unsaved':
      return <MessageFace message={{ tone: 'neutral', title: strings.unsaved, help: strings.unsavedHelp }} />;
    case 'problem':
      return <MessageFace message={problemMessage(state.problem, strings)} next={nextStepOf(card)} />;
    case 'record': {
      if (state.record.state === 'notLinked') return <NotLinkedFace {...card} state={state} />;
      const isReadOnly = card.isReadOnly === true;
      const actions: RecordActions = { onSync, onSyncAnyway, onCancel, onDismiss, onSignIn };
      return isNarrow ? (
        <NarrowFace state={state} isReadOnly={isReadOnly} {...actions} />
      ) : (
        <RecordFace state={state} isReadOnly={isReadOnly} isFull={layout === 'full'} takesFocus={takesFocus} {...actions} />
      );
    }
  }
};

/** True once, in the drawing in which the search for a record has just ended. */
const useFindHasEnded = (state: SyncCardState): boolean => {
  const isFinding = state.kind === 'record' && state.find !== undefined;
  const wasFinding = React.useRef(false);
  const hasEnded = wasFinding.current && !isFinding;
  React.useEffect(() => {
    wasFinding.current = isFinding;
  });
  return hasEnded;
};

/** Where a row comes from, how fresh it is, and one click to make it fresh. Draws what it is given; knows no host and no API. */
export const SyncCard: React.FunctionComponent<SyncCardProps> = (props) => {
  const { state, strings, label, formatExact, nowMs, onOpen, onCopy, isTouch = false } = props;
  const styles = cardStyles(useTheme());
  const box = React.useRef<HTMLElement>(null);
  const isNarrow = useIsNarrow(box);
  const takesFocus = useFindHasEnded(state);
  const context = React.useMemo<CardContextValue>(
    () => ({ strings, styles, formatExact, nowMs, onOpen, onCopy }),
    [strings, styles, formatExact, nowMs, onOpen, onCopy],
  );
  const isSyncing = state.kind === 'record' && (state.isSyncing || state.find?.isLinking === true);
  return (
    <CardProvider value={context}>
      <section
        ref={box}
        className={isTouch ? `${styles.card} ${styles.touch}` : styles.card}
        lang={strings.languageTag}
        aria-label={label || strings.cardLabel}
        aria-busy={isSyncing || state.kind === 'loading'}
        data-state={state.kind === 'record' ? state.record.state : state.kind}
      >
        <Face card={props} isNarrow={isNarrow} takesFocus={takesFocus} />
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
