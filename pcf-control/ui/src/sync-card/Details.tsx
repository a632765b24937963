import * as React from 'react';
import { fillText } from '../text';
import { useCard } from './CardContext';
import { CardTime } from './FilledText';
import { RecordLine } from './RecordLine';
import type { CardOtherRecord, CardRecord } from './state';
import { sourceName } from './words';

const TimeDetail: React.FunctionComponent<{ readonly label: string; readonly time?: string }> = ({ label, time }) => {
  const { strings, styles } = useCard();
  return (
    <div className={styles.detail}>
      <dt className={styles.detailLabel}>{label}</dt>
      <dd className={styles.detailValue}>{time ? <CardTime time={time} /> : <span className={styles.empty}>{strings.never}</span>}</dd>
    </div>
  );
};

/** All that is known of a record's times; in the full layout and in the callout of a narrow card. */
export const Details: React.FunctionComponent<{ readonly record: CardRecord }> = ({ record }) => {
  const { strings, styles } = useCard();
  return (
    <dl className={styles.details}>
      {record.recordId !== undefined && (
        <div className={styles.detail}>
          <dt className={styles.detailLabel}>{strings.recordIdLabel}</dt>
          <dd className={styles.detailValue}>
            <bdi className={styles.recordIdWhole}>{record.recordId}</bdi>
          </dd>
        </div>
      )}
      <TimeDetail label={fillText(strings.sourceChangeLabel, { source: sourceName(record, strings) })} time={record.sourceModifiedOn} />
      <TimeDetail label={strings.checkedLabel} time={record.checkedOn} />
      <TimeDetail label={strings.syncedLabel} time={record.syncedOn} />
    </dl>
  );
};

/** Further CRMs that the same row names, one after the other. */
export const OtherRecords: React.FunctionComponent<{ readonly records: readonly CardOtherRecord[] }> = ({ records }) => {
  const { strings, styles } = useCard();
  if (records.length === 0) return null;
  return (
    <div className={styles.note}>
      <div className={styles.help}>{strings.alsoIn}</div>
      {records.map((record) => (
        <RecordLine key={`${record.source.name}\n${record.recordId}`} record={record} />
      ))}
    </div>
  );
};
