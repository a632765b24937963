import { type Clock } from '../runtime.ts';

/** Until Dataverse has said how many requests it wants at once (`x-ms-dop-hint`), few: Microsoft's advice is to start low. */
const lanesBeforeHint = 4;

/**
 * How many bulk requests may be under way. Starts at Dataverse's hint, halves when Dataverse throttles, wins one lane back after each
 * round of answers that were not throttled.
 * https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
 */
export class ConcurrencyLimit {
  readonly #clock: Clock;
  readonly #maxLanes: number;
  #ceiling: number;
  #lanes: number;
  #isHalved = false;
  #halvedUntilMs = 0;
  #answersSinceChange = 0;

  constructor(options: { readonly maxLanes: number; readonly clock: Clock }) {
    this.#clock = options.clock;
    this.#maxLanes = Math.max(1, Math.floor(options.maxLanes));
    this.#ceiling = Math.min(lanesBeforeHint, this.#maxLanes);
    this.#lanes = this.#ceiling;
  }

  get lanes(): number {
    return this.#lanes;
  }

  /** Going above the hint makes every request slower, so it is the ceiling. */
  hinted(lanes: number): void {
    this.#ceiling = Math.min(this.#maxLanes, Math.max(1, Math.floor(lanes)));
    this.#lanes = this.#isHalved ? Math.min(this.#lanes, this.#ceiling) : this.#ceiling;
  }

  /** All lanes under way are throttled at the same moment: that counts once, or one burst would take the limit to its floor. */
  throttled(retryAfterMs: number): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#halvedUntilMs) return;
    this.#halvedUntilMs = nowMs + retryAfterMs;
    this.#isHalved = true;
    this.#answersSinceChange = 0;
    this.#lanes = Math.max(1, Math.floor(this.#lanes / 2));
  }

  answered(): void {
    if (!this.#isHalved) return;
    this.#answersSinceChange += 1;
    if (this.#answersSinceChange < this.#lanes) return;
    this.#answersSinceChange = 0;
    this.#lanes += 1;
    this.#isHalved = this.#lanes < this.#ceiling;
    this.#lanes = Math.min(this.#lanes, this.#ceiling);
  }
}
