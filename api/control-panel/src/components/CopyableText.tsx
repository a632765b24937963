import { CheckmarkIcon } from '@crm-sync/ui';
import * as React from 'react';
import { words } from '../words/index.ts';
import { CopyIcon } from './icons.tsx';

const confirmationMs = 2_000;

/** An id in monospace with a button that copies it. `what` says what it is, for screen readers. */
export const CopyableText: React.FunctionComponent<{ readonly text: string; readonly what: string }> = ({ text, what }) => {
  const [isCopied, setIsCopied] = React.useState(false);
  React.useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), confirmationMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () => {
    // Refused by some browsers outside of https; the text can still be selected.
    void navigator.clipboard?.writeText(text).then(
      () => setIsCopied(true),
      () => undefined,
    );
  };
  return (
    <span className="copyable">
      <code>{text}</code>
      <button type="button" className="icon-button" onClick={copy} aria-label={words.copy(`${what} ${text}`)} title={words.copy(what)}>
        {isCopied ? <CheckmarkIcon size={14} /> : <CopyIcon size={14} />}
      </button>
      <span role="status" className="for-screen-readers">
        {isCopied ? words.copied : ''}
      </span>
    </span>
  );
};
