import { Shimmer, css } from '@fluentui/react';
import * as React from 'react';
import { StateDot } from '../StateDot';
import { relativeTime } from '../timeWords';
import { useCard } from './CardContext';
import { Details } from './Details';
import { FilledText } from './FilledText';
import { Mark } from './Mark';
import { MessageFace } from './MessageFace';
import { RecordLine } from './RecordLine';
import type { KnownRecord } from './state';
import { slowLoadingMessage, sourceName } from './words';

const Skeleton: React.FunctionComponent = () => {
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

/** Plainer than the times of a loaded card: it stands for a moment, and a tooltip costs a quarter of the first drawing. */
const SyncedBefore: React.FunctionComponent<{ readonly time?: string }> = ({ time }) => {
  const { strings, styles, nowMs = Date.now } = useCard();
  const timeMs = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(timeMs)) return null;
  return (
    <span className={css(styles.statusPart, styles.time)}>
      <FilledText
        template={strings.synced}
        values={{ time: <time dateTime={time}>{relativeTime(timeMs, nowMs(), strings.languageTag)}</time> }}
      />
    </span>
  );
};

export interface LoadingFaceProps {
  readonly isSlow: boolean;
  /** What the form's own columns say; absent where they say nothing. */
  readonly record?: KnownRecord;
  readonly isNarrow: boolean;
  readonly isFull: boolean;
}

/** Before the API's answer: which record it is, where the form knows it, in the places where it will stand. */
export const LoadingFace: React.FunctionComponent<LoadingFaceProps> = ({ isSlow, record, isNarrow, isFull }) => {
  const { strings, styles } = useCard();
  if (!record || (isNarrow && isSlow)) return isSlow ? <MessageFace message={slowLoadingMessage(strings)} /> : <Skeleton />;
  if (isNarrow) {
    const name = sourceName(record, strings);
    return (
      <div className={styles.narrowLine}>
        <Mark name={name} />
        <bdi className={styles.hidden}>{name}</bdi>
        <span className={styles.narrowState}>
          <StateDot tone="busy">{strings.loading}</StateDot>
        </span>
      </div>
    );
  }
  if (isSlow) {
    return (
      <>
        <RecordLine record={record} />
        <MessageFace message={slowLoadingMessage(strings)} />
      </>
    );
  }
  return (
    <>
      <RecordLine record={record} />
      <div className={styles.line}>
        <div className={styles.status}>
          <div className={styles.statusParts}>
            <span className={styles.statusPart}>
              <StateDot tone="busy">{strings.loading}</StateDot>
            </span>
            {!isFull && <SyncedBefore time={record.syncedOn} />}
          </div>
        </div>
        {/* Where the button will be: a narrow card that wraps it is as high from the start. */}
        <span className={styles.action} />
      </div>
      {isFull && <Details record={record} isUnderWay />}
    </>
  );
};
