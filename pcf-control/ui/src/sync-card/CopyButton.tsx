import { IconButton } from '@fluentui/react';
import * as React from 'react';
import { CheckmarkIcon, CopyIcon } from '../icons';
import { useCard } from './CardContext';

export interface CopyButtonProps {
  readonly text: string;
  /** Rejects where the host or the browser does not let us. */
  readonly onCopy: (text: string) => Promise<void>;
}

/** How long the tick stays: long enough to be seen, short enough not to be taken for a state. */
const tickMs = 2_000;

/** Copies the link to the record, and says whether it did. */
export const CopyButton: React.FunctionComponent<CopyButtonProps> = ({ text, onCopy }) => {
  const { strings, styles } = useCard();
  const [result, setResult] = React.useState<'none' | 'copied' | 'notCopied'>('none');
  const isThere = React.useRef(true);
  React.useEffect(
    () => () => {
      isThere.current = false;
    },
    [],
  );
  React.useEffect(() => {
    if (result === 'none') return undefined;
    const timer = setTimeout(() => setResult('none'), tickMs);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = () => {
    const tell = (told: 'copied' | 'notCopied') => isThere.current && setResult(told);
    onCopy(text).then(
      () => tell('copied'),
      () => tell('notCopied'),
    );
  };
  const words = { none: strings.copyLink, copied: strings.linkCopied, notCopied: strings.linkNotCopied }[result];
  return (
    <>
      <IconButton className={styles.smallButton} ariaLabel={strings.copyLink} title={words} onClick={copy}>
        {result === 'copied' ? <CheckmarkIcon size={14} /> : <CopyIcon size={14} />}
      </IconButton>
      <span aria-live="polite" className={result === 'notCopied' ? styles.copyResult : styles.hidden}>
        {result === 'none' ? '' : words}
      </span>
    </>
  );
};
