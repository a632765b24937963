import { DefaultButton, IconButton, PrimaryButton } from '@fluentui/react';
import * as React from 'react';
import { ArrowRightIcon, DismissIcon } from '../icons';
import { StateDot } from '../StateDot';
import { fillText } from '../text';
import { useCard } from './CardContext';
import type { CardChange, CardOutcome } from './state';
import { type Message, outcomeMessage } from './words';

/** A sentence about what is, one about what to do, and the number that support asks for. */
export const MessageText: React.FunctionComponent<{ readonly message: Message }> = ({ message }) => {
  const { strings, styles } = useCard();
  return (
    <div className={styles.message}>
      <StateDot tone={message.tone}>
        <bdi className={styles.title}>{message.title}</bdi>
      </StateDot>
      {message.help && (
        <div className={styles.help}>
          {/* The service's own words may run the other way than the card's. */}
          <bdi>{message.help}</bdi>
        </div>
      )}
      {message.reference && <div className={styles.reference}>{fillText(strings.reference, { reference: message.reference })}</div>}
    </div>
  );
};

export const MessageNote: React.FunctionComponent<{ readonly message: Message; readonly children?: React.ReactNode }> = ({
  message,
  children,
}) => {
  const { styles } = useCard();
  return (
    <div className={styles.note}>
      <MessageText message={message} />
      {children && <div className={styles.buttons}>{children}</div>}
    </div>
  );
};

export interface OverwriteNoteProps {
  readonly message: Message;
  readonly onSyncAnyway: () => void;
  readonly onCancel: () => void;
}

/** Edits that were not saved are in the way; nothing is done before a yes. */
export const OverwriteNote: React.FunctionComponent<OverwriteNoteProps> = ({ message, onSyncAnyway, onCancel }) => {
  const { strings } = useCard();
  return (
    <MessageNote message={message}>
      <PrimaryButton text={strings.syncAnyway} onClick={onSyncAnyway} />
      <DefaultButton text={strings.cancel} onClick={onCancel} />
    </MessageNote>
  );
};

export const HelpNote: React.FunctionComponent<{ readonly text: string }> = ({ text }) => {
  const { styles } = useCard();
  return (
    <div className={styles.note}>
      <div className={styles.help}>{text}</div>
    </div>
  );
};

const Value: React.FunctionComponent<{ readonly value?: string; readonly className?: string }> = ({ value, className }) => {
  const { strings, styles } = useCard();
  return value === undefined || value === '' ? (
    <span className={styles.empty}>{strings.emptyValue}</span>
  ) : (
    <bdi className={className}>{value}</bdi>
  );
};

const Change: React.FunctionComponent<{ readonly change: CardChange }> = ({ change }) => {
  const { strings, styles } = useCard();
  return (
    <li className={styles.change}>
      <span className={styles.changeLabel}>
        <bdi>{change.label}</bdi>
      </span>
      <span className={styles.changeValues}>
        <span className={styles.hidden}>{`${strings.changedFrom} `}</span>
        <Value value={change.before} />
        <ArrowRightIcon size={12} className={styles.arrow} />
        <span className={styles.hidden}>{` ${strings.changedTo} `}</span>
        <Value value={change.after} className={styles.after} />
      </span>
    </li>
  );
};

export interface OutcomeNoteProps {
  readonly outcome: CardOutcome;
  readonly source: string;
  readonly onDismiss: () => void;
}

/** What the last sync did, field by field, until dismissed. */
export const OutcomeNote: React.FunctionComponent<OutcomeNoteProps> = ({ outcome, source, onDismiss }) => {
  const { strings, styles } = useCard();
  return (
    <div className={styles.note}>
      <div className={styles.noteLine}>
        <MessageText message={outcomeMessage(outcome, source, strings)} />
        <IconButton className={styles.smallButton} ariaLabel={strings.dismiss} title={strings.dismiss} onClick={onDismiss}>
          <DismissIcon size={12} />
        </IconButton>
      </div>
      {outcome.changes.length > 0 && (
        <ul className={styles.changes}>
          {outcome.changes.map((change, index) => (
            <Change key={`${index}.${change.label}`} change={change} />
          ))}
        </ul>
      )}
    </div>
  );
};
