import { untilAborted } from '../abort.ts';
import { type Clock, type Lane, type Sleep } from '../runtime.ts';
import { type ConcurrencyLimit } from './concurrency-limit.ts';

/** An agent's click finds a free place even while bulk lanes use all of theirs. */
export const interactivePlaces = 2;

interface Waiter {
  readonly admit: () => void;
}

/** The one door to Dataverse: how many requests are under way, who goes first, and when nobody may go because Dataverse said so. */
export class Gate {
  readonly #limit: ConcurrencyLimit;
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #waiting: Record<Lane, Set<Waiter>> = { interactive: new Set(), bulk: new Set() };
  readonly #underWay: Record<Lane, number> = { interactive: 0, bulk: 0 };
  #pausedUntilMs = 0;

  constructor(options: { readonly limit: ConcurrencyLimit; readonly clock: Clock; readonly sleep: Sleep }) {
    this.#limit = options.limit;
    this.#clock = options.clock;
    this.#sleep = options.sleep;
  }

  get bulkLanes(): number {
    return this.#limit.lanes;
  }

  /** Milliseconds until Dataverse takes requests again; 0 when it does now. */
  get pausedForMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.nowMs());
  }

  /** Retry-After of one lane is obeyed by all: Dataverse lengthens it for who keeps pushing. */
  pauseFor(waitMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.nowMs() + waitMs);
    this.#limit.throttled(waitMs);
  }

  hinted(lanes: number): void {
    this.#limit.hinted(lanes);
    this.#admitWhoFits();
  }

  answered(): void {
    this.#limit.answered();
  }

  /** Resolves when the request may go; `leave` must follow. `onPause` hears of each wait that Dataverse asked for and may throw to refuse it. */
  async enter(lane: Lane, signal: AbortSignal, onPause: (waitMs: number) => void): Promise<void> {
    signal.throwIfAborted();
    for (;;) {
      await this.#takePlace(lane, signal);
      const pausedForMs = this.pausedForMs;
      if (pausedForMs === 0) return;
      // Who waits for the pause holds no place, or bulk lanes asleep would shut an agent out when it ends.
      this.leave(lane);
      onPause(pausedForMs);
      await this.#sleep(pausedForMs, signal);
    }
  }

  leave(lane: Lane): void {
    this.#underWay[lane] -= 1;
    this.#admitWhoFits();
  }

  async #takePlace(lane: Lane, signal: AbortSignal): Promise<void> {
    if (this.#waiting[lane].size === 0 && this.#fits(lane)) {
      this.#underWay[lane] += 1;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    let isAdmitted = false;
    const waiter: Waiter = {
      admit: () => {
        isAdmitted = true;
        this.#waiting[lane].delete(waiter);
        this.#underWay[lane] += 1;
        resolve();
      },
    };
    this.#waiting[lane].add(waiter);
    try {
      await untilAborted(promise, signal);
    } catch (error) {
      // Admitted and aborted in the same turn: the place goes to the next.
      if (isAdmitted) this.leave(lane);
      else this.#waiting[lane].delete(waiter);
      throw error;
    }
  }

  #fits(lane: Lane): boolean {
    const total = this.#underWay.bulk + this.#underWay.interactive;
    if (lane === 'bulk') return total < this.#limit.lanes;
    // Their own places stay theirs while bulk requests of a limit that has just been halved are still under way.
    return this.#underWay.interactive < interactivePlaces || total < this.#limit.lanes + interactivePlaces;
  }

  #admitWhoFits(): void {
    for (const lane of ['interactive', 'bulk'] as const) {
      for (const waiter of this.#waiting[lane]) {
        if (!this.#fits(lane)) break;
        waiter.admit();
      }
    }
  }
}
