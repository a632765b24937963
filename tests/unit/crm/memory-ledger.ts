import type { BudgetLedger, BudgetLook, BudgetWord, ToldQuota } from '../../../api/src/crm/budget/types.ts';

/** What comes over a call of the ledger: it takes so long, and fails before or after its word is kept. */
export interface LedgerCall {
  readonly takesMs: number;
  readonly fails: 'before' | 'after' | null;
}

export interface MemoryLedgerOptions {
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly next?: () => LedgerCall;
}

const never = new AbortController().signal;

/** The ledger’s promises without a database: one source, on a clock that a test moves. */
export const createMemoryLedger = ({ nowMs, sleep, next }: MemoryLedgerOptions): BudgetLedger & { readonly calls: () => number } => {
  const words = new Map<string, { readonly word: BudgetWord; readonly leasedUntilMs: number }>();
  let restUntilMs = 0;
  let spareUntilMs = 0;
  let sentToday = 0;
  let told: readonly ToldQuota[] = [];
  let toldOnMs: number | null = null;
  let calls = 0;
  const stateFor = (memberId: string | null) => ({
    members: [...words]
      .filter(([id]) => id !== memberId)
      .map(([id, { word, leasedUntilMs }]) => ({ id, ...word, leasedForMs: leasedUntilMs - nowMs() })),
    nowMs: nowMs(),
    restsForMs: Math.max(0, restUntilMs - nowMs()),
    sparesForMs: Math.max(0, spareUntilMs - nowMs()),
  });
  return {
    calls: () => calls,
    async settle(_sourceId, memberId, decide) {
      calls += 1;
      const { takesMs, fails } = next?.() ?? { takesMs: 0, fails: null };
      if (takesMs > 0) await sleep(takesMs, never);
      if (fails === 'before') throw new Error('the ledger is away');
      const word = decide(stateFor(memberId));
      words.set(memberId, { word, leasedUntilMs: nowMs() + word.leaseMs });
      if (word.restMs > 0) restUntilMs = Math.max(restUntilMs, nowMs() + word.restMs);
      if (word.spareMs > 0) spareUntilMs = Math.max(spareUntilMs, nowMs() + word.spareMs);
      sentToday += word.sent;
      if (word.told !== null) {
        told = word.told;
        toldOnMs = nowMs();
      }
      if (takesMs > 0) await sleep(takesMs, never);
      if (fails === 'after') throw new Error('the answer of the ledger was lost');
    },
    look: async (): Promise<BudgetLook> => ({ ...stateFor(null), day: '2026-11-26', sentToday, told, toldOnMs }),
  };
};
