import { type Outcome, isTaken } from '../crm-kit/delivery-queue.ts';

/** https://developer.zendesk.com/api-reference/webhooks/introduction/#circuit-breaker */
const rules = { intervalMs: 300_000, errorShare: 0.7, errors: 1_000, pauseMs: 5_000 } as const;
/** The page names no least number; a share of one or two requests would say nothing. */
const leastRequests = 10;

/** Opens when most of what a webhook was sent lately failed; while it is open, nothing is sent to it. */
export class CircuitBreaker {
  readonly #now: () => Date;
  #outcomes: { readonly atMs: number; readonly isError: boolean }[] = [];
  #openUntilMs = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#now().getTime() < this.#openUntilMs;
  }

  record(outcome: Outcome): void {
    const nowMs = this.#now().getTime();
    this.#outcomes = this.#outcomes.filter(({ atMs }) => atMs > nowMs - rules.intervalMs);
    this.#outcomes.push({ atMs: nowMs, isError: !isTaken(outcome) });
    const errors = this.#outcomes.filter(({ isError }) => isError).length;
    const isMostly = this.#outcomes.length >= leastRequests && errors / this.#outcomes.length >= rules.errorShare;
    if (!isMostly && errors <= rules.errors) return;
    this.#openUntilMs = nowMs + rules.pauseMs;
    this.#outcomes = [];
  }
}
