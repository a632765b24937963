import type { DeliveryStore, Refused } from '../store/inbox/types.ts';
import type { Clock } from '../sync/types.ts';

const dayMs = 24 * 3_600_000;
/** Whoever is refused a thousand times a second must not make us write a thousand times. */
const writeEveryMs = 2_000;

export interface RefusalCounter {
  note(refusal: { readonly sourceId: string; readonly hook: string; readonly reason: string }): void;
  /** Writes what is not written yet. */
  stop(): Promise<void>;
}

/** Counts deliveries that were refused, and writes the sums now and then. What a crash loses is a count. */
export const createRefusalCounter = (parts: {
  readonly deliveries: Pick<DeliveryStore, 'addRefused'>;
  readonly clock: Clock;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
}): RefusalCounter => {
  const { deliveries, clock, sleep, log } = parts;
  const stopping = new AbortController();
  let counted = new Map<string, Refused>();
  let writing: Promise<void> | null = null;

  const write = async (): Promise<void> => {
    const sums = [...counted.values()];
    counted = new Map();
    await deliveries.addRefused(sums).catch((error: unknown) => log.warn({ err: error }, 'refused deliveries could not be counted'));
  };

  const writeLater = async (): Promise<void> => {
    await sleep(writeEveryMs, stopping.signal).catch(() => undefined);
    writing = null;
    await write();
  };

  return {
    note({ sourceId, hook, reason }) {
      const nowMs = clock.nowMs();
      const day = Math.floor(nowMs / dayMs);
      const name = [sourceId, hook, reason, day].join(' ');
      const refused = (counted.get(name)?.refused ?? 0) + 1;
      counted.set(name, { sourceId, hook, reason, day, refused, lastOnMs: nowMs });
      writing ??= writeLater();
    },
    async stop() {
      stopping.abort();
      await writing;
    },
  };
};
