/** A sandbox clock that a test moves by hand, so that five minutes take no time and nothing is left to chance. */
import { createClock, type SandboxClock } from '../../../../api/sandbox/src/dataverse/limits/clock.ts';
import type { MachineTime } from '../../../../api/sandbox/src/dataverse/limits/machine-time.ts';

/** The clock asks to be woken a microsecond late; a test that moves time to the very moment means the moment. */
const wakeUpDelayMs = 0.002;

export interface ManualMachine extends MachineTime {
  /** Moves time on, calling back what falls due, in order and at its moment. */
  advance(byMs: number): void;
}

export function createManualMachine(startMs = Date.UTC(2026, 0, 31, 8)): ManualMachine {
  let nowMs = startMs;
  let wakeUps: readonly { readonly momentMs: number; readonly callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    wakeAt(momentMs, _toleranceMs, callback) {
      const wakeUp = { momentMs, callback };
      wakeUps = [...wakeUps, wakeUp].sort((one, other) => one.momentMs - other.momentMs);
      return () => {
        wakeUps = wakeUps.filter((other) => other !== wakeUp);
      };
    },
    advance(byMs) {
      const endMs = nowMs + byMs;
      for (let next = wakeUps[0]; next !== undefined && next.momentMs <= endMs + wakeUpDelayMs; next = wakeUps[0]) {
        wakeUps = wakeUps.slice(1);
        nowMs = Math.min(Math.max(nowMs, next.momentMs), endMs);
        next.callback();
        // Woken a rounding before its moment it found nothing due and asks for the same moment again: that is the next advance's.
        if (nowMs < next.momentMs && wakeUps[0]?.momentMs === next.momentMs) break;
      }
      nowMs = endMs;
    },
  };
}

export interface TestClock extends SandboxClock {
  advance(byMs: number): void;
  /** Resolves once so many requests wait for their simulated end. */
  untilWaiting(count: number): Promise<void>;
}

export function createTestClock(): TestClock {
  const machine = createManualMachine();
  const clock = createClock({ machine });
  let waiting = 0;
  let watchers: readonly { readonly count: number; readonly resolve: () => void }[] = [];
  const tell = (): void => {
    for (const watcher of watchers) if (watcher.count === waiting) watcher.resolve();
    watchers = watchers.filter((watcher) => watcher.count !== waiting);
  };
  return {
    ...clock,
    get lateness() {
      return clock.lateness;
    },
    get speed() {
      return clock.speed;
    },
    advance: (byMs) => machine.advance(byMs),
    async until(momentMs) {
      waiting += 1;
      tell();
      await clock.until(momentMs);
      waiting -= 1;
    },
    untilWaiting: (count) =>
      new Promise((resolve) => {
        watchers = [...watchers, { count, resolve }];
        tell();
      }),
  };
}
