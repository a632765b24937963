import { TooltipHost } from '@fluentui/react';
import * as React from 'react';
import { exactTime, relativeTime, timeAhead } from './timeWords';

export interface RelativeTimeProps {
  /** ISO 8601. */
  readonly time: string;
  /** BCP 47, e.g. `en-US`. */
  readonly languageTag: string;
  /** How the host writes dates and times; the browser's way when left out. */
  readonly formatExact?: (date: Date) => string;
  /** It is still to come. Without it a time in the future is taken for one whose clock is a little ahead. */
  readonly isPlanned?: boolean;
  readonly nowMs?: () => number;
}

/** Words change by the minute at most; half of that keeps the error under half a minute. */
const refreshEveryMs = 30_000;

const useTick = (): void => {
  const [, setTick] = React.useState(0);
  React.useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), refreshEveryMs);
    return () => clearInterval(timer);
  }, []);
};

/** How long ago, or how soon, in words; exactly when, on hover and on focus. */
export const RelativeTime: React.FunctionComponent<RelativeTimeProps> = ({
  time,
  languageTag,
  formatExact,
  isPlanned = false,
  nowMs = Date.now,
}) => {
  useTick();
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return null;
  const exact = formatExact ? formatExact(date) : exactTime(date, languageTag);
  return (
    <TooltipHost content={exact}>
      {/* Focusable, or the exact time would be for mouse users only. */}
      <time dateTime={date.toISOString()} tabIndex={0}>
        {(isPlanned ? timeAhead : relativeTime)(date.getTime(), nowMs(), languageTag)}
      </time>
    </TooltipHost>
  );
};
