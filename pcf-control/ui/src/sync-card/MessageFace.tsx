import { DefaultButton } from '@fluentui/react';
import * as React from 'react';
import { useCard } from './CardContext';
import { MessageText } from './Notes';
import type { Message } from './words';

export interface NextStep {
  readonly text: string;
  readonly onClick: () => void;
}

/** A state that is told in a sentence, and the one thing to do about it. */
export const MessageFace: React.FunctionComponent<{ readonly message: Message; readonly next?: NextStep }> = ({ message, next }) => {
  const { styles } = useCard();
  return (
    <div className={styles.line}>
      <MessageText message={message} />
      {next && <DefaultButton className={styles.action} text={next.text} onClick={next.onClick} />}
    </div>
  );
};
