import { randomUUID } from 'node:crypto';
import { type BudgetShare, createBudgetShare, type ShareTimings, usualShareTimings } from './budget-share.ts';
import type { SharedLimit } from './limits.ts';
import type { BudgetLedger, ToldQuota } from './types.ts';

/** How much of a CRM’s limits all processes together use, as an admin sees it. */
export interface BudgetUse {
  /** `2026-11-26`; days end at midnight UTC. */
  readonly day: string;
  readonly sentToday: number;
  /** Processes that ask this CRM at present. */
  readonly processes: number;
  /** `perMs` 0: at the same time. */
  readonly limits: readonly (SharedLimit & { readonly used: number })[];
  readonly told: readonly ToldQuota[];
  readonly toldOnMs: number | null;
  /** How long the CRM wants rest; 0: it does not. */
  readonly restsForMs: number;
  /** How long only what a person waits for is asked. */
  readonly sparesForMs: number;
}

export interface SharedBudget {
  join(sourceId: string, limits: readonly SharedLimit[]): BudgetShare;
  look(sourceId: string): Promise<BudgetUse>;
  /** Leaves all shares to the other processes. Nothing is sent any more. */
  close(): Promise<void>;
}

export interface SharedBudgetOptions {
  readonly ledger: BudgetLedger;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: { warn(details: object, message: string): void };
  readonly timings?: Partial<ShareTimings>;
}

export const createSharedBudget = ({ ledger, nowMs, sleep, log, timings }: SharedBudgetOptions): SharedBudget => {
  const memberId = randomUUID();
  const joined = new Map<string, { readonly limits: readonly SharedLimit[]; readonly share: ReturnType<typeof createBudgetShare> }>();
  return {
    join(sourceId, limits) {
      const warn = (err: unknown): void => log.warn({ sourceId, err }, 'the request budget of a CRM cannot be shared at present');
      const share = createBudgetShare({
        sourceId,
        memberId,
        limits,
        ledger,
        nowMs,
        sleep,
        warn,
        timings: { ...usualShareTimings, ...timings },
      });
      joined.set(sourceId, { limits, share });
      return share;
    },
    async look(sourceId) {
      const { members, day, sentToday, told, toldOnMs, restsForMs, sparesForMs } = await ledger.look(sourceId);
      const { limits = [] } = joined.get(sourceId) ?? {};
      const usedOf = ({ name, perMs }: SharedLimit): number =>
        members.filter(({ leasedForMs }) => leasedForMs + perMs > 0).reduce((sum, { used }) => sum + (used[name] ?? 0), 0);
      return {
        day,
        sentToday,
        processes: members.filter(({ leasedForMs }) => leasedForMs > 0).length,
        limits: limits.map((limit) => ({ ...limit, used: usedOf(limit) })),
        told,
        toldOnMs,
        restsForMs,
        sparesForMs,
      };
    },
    async close() {
      await Promise.all([...joined.values()].map(({ share }) => share.close()));
    },
  };
};
