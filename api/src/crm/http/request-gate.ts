import type { BudgetShare, GateUse } from '../budget/budget-share.ts';
import type { ToldQuota } from '../budget/types.ts';
import type { OperationName } from '../manifest/schema/parts.ts';
import type { Urgency } from '../types.ts';
import { createRateWindow, type RateLimit, type RateWindow } from './rate-window.ts';

export type { RateLimit } from './rate-window.ts';

export interface GateOptions {
  readonly concurrency: number;
  readonly rates: readonly RateLimit[];
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How much of the limits is ours, where other processes ask the same CRM; all of it when left out. */
  readonly share?: BudgetShare | undefined;
}

export interface Entry {
  readonly urgency: Urgency;
  readonly operation?: OperationName;
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly urgency: Urgency;
  readonly operation: OperationName | undefined;
  readonly windows: readonly RateWindow[];
  readonly sinceMs: number;
  readonly enter: () => void;
  readonly refuse: (error: Error) => void;
}

/** In this order they go, and those of one kind in the order in which they came. */
const order: readonly Urgency[] = ['person', 'webhook', 'bulk'];
/** When nothing of a kind has gone for so long, its oldest goes next, whoever else waits: so nothing waits for ever. */
const patienceMs = 30_000;
/** Of limits that count for longer than this, a tenth is left to whoever waits in person: they should not wait for a spent hour to end. */
const shortWindowMs = 5_000;
const fewestToKeepFrom = 5;
const personsShare = 0.1;

const keptForPersons = ({ perMs }: RateLimit, part: number): number =>
  perMs > shortWindowMs && part >= fewestToKeepFrom ? Math.ceil(part * personsShare) : 0;

/** What no person ever waits for: a limit on such requests alone has nothing to keep for them. */
const askedByRuns: ReadonlySet<OperationName> = new Set(['list', 'changes', 'deletes', 'sweep', 'count', 'bulk']);
const servesPersons = ({ on }: RateLimit): boolean => on === undefined || on.some((operation) => !askedByRuns.has(operation));

/** Lets requests out to one CRM: so many at a time, so many in a time, none while the CRM wants rest; the most urgent first. */
export interface RequestGate {
  /** Resolves to the function that leaves again. Rejects with the signal’s reason; then nothing of the budget is used. */
  enter(entry: Entry): Promise<() => void>;
  /** Nobody goes before then: the CRM has said so, or is failing. */
  rest(untilMs: number): void;
  /** Only what a person waits for goes before then: the rest of the budget is kept. */
  spare(untilMs: number): void;
  /** What the CRM has said of its budgets, for the admin. */
  told(quotas: readonly ToldQuota[]): void;
  /** How long such a request does not go for those reasons. */
  restsForMs(urgency: Urgency): number;
}

