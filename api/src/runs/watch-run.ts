import { type Run, type RunStore, type SourceShare, finalRunStates } from '../store/runs/types.ts';
import type { Clock } from '../sync/types.ts';

/** cancel, pause: somebody asked for it. over: another worker has ended the run. room: another source waits for a worker. */
export type StopReason = 'cancel' | 'pause' | 'over' | 'room';

/** The worker is to leave the run between two pages; all that it has recorded stays. */
export class RunStopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the run is to stop: ${reason}`);
    this.reason = reason;
  }
}

export interface RunWatchDependencies {
  readonly runs: Pick<RunStore, 'get' | 'shares'>;
  readonly clock: Clock;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunWatch {
  /** Aborts with `RunStopped`. */
  readonly signal: AbortSignal;
  /** Between two pages: throws `RunStopped` as soon as it is known. Costs nothing. */
  throwIfAsked(): void;
  stop(): void;
}

const lookEveryMs = 1_000;
/**
 * A worker sees by itself between two pages that it is to stop, so the page under way gets some more looks to be recorded. What still
 * goes on then is a wait for a CRM or a Dataverse that is away, and is called off: soon when a person waits for the end.
 */
const looksOfGrace: Readonly<Record<StopReason, number>> = { cancel: 1, over: 1, pause: 30, room: 30 };
/** With as many workers as the one that waits would have, sources take turns of so long. */
const turnMs = 60_000;

/** Whether a worker of this source should make room for another one that waits. */
export const shouldMakeRoom = (sourceId: string, shares: readonly SourceShare[], workedForMs: number): boolean => {
  const own = shares.find((share) => share.sourceId === sourceId)?.workers ?? 0;
  const spare = workedForMs > turnMs ? 1 : 2;
  return shares.some((other) => other.sourceId !== sourceId && other.isWaiting && own >= other.workers + spare);
};

export interface WatchedWork {
  readonly runId: string;
  readonly sourceId: string;
  /** The part that this worker is at. */
  readonly part: number;
}

/** Looks in the store, where the requests of any process are found. */
export const watchRun = ({ runId, sourceId, part }: WatchedWork, { runs, clock, sleep }: RunWatchDependencies): RunWatch => {
  const calledOff = new AbortController();
  const stopping = new AbortController();
  const startedMs = clock.nowMs();

  /** One that waits for the next look of a worker that is free already is none to make room for: so it has to be there twice. */
  let looksCrowded = 0;
  const isCrowded = async ({ partitions }: Run): Promise<boolean> => {
    // One worker goes at a time, the last in line: all of them would otherwise.
    const isLastInLine = partitions.every((other) => !other.isHeld || other.part <= part);
    const mustGo = isLastInLine && shouldMakeRoom(sourceId, await runs.shares(), clock.nowMs() - startedMs);
    looksCrowded = mustGo ? looksCrowded + 1 : 0;
    return looksCrowded > 2;
  };
  const look = async (): Promise<StopReason | null> => {
    const run = await runs.get(runId);
    if (run?.isCancelRequested === true) return 'cancel';
    if (run?.state === 'paused') return 'pause';
    if (run === null || finalRunStates.has(run.state)) return 'over';
    return (await isCrowded(run)) ? 'room' : null;
  };

  let asked: StopReason | null = null;
  const watch = async (): Promise<void> => {
    let looksLeft = 0;
    for (;;) {
      await sleep(lookEveryMs, stopping.signal);
      if (asked !== null && looksLeft <= 1) return calledOff.abort(new RunStopped(asked));
      // A store that is away is the run's own trouble: here it only means to look again.
      const found = await look().catch(() => null);
      // A cancellation may come after a pause, and is not to wait as long.
      if (found !== null && found !== asked) looksLeft = looksOfGrace[found];
      else looksLeft -= 1;
      asked = found ?? asked;
    }
  };
  // It rejects when it is stopped, and has nothing to tell then.
  watch().catch(() => undefined);

  return {
    signal: calledOff.signal,
    throwIfAsked() {
      if (asked !== null) throw new RunStopped(asked);
    },
    stop: () => stopping.abort(),
  };
};
