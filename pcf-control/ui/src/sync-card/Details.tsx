import * as React from 'react';
import { fillText } from '../text';
import { useCard } from './CardContext';
import { CardTime } from './FilledText';
import { RecordLine } from './RecordLine';
import type { CardOtherRecord, CardRecord } from './state';
import { sourceName } from './words';

interface TimeDetailProps {
  readonly label: string;
  readonly time?: string;
  /** It may yet be told: no time is not "never". */
  readonly isUnderWay: boolean;
}

const TimeDetail: React.FunctionComponent<TimeDetailProps> = ({ label, time, isUnderWay }) => {
  const { strings, styles } = useCard();
  const none = isUnderWay ? '…' : strings.never;
  return (
    <div className={styles.detail}>
      <dt className={styles.detailLabel}>{label}</dt>
      <dd className={styles.detailValue}>{time ? <CardTime time={time} /> : <span className={styles.empty}>{none}</span>}</dd>
    </div>
  );
};

export interface DetailsProps {
  readonly record: Pick<CardRecord, 'source' | 'recordId' | 'sourceModifiedOn' | 'checkedOn' | 'syncedOn'>;
  readonly isUnderWay?: boolean;
}

/** All that is known of a record's times; in the full layout and in the callout of a narrow card. */
export const Details: React.FunctionComponent<DetailsProps> = ({ record, isUnderWay = false }) => {
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
      <TimeDetail
        label={fillText(strings.sourceChangeLabel, { source: sourceName(record, strings) })}
        time={record.sourceModifiedOn}
        isUnderWay={isUnderWay}
      />
      <TimeDetail label={strings.checkedLabel} time={record.checkedOn} isUnderWay={isUnderWay} />
      <TimeDetail label={strings.syncedLabel} time={record.syncedOn} isUnderWay={isUnderWay} />
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
