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
  /** What has passed since some moment; unlike a clock it is never set. */
  readonly elapsedMs?: () => number;
  readonly log: StoreLog;
  readonly lookEveryMs?: number;
}

const looksAtStart = 3;
const usualLookEveryMs = 60_000;
/** What an answer of a database nearby leaves uncertain, and a clock that is kept right may differ by: nothing is corrected below it. */
const leastCorrectionMs = 20;
/** More than a clock that is kept right ever differs by. */
const worthSayingMs = 1_000;

/** What the database's clock said, and when: in the middle of the time that the answer took, give or take half of it. */
interface Look {
  readonly databaseMs: number;
  readonly atElapsedMs: number;
  readonly uncertainMs: number;
}

/**
 * The database's clock, for processes on several machines: what one has checked and what another asks for are compared by their times, and
 * a machine whose clock is ahead would take what is older for newer. Between two looks at it, at the start and once a minute, the time goes
 * on by what has passed, not by this machine's clock: to set that right while we are at work changes nothing. When the database does not
 * answer, what was known last stays.
 */
export const clockInStep = async ({
  database,
  clock,
  elapsedMs = () => performance.now(),
  log,
  lookEveryMs = usualLookEveryMs,
}: ClockInStepOptions): Promise<ClockInStep> => {
  let anchor = { ms: clock.nowMs(), atElapsedMs: elapsedMs() };
  const timeAt = (elapsed: number): number => Math.round(anchor.ms + elapsed - anchor.atElapsedMs);

  const look = async (): Promise<Look> => {
    const askedMs = elapsedMs();
    const { rows } = await database.query<{ readonly now_ms: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::double precision as now_ms',
      [],
    );
    const uncertainMs = (elapsedMs() - askedMs) / 2;
    const [{ now_ms: databaseMs } = { now_ms: Number.NaN }] = rows;
    return { databaseMs, atElapsedMs: askedMs + uncertainMs, uncertainMs };
  };
  const follow = ({ databaseMs, atElapsedMs, uncertainMs }: Look): void => {
    const aheadMs = Math.round(databaseMs - timeAt(atElapsedMs));
    if (Number.isNaN(aheadMs) || Math.abs(aheadMs) <= Math.max(leastCorrectionMs, uncertainMs)) return;
    if (Math.abs(aheadMs) >= worthSayingMs) {
      log.warn({ databaseIsAheadMs: aheadMs }, 'this machine’s clock differs from the database’s, which counts; set it right');
    }
    anchor = { ms: databaseMs, atElapsedMs };
  };

  let best = await look();
  for (let count = 1; count < looksAtStart; count += 1) {
    const another = await look();
    if (another.uncertainMs < best.uncertainMs) best = another;
  }
  follow(best);
  const timer = setInterval(() => void look().then(follow, () => undefined), lookEveryMs).unref();
  return { nowMs: () => timeAt(elapsedMs()), stop: () => clearInterval(timer) };
};
