import { sharedLimits } from '../../../api/src/crm/budget/limits.ts';
import { createSharedBudget } from '../../../api/src/crm/budget/shared-budget.ts';
import type { BudgetLedger } from '../../../api/src/crm/budget/types.ts';
import { createRequestGate } from '../../../api/src/crm/http/request-gate.ts';
import type { RateLimit } from '../../../api/src/crm/http/rate-window.ts';
import type { Urgency } from '../../../api/src/crm/types.ts';
import { createTime } from '../dataverse/pace/time.ts';
import { createMemoryLedger, type LedgerCall } from './memory-ledger.ts';

export const never = new AbortController().signal;
export const second = 1_000;

export interface World {
  readonly time: ReturnType<typeof createTime>;
  readonly ledger: BudgetLedger;
  readonly concurrency: number;
  readonly rates: readonly RateLimit[];
  /** When requests went, and when they were over. */
  readonly sent: { readonly by: number; readonly atMs: number; overMs: number; readonly urgency: Urgency }[];
}

export const createWorld = (limits: {
  readonly concurrency: number;
  readonly rates: readonly RateLimit[];
  readonly next?: () => LedgerCall;
}): World & {
  readonly calls: () => number;
} => {
  const time = createTime();
  const { concurrency, rates, next } = limits;
  const ledger = createMemoryLedger({ nowMs: time.clock.nowMs, sleep: time.sleep, ...(next === undefined ? {} : { next }) });
  return { time, ledger, concurrency, rates, sent: [], calls: ledger.calls };
};

/** One process with its own gate. Killed, it never does anything again, as after a power cut. */
export const startProcess = (world: World, by: number) => {
  const { time, concurrency, rates, sent } = world;
  let isDead = false;
  const nothing = new Promise<never>(() => undefined);
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => time.sleep(ms, signal).then(() => (isDead ? nothing : undefined));
  const ledger: BudgetLedger = { ...world.ledger, settle: (...call) => (isDead ? nothing : world.ledger.settle(...call)) };
  const problems: unknown[] = [];
  const budget = createSharedBudget({ ledger, nowMs: time.clock.nowMs, sleep, log: { warn: (details) => problems.push(details) } });
  const share = budget.join('crm', sharedLimits(concurrency, rates));
  const gate = createRequestGate({ concurrency, rates, nowMs: time.clock.nowMs, sleep, share });
  const request = async (urgency: Urgency = 'bulk', takesMs = 0): Promise<void> => {
    const leave = await gate.enter({ urgency, operation: urgency === 'bulk' ? 'list' : 'get', signal: never });
    if (isDead) return;
    const entry = { by, atMs: time.clock.nowMs(), overMs: Number.POSITIVE_INFINITY, urgency };
    sent.push(entry);
    await time.sleep(takesMs, never);
    entry.overMs = time.clock.nowMs();
    if (!isDead) leave();
  };
  let isStopped = false;
  /** As many requests as the gate lets out, so many at once, until `stop`. */
  const flood = (workers: number, takesMs = 0, pauseMs = 0): void => {
    isStopped = false;
    for (let worker = 0; worker < workers; worker += 1)
      void (async () => {
        while (!isStopped && !isDead) {
          await request('bulk', takesMs);
          await time.sleep(pauseMs, never);
        }
      })();
  };
  return {
    gate,
    budget,
    problems,
    request,
    flood,
    stop: () => {
      isStopped = true;
    },
    kill: () => {
      isDead = true;
    },
  };
};

export const mostWithin = (timesMs: readonly number[], perMs: number): number => {
  const sorted = timesMs.toSorted((left, right) => left - right);
  let most = 0;
  let from = 0;
  sorted.forEach((timeMs, position) => {
    while ((sorted[from] ?? 0) <= timeMs - perMs) from += 1;
    most = Math.max(most, position - from + 1);
  });
  return most;
};
export const mostAtOnce = ({ sent }: World): number =>
  Math.max(0, ...sent.map(({ atMs }) => sent.filter((other) => other.atMs <= atMs && other.overMs > atMs).length));
export const countOf = ({ sent }: World, by: number, fromMs = 0): number =>
  sent.filter((one) => one.by === by && one.atMs >= fromMs).length;
