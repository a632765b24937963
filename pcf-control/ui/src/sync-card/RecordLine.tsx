import { Link } from '@fluentui/react';
import * as React from 'react';
import { OpenIcon } from '../icons';
import { safeHttpUrl } from '../safeHttpUrl';
import { fillText } from '../text';
import { useCard } from './CardContext';
import { CopyButton } from './CopyButton';
import { Mark } from './Mark';
import type { CardRecord } from './state';
import { sourceName } from './words';

export interface RecordLinkProps {
  readonly url?: string;
  /** Whose name stands in the link. */
  readonly source: string;
}

/** The way to a record in its CRM, a real link; nothing for an address that a browser should not follow. */
export const RecordLink: React.FunctionComponent<RecordLinkProps> = ({ url, source }) => {
  const { strings, styles, onOpen } = useCard();
  const safeUrl = safeHttpUrl(url);
  if (!safeUrl) return null;

  const open = (event: React.MouseEvent<HTMLElement>) => {
    // Ctrl, Shift and the middle button keep their meaning: the link is a real one.
    if (!onOpen || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(safeUrl);
  };
  return (
    <Link className={styles.link} href={safeUrl} target="_blank" rel="noopener noreferrer" onClick={open}>
      <span className={styles.linkText}>{fillText(strings.openIn, { source })}</span>
      <span className={styles.hidden}>{` ${strings.newTab}`}</span>
      <OpenIcon size={12} />
    </Link>
  );
};

export interface RecordLineProps {
  readonly record: Pick<CardRecord, 'source' | 'mark' | 'recordId' | 'url'>;
}

/** Which record of which CRM, and the way to it. */
export const RecordLine: React.FunctionComponent<RecordLineProps> = ({ record }) => {
  const { strings, styles, onCopy } = useCard();
  const name = sourceName(record, strings);
  const url = safeHttpUrl(record.url);
  return (
    <div className={styles.line}>
      <span className={styles.identity}>
        <Mark mark={record.mark} name={name} />
        <bdi className={styles.sourceName} title={name}>
          {name}
        </bdi>
        {record.recordId !== undefined && (
          <bdi className={styles.recordId} title={record.recordId} data-part="record-id">
            {record.recordId}
          </bdi>
        )}
      </span>
      {url && (
        <span className={styles.links}>
          <RecordLink url={url} source={name} />
          {onCopy && <CopyButton text={url} onCopy={onCopy} />}
        </span>
      )}
    </div>
  );
};
