import { WindowSum, windowMs } from './window-sum.ts';

/** After a refusal we stay this far below what was refused. */
const backOff = 0.03;
/** From there back to what was refused, and as long again until it is tried to go above. */
const plateauMs = 120_000;
/**
 * What is documented is every user's on every web server. Refusals below it are somebody else's doing who works as the same user: what
 * we take is never learned to be less than this part of it, or a busy hour of theirs would stop us for long after it.
 */
const leastPart = 0.1;

/**
 * How much of one facet a user may use in any five minutes. Dataverse does not say: the documented limit holds for each web server, and
 * how many there are is its own affair. So it is learned: nothing is held back until Dataverse refuses; what we had used by then is what
 * it allows. From then on we stay a little below, and feel our way up along a cubic curve (as TCP CUBIC does, RFC 9438): quickly back to
 * where it was refused, long at that height, then faster and faster, in case there is more room now.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export class FacetBudget {
  readonly #used = new WindowSum();
  /** What one web server allows one user, as documented. */
  readonly #least: number;
  #firstUseMs: number | null = null;
  #refusedAt: number | null = null;
  /** Only time in which the budget was what held us back: an hour without work teaches nothing. */
  #pressedForMs = 0;
  #lastUseMs: number | null = null;

  constructor(documentedLeast: number) {
    this.#least = documentedLeast;
  }

  get isLearned(): boolean {
    return this.#refusedAt !== null;
  }

  /** What was used in the last five minutes. */
  usedAt(nowMs: number): number {
    return this.#used.at(nowMs);
  }

  /** What may be used in five minutes; infinite until Dataverse has refused. */
  get amount(): number {
    if (this.#refusedAt === null) return Number.POSITIVE_INFINITY;
    const beyondPlateau = (this.#pressedForMs - plateauMs) / plateauMs;
    // Upwards in steps of what is documented: from a small share that is as soon back there as from a large one.
    const scale = beyondPlateau > 0 ? Math.max(this.#refusedAt, this.#least) : this.#refusedAt;
    return this.#refusedAt + scale * backOff * beyondPlateau ** 3;
  }

  use(nowMs: number, amount: number): void {
    this.#firstUseMs ??= nowMs;
    this.#used.add(nowMs, amount);
    const sinceLastUseMs = nowMs - (this.#lastUseMs ?? nowMs);
    this.#lastUseMs = nowMs;
    // A long silence is no pressure.
    if (this.#used.at(nowMs) >= this.amount * 0.9) this.#pressedForMs += Math.min(sinceLastUseMs, 5_000);
  }

  /**
   * Dataverse refused because of this facet. What we used says what it allows, unless somebody else used it too: another process as the
   * same user, or this one before it was started anew. So one refusal never takes more than half.
   */
  refused(nowMs: number): void {
    this.learn(Math.max(this.#used.at(nowMs), this.#lowestCredible(nowMs)));
  }

  /** What another user of the same environment has learned holds for this one: the limits are the same for all. */
  learn(refusedAt: number): void {
    this.#refusedAt = Math.max(this.#least * leastPart, refusedAt);
    this.#pressedForMs = 0;
  }

  /** Less than half of what is documented was left to us. */
  get #isOthers(): boolean {
    return this.#refusedAt !== null && this.#refusedAt < this.#least / 2;
  }

  #lowestCredible(nowMs: number): number {
    if (this.#refusedAt !== null) return this.amount / 2;
    const sawWholeWindow = this.#firstUseMs !== null && nowMs - this.#firstUseMs >= windowMs;
    return sawWholeWindow ? this.#least / 2 : this.#least;
  }

  /**
   * Milliseconds until `amount` more fits; 0 when it does now. Where most is used by others our own window says little of when there is
   * room: then it need not be empty first, the budget is spread evenly over it.
   */
  msUntilRoomFor(nowMs: number, amount: number): number {
    const most = this.amount - amount;
    if (most === Number.POSITIVE_INFINITY) return 0;
    // One request alone always goes: a budget below it would stop everything.
    const windowWaitMs = this.#used.msUntilAtMost(nowMs, Math.max(0, most));
    if (windowWaitMs === 0 || !this.#isOthers) return windowWaitMs;
    const evenGapMs = windowMs * Math.min(1, amount / this.amount);
    return Math.min(windowWaitMs, Math.max(0, (this.#lastUseMs ?? nowMs) + evenGapMs - nowMs));
  }
}
