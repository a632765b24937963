import type { Clock, Lane } from '../runtime.ts';
import type { Facet } from './facet.ts';
import { FacetBudget } from './facet-budget.ts';
import { Lanes } from './lanes.ts';
import { windowMs } from './window-sum.ts';

/** An agent's click finds a free place even while bulk lanes use all of theirs. */
export const interactivePlaces = 2;

/** What one web server allows one user in five minutes, at the least (api-limits). */
const documented = { requests: 6_000, executionMs: 1_200_000 } as const;
/** As much as any environment allows: until it is used up no more is known, and no more is risked in a hurry. */
const surelyAllowed = 0.9;
/** Beyond what is sure, and above the hint: a lane more only so often, so that a refusal comes when the window has room again soon. */
const msPerLaneBeyondSure = 20_000;
/** A request's cost until one has been answered. */
const usualRequestMs = 250;
const newestWeight = 0.2;

export interface Answered {
  readonly lane: Lane;
  readonly startedMs: number;
  /** Rows in a bulk request; 1 for all others. */
  readonly rows: number;
}

/** Requests of fewer rows take long for what they carry and say nothing about many. */
const fewestTellingRows = 50;

/**
 * How fast one application user may go: how many requests at once, how much in five minutes, and when not at all. Bulk work keeps
 * within what was learned, so that there is always a little left for an agent's click; a click is held up only by a refusal itself.
 */
export class UserPace {
  readonly #clock: Clock;
  readonly #lanes: Lanes;
  readonly #executionMs = new FacetBudget(documented.executionMs);
  readonly #requests = new FacetBudget(documented.requests);
  readonly #underWay: Record<Lane, number> = { bulk: 0, interactive: 0 };
  /** The first user goes ahead and meets the limits first; the others hold back a little until then. */
  readonly #share: number;
  #pausedUntilMs = 0;
  #bulkRequestMs = usualRequestMs;
  #sureUntilMs: number | null = null;

  constructor(options: { readonly mostAtOnce: number; readonly clock: Clock; readonly isFirst: boolean }) {
    this.#clock = options.clock;
    this.#lanes = new Lanes(options.mostAtOnce);
    this.#share = options.isFirst ? 1 : 0.9;
  }

  /** Milliseconds until Dataverse takes this user's requests again; 0 when it does now. */
  get pausedForMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#clock.nowMs());
  }

  /** How many bulk requests at once are worth while and allowed. */
  get bulkLanes(): number {
    return Math.max(1, Math.min(Math.floor(this.#lanes.count * this.#learnersShare), this.#mostLanes()));
  }

  get freeBulkLanes(): number {
    return Math.max(0, this.bulkLanes - this.#underWay.bulk - this.#underWay.interactive);
  }

  /** How much of the execution time that we know of is used, 0 to 1; 0 while nothing is known. */
  get usedShare(): number {
    return this.#executionMs.usedAt(this.#clock.nowMs()) / this.#executionMs.amount;
  }

  /** What has been learned of the execution time allowed; null until Dataverse has refused. */
  get learnedExecutionMs(): number | null {
    return this.#executionMs.isLearned ? this.#executionMs.amount : null;
  }

  /** 0: a request of this lane may go now. Infinity: when another one leaves. Else so many milliseconds from now. */
  msUntilFree(lane: Lane): number {
    const pausedForMs = this.pausedForMs;
    if (pausedForMs > 0) return pausedForMs;
    const total = this.#underWay.bulk + this.#underWay.interactive;
    // Their own places stay theirs while bulk requests of a limit that has just been halved are still under way.
    if (lane === 'interactive') {
      return this.#underWay.interactive < interactivePlaces || total < this.bulkLanes + interactivePlaces ? 0 : Number.POSITIVE_INFINITY;
    }
    if (total >= this.bulkLanes) return Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.nowMs();
    // What is under way will be used too; on average half of each is still to come.
    const expectedMs = this.#bulkRequestMs * (1 + this.#underWay.bulk / 2);
    return Math.max(this.#executionMs.msUntilRoomFor(nowMs, expectedMs), this.#requests.msUntilRoomFor(nowMs, 1 + total));
  }

  start(lane: Lane): void {
    this.#underWay[lane] += 1;
  }

  leave(lane: Lane): void {
    this.#underWay[lane] -= 1;
  }

  hinted(lanes: number): void {
    this.#lanes.hinted(lanes);
  }

  /** An answer that is no 429, good or bad, or a connection that broke: the time was used all the same. */
  used({ lane, startedMs, rows }: Answered): void {
    const nowMs = this.#clock.nowMs();
    const tookMs = Math.max(0, nowMs - startedMs);
    this.#requests.use(nowMs, 1);
    this.#executionMs.use(nowMs, tookMs);
    if (lane !== 'bulk' || rows < fewestTellingRows) return;
    this.#bulkRequestMs += newestWeight * (tookMs - this.#bulkRequestMs);
    this.#lanes.answered(tookMs / rows, this.#mostLanes());
  }

  /** A 429. All that are under way are refused for the same reason at the same time: until the pause ends they count as one. */
  refused(facet: Facet, retryAfterMs: number): void {
    const nowMs = this.#clock.nowMs();
    const isNews = nowMs >= this.#pausedUntilMs;
    this.#requests.use(nowMs, 1);
    // Retry-After of one request is obeyed by all: Dataverse lengthens it for who keeps pushing.
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, nowMs + retryAfterMs);
    if (!isNews) return;
    if (facet === 'executionTime') this.#executionMs.refused(nowMs);
    else if (facet === 'requests') this.#requests.refused(nowMs);
    else this.#lanes.refused();
  }

  /** The limits are the same for every application user. */
  learnFrom(other: UserPace): void {
    if (!this.#executionMs.isLearned && other.#executionMs.isLearned) this.#executionMs.learn(other.#executionMs.amount);
    if (!this.#requests.isLearned && other.#requests.isLearned) this.#requests.learn(other.#requests.amount);
  }

  get #learnersShare(): number {
    return this.#executionMs.isLearned ? 1 : this.#share;
  }

  /**
   * A lane in use is a second of execution in a second. More lanes than the budget has would run into its end and stop, and the gap would
   * come back every five minutes.
   */
  #mostLanes(): number {
    if (this.#executionMs.isLearned) return Math.ceil(this.#executionMs.amount / windowMs);
    const nowMs = this.#clock.nowMs();
    if (this.#executionMs.usedAt(nowMs) < documented.executionMs * surelyAllowed) {
      this.#sureUntilMs = null;
      return Number.POSITIVE_INFINITY;
    }
    this.#sureUntilMs ??= nowMs;
    return this.#lanes.hint + Math.floor((nowMs - this.#sureUntilMs) / msPerLaneBeyondSure);
  }
}
