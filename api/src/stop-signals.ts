import type { Clock } from './sync/types.ts';

interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface StopHandlers {
  /** At the first signal: end in order. */
  readonly onStop: (signal: 'SIGINT' | 'SIGTERM') => void;
  /** At another Ctrl-C while that takes its time: end at once. */
  readonly onInsist: () => void;
}

/** A terminal, npm and our own wrapper may each pass one Ctrl-C on; nobody presses it twice as fast and means it. */
const sameKeyPressMs = 500;

/** A supervisor may say SIGTERM to the whole group and its parent pass it on, so only Ctrl-C counts as insisting. */
export const listenForStop = (signals: SignalSource, clock: Clock, { onStop, onInsist }: StopHandlers): void => {
  let stoppingSinceMs: number | undefined;
  const hear = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (stoppingSinceMs === undefined) {
      stoppingSinceMs = clock.nowMs();
      onStop(signal);
    } else if (signal === 'SIGINT' && clock.nowMs() - stoppingSinceMs >= sameKeyPressMs) onInsist();
  };
  signals.on('SIGINT', () => hear('SIGINT'));
  signals.on('SIGTERM', () => hear('SIGTERM'));
};
