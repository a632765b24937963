import type { StoreLog } from '../log.ts';
import type { SqlDatabase } from './types.ts';

interface Clock {
  nowMs(): number;
}

export interface ClockInStep extends Clock {
  stop(): void;
}

export interface ClockInStepOptions {
  readonly database: Pick<SqlDatabase, 'query'>;
  /** This machine's. */
  readonly clock: Clock;
  readonly log: StoreLog;
  readonly lookEveryMs?: number;
}

const looksAtStart = 3;
const usualLookEveryMs = 60_000;
/** What an answer of a database nearby leaves uncertain, and a clock that is kept right may differ by: nothing is corrected below it. */
const leastCorrectionMs = 20;
/** More than a clock that is kept right ever differs by. */
const worthSayingMs = 1_000;

interface Look {
  readonly aheadMs: number;
  /** Half of the time that the answer took: between the two the database read its clock. */
  readonly uncertainMs: number;
}

/**
 * The database's clock, for processes on several machines: what one has checked and what another asks for are compared by their times, and
 * a machine whose clock is ahead would take what is older for newer. This machine's clock goes on giving the time; how far the
 * database's is ahead of it is asked at the start, and once a minute. When the database does not answer, what was known last stays.
 */
export const clockInStep = async ({ database, clock, log, lookEveryMs = usualLookEveryMs }: ClockInStepOptions): Promise<ClockInStep> => {
  let aheadMs = 0;

  const look = async (): Promise<Look> => {
    const askedMs = clock.nowMs();
    const { rows } = await database.query<{ readonly now_ms: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms',
      [],
    );
    const uncertainMs = (clock.nowMs() - askedMs) / 2;
    const [{ now_ms: nowMs } = { now_ms: Number.NaN }] = rows;
    return { aheadMs: Math.round(nowMs - askedMs - uncertainMs), uncertainMs };
  };
  const follow = (found: Look): void => {
    if (Number.isNaN(found.aheadMs)) return;
    if (Math.abs(found.aheadMs - aheadMs) <= Math.max(leastCorrectionMs, found.uncertainMs)) return;
    if (Math.abs(found.aheadMs - aheadMs) >= worthSayingMs) {
      log.warn({ databaseIsAheadMs: found.aheadMs }, 'this machine’s clock differs from the database’s, which counts; set it right');
    }
    aheadMs = found.aheadMs;
  };

  let best = await look();
  for (let count = 1; count < looksAtStart; count += 1) {
    const another = await look();
    if (another.uncertainMs < best.uncertainMs) best = another;
  }
  follow(best);
  const timer = setInterval(() => void look().then(follow, () => undefined), lookEveryMs).unref();
  return { nowMs: () => clock.nowMs() + aheadMs, stop: () => clearInterval(timer) };
};
