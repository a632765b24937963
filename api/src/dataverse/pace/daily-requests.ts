import { AppError } from '../../errors/app-error.ts';
import type { Clock, Lane } from '../runtime.ts';

/** Where the count of all processes together is kept. */
export interface DailyLedger {
  /** Adds to a day (`2026-11-26`, UTC), and gives its total. Durable when it resolves. */
  add(day: string, requests: number): Promise<number>;
}

export interface DailyUse {
  /** `2026-11-26`; days end at midnight UTC. */
  readonly day: string;
  readonly used: number;
  /** null: none is set. */
  readonly limit: number | null;
  readonly resetsOnMs: number;
}

const dayMs = 86_400_000;
/** A crash forgets at most as many; other processes see them this late. */
const mostUnwritten = 10_000;
const mostUnwrittenMs = 5_000;

/** So that nothing need be asked whether there is a ledger: this one forgets when the process ends. */
export const createMemoryLedger = (): DailyLedger => {
  const totals = new Map<string, number>();
  return {
    add: async (day, requests) => {
      const total = (totals.get(day) ?? 0) + requests;
      totals.set(day, total);
      return total;
    },
  };
};

/**
 * Counts what we use of the environment's daily entitlement: every request, and in a bulk message or `$batch` every row. A limit, when
 * one is set, stops bulk work; an agent's click is counted and goes on.
 * https://learn.microsoft.com/power-platform/admin/api-request-limits-allocations
 */
export class DailyRequests {
  readonly #limit: number | null;
  readonly #ledger: DailyLedger;
  readonly #clock: Clock;
  #day = '';
  /** Of all processes, as far as we know. */
  #written = 0;
  #unwritten = 0;
  #writtenOnMs = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;

  constructor(options: { readonly limit: number | null; readonly ledger: DailyLedger; readonly clock: Clock }) {
    this.#limit = options.limit;
    this.#ledger = options.ledger;
    this.#clock = options.clock;
  }

  /** Before a request of so many rows. Throws `dataverse.daily_budget_spent` to a bulk request that would go beyond the limit. */
  async admit(lane: Lane, rows: number): Promise<void> {
    await this.#writeWhenDue();
    if (this.#limit === null || lane === 'interactive') return;
    const used = this.#written + this.#unwritten;
    if (used + rows <= this.#limit) return;
    throw new AppError('dataverse.daily_budget_spent', {
      used,
      limit: this.#limit,
      resetsOn: new Date(this.#resetsOnMs()).toISOString(),
    });
  }

  /** The request is on its way: it counts, whatever comes of it. */
  count(rows: number): void {
    this.#unwritten += rows;
  }

  async use(): Promise<DailyUse> {
    await this.flush();
    return { day: this.#day, used: this.#written + this.#unwritten, limit: this.#limit, resetsOnMs: this.#resetsOnMs() };
  }

  async flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
    return this.#writing;
  }

  async #writeWhenDue(): Promise<void> {
    const isDue =
      this.#today() !== this.#day || this.#unwritten >= mostUnwritten || this.#clock.nowMs() - this.#writtenOnMs >= mostUnwrittenMs;
    if (isDue) await this.flush();
  }

  async #write(): Promise<void> {
    const day = this.#today();
    const requests = this.#unwritten;
    // Taken off before and given back when it fails: what is counted meanwhile is not lost.
    this.#unwritten = 0;
    try {
      this.#written = await this.#ledger.add(day, requests);
      this.#day = day;
      this.#writtenOnMs = this.#clock.nowMs();
    } catch (error) {
      this.#unwritten += requests;
      throw error;
    }
  }

  #today(): string {
    return new Date(this.#clock.nowMs()).toISOString().slice(0, 10);
  }

  #resetsOnMs(): number {
    return (Math.floor(this.#clock.nowMs() / dayMs) + 1) * dayMs;
  }
}