export const createRequestGate = ({ concurrency, rates, nowMs, sleep, share }: GateOptions): RequestGate => {
  const windows = rates.map(createRateWindow);
  const waiting: Readonly<Record<Urgency, Set<Waiter>>> = { person: new Set(), webhook: new Set(), bulk: new Set() };
  const lastWentMs: Record<Urgency, number> = {
    person: Number.NEGATIVE_INFINITY,
    webhook: Number.NEGATIVE_INFINITY,
    bulk: Number.NEGATIVE_INFINITY,
  };
  let running = 0;
  /** In all, since the process began. */
  let sent = 0;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let spareUntilMs = Number.NEGATIVE_INFINITY;
  let alarm: { readonly dueMs: number; readonly off: AbortController } | null = null;

  const lanes = (): number => (share === undefined ? concurrency : share.allowed(0));
  const shareOf = (window: RateWindow): { readonly allowed: number; readonly part: number } => {
    if (share === undefined) return { allowed: window.limit.requests, part: window.limit.requests };
    const position = windows.indexOf(window) + 1;
    return { allowed: share.allowed(position), part: share.part(position) };
  };
  const rest = (untilMs: number): void => {
    restUntilMs = Math.max(restUntilMs, untilMs);
  };
  const spare = (untilMs: number): void => {
    spareUntilMs = Math.max(spareUntilMs, untilMs);
  };
  const quietUntilMs = (urgency: Urgency): number => (urgency === 'person' ? restUntilMs : Math.max(restUntilMs, spareUntilMs));

  /** When its limits let it go; that all places are taken is another matter. */
  const freeAtMs = ({ urgency, windows: counting }: Waiter, { isOverdue }: { readonly isOverdue: boolean }): number => {
    const times = counting.map((window) => {
      const { allowed, part } = shareOf(window);
      const kept = urgency === 'person' || isOverdue || !servesPersons(window.limit) ? 0 : keptForPersons(window.limit, part);
      return window.freeAtMs(Math.min(allowed, part - kept));
    });
    return Math.max(quietUntilMs(urgency), ...times);
  };

  /** From then on it goes before all others: nothing of its kind has gone for too long, though the CRM would have let it. */
  const overdueAtMs = ({ urgency, sinceMs }: Waiter): number =>
    urgency === 'person' ? Number.POSITIVE_INFINITY : Math.max(sinceMs, lastWentMs[urgency], quietUntilMs(urgency)) + patienceMs;

  const oldestOf = (urgency: Urgency): Waiter | undefined => waiting[urgency].values().next().value;

  /** Who stands first in each line, for every kind of request: a limit may count some kinds only. */
  const atTheFront = (): readonly Waiter[] =>
    order.flatMap((urgency) => {
      const first = new Map<OperationName | undefined, Waiter>();
      for (const waiter of waiting[urgency]) if (!first.has(waiter.operation)) first.set(waiter.operation, waiter);
      return [...first.values()];
    });

  /** null when nobody may go now. */
  const nextToGo = (now: number): Waiter | null => {
    const reserved = new Set<RateWindow>();
    for (const waiter of order.map(oldestOf)) {
      if (waiter === undefined || overdueAtMs(waiter) > now) continue;
      if (freeAtMs(waiter, { isOverdue: true }) <= now) return waiter;
      for (const window of waiter.windows) reserved.add(window);
    }
    const mayGo = (waiter: Waiter): boolean =>
      !waiter.windows.some((window) => reserved.has(window)) && freeAtMs(waiter, { isOverdue: false }) <= now;
    return atTheFront().find(mayGo) ?? null;
  };

  /** When somebody may go because time has passed, rather than because somebody has left. */
  const nextTimeMs = (now: number): number => {
    const overdue = order
      .map(oldestOf)
      .filter((waiter) => waiter !== undefined)
      .map((waiter) => Math.max(overdueAtMs(waiter), freeAtMs(waiter, { isOverdue: true })));
    const usual = atTheFront().map((waiter) => freeAtMs(waiter, { isOverdue: false }));
    return Math.min(...[...overdue, ...usual].filter((timeMs) => timeMs > now));
  };

  /** `now` is when nobody was found to go: who may go by a later moment has no other alarm than this one. */
  const setAlarm = (now: number): void => {
    const dueMs = running < lanes() ? nextTimeMs(now) : Number.POSITIVE_INFINITY;
    if (alarm?.dueMs === dueMs) return;
    alarm?.off.abort();
    alarm = null;
    if (!Number.isFinite(dueMs)) return;
    const set = { dueMs, off: new AbortController() };
    alarm = set;
    const ring = (): void => {
      if (alarm !== set) return;
      alarm = null;
      admitWhoMay();
    };
    sleep(Math.max(0, dueMs - nowMs()), set.off.signal).then(ring, () => undefined);
  };

  const admitWhoMay = (): void => {
    let now = nowMs();
    for (; running < lanes(); now = nowMs()) {
      const waiter = nextToGo(now);
      if (waiter === null) break;
      waiting[waiter.urgency].delete(waiter);
      lastWentMs[waiter.urgency] = now;
      for (const window of waiter.windows) window.take(now);
      running += 1;
      sent += 1;
      waiter.enter();
    }
    setAlarm(now);
    share?.touch();
  };

  const use = (): GateUse => {
    const now = nowMs();
    const all = order.flatMap((urgency) => [...waiting[urgency]]);
    return {
      sent,
      isPersonWaiting: waiting.person.size > 0,
      limits: [
        { used: running, waiting: all.length },
        ...windows.map((window) => ({
          used: window.used(now),
          waiting: all.filter((waiter) => waiter.windows.includes(window)).length,
        })),
      ],
    };
  };
  const refusePersons = (error: Error): void => {
    for (const waiter of waiting.person) waiter.refuse(error);
    waiting.person.clear();
  };
  share?.serve({ use, changed: admitWhoMay, rest, spare, refusePersons });

  return {
    enter: ({ urgency, operation, signal }) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      return new Promise((resolve, reject) => {
        let hasLeft = false;
        const leave = (): void => {
          if (hasLeft) return;
          hasLeft = true;
          running -= 1;
          admitWhoMay();
        };
        const onAbort = (): void => {
          waiting[urgency].delete(waiter);
          reject(signal.reason as Error);
          // Others may have stood behind it.
          admitWhoMay();
        };
        const waiter: Waiter = {
          urgency,
          operation,
          windows: windows.filter((window) => window.counts(operation)),
          sinceMs: nowMs(),
          enter: () => {
            signal.removeEventListener('abort', onAbort);
            resolve(leave);
          },
          refuse: (error) => {
            signal.removeEventListener('abort', onAbort);
            reject(error);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting[urgency].add(waiter);
        admitWhoMay();
      });
    },
    rest(untilMs) {
      rest(untilMs);
      share?.rest(untilMs - nowMs());
    },
    spare(untilMs) {
      spare(untilMs);
      share?.spare(untilMs - nowMs());
    },
    told: (quotas) => share?.told(quotas),
    restsForMs: (urgency) => Math.max(0, quietUntilMs(urgency) - nowMs()),
  };
};
