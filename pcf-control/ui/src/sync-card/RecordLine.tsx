import { Link } from '@fluentui/react';
import * as React from 'react';
import { OpenIcon } from '../icons';
import { safeHttpUrl } from '../safeHttpUrl';
import { fillText } from '../text';
import { useCard } from './CardContext';
import type { CardRecord } from './state';
import { sourceName } from './words';

export interface RecordLineProps {
  readonly record: CardRecord;
  /** How the host opens an address; the browser's own way when left out. */
  readonly onOpen?: (url: string) => void;
}

const firstLetter = (name: string): string => [...name][0]?.toLocaleUpperCase() ?? '';

/** Which record of which CRM, and the way to it. */
export const RecordLine: React.FunctionComponent<RecordLineProps> = ({ record, onOpen }) => {
  const { strings, styles } = useCard();
  const name = sourceName(record, strings);
  const url = safeHttpUrl(record.url);

  const open = (event: React.MouseEvent<HTMLElement>) => {
    // Ctrl, Shift and the middle button keep their meaning: the link is a real one.
    if (!onOpen || !url || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onOpen(url);
  };

  return (
    <div className={styles.line}>
      <span className={styles.identity}>
        <span className={styles.mark} aria-hidden="true">
          {firstLetter(name)}
        </span>
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
        <Link className={styles.link} href={url} target="_blank" rel="noopener noreferrer" onClick={open}>
          <span>{fillText(strings.openIn, { source: name })}</span>
          <span className={styles.hidden}>{` ${strings.newTab}`}</span>
          <OpenIcon size={12} />
        </Link>
      )}
    </div>
  );
};
