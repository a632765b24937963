import * as React from 'react';

/** The time, anew every `everyMs` while the caller is shown and `isRunning`. */
export const useNow = (everyMs: number, isRunning = true): number => {
  const [nowMs, setNowMs] = React.useState(Date.now);
  React.useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isRunning]);
  return nowMs;
};
