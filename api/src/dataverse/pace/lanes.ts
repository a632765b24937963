/** Until Dataverse has said how many requests it wants at once (`x-ms-dop-hint`), few: Microsoft's advice is to start low. */
const lanesBeforeHint = 4;
/** Until one did not pay, or too many were refused, a round adds this part of the lanes: from 4 to 50 in 13 rounds instead of 46. */
const startingStep = 0.25;
/** Another lane must bring at least this part of what its share would be, or it is not worth its load on the server. */
const worthwhile = 0.25;
/** Rounds that a limit which did not pay is left alone. */
const roundsOfRest = 12;
/** Fewer answers say more about chance than about the service. */
const fewestAnswersInRound = 8;

interface Round {
  readonly lanes: number;
  readonly unitsPerMs: number;
}

/** Lanes that were added should bring a part of what they would bring if the service took no notice of them. */
const isWorthIt = (before: Round, after: Round): boolean => {
  const added = after.lanes - before.lanes;
  return added <= 0 || after.unitsPerMs - before.unitsPerMs >= (worthwhile * added * before.unitsPerMs) / before.lanes;
};

/**
 * How many bulk requests one user has under way. Starts at Dataverse's hint; each round of answers adds a lane (at the start several)
 * while that brings more rows a second, and takes away what brought none; a refusal for too many at once halves it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
 */
export class Lanes {
  readonly #most: number;
  #hint: number | null = null;
  #count: number;
  #answers = 0;
  #msPerUnit = 0;
  #roundBefore: Round | null = null;
  #rest = 0;
  #isStarting = true;

  constructor(most: number) {
    this.#most = Math.max(1, Math.floor(most));
    this.#count = Math.min(lanesBeforeHint, this.#most);
  }

  get count(): number {
    return this.#count;
  }

  /** What Dataverse recommends, or what we began with. */
  get hint(): number {
    return Math.min(this.#most, this.#hint ?? lanesBeforeHint);
  }

  /** The first is where to start; a later one moves us by as much as it moved. */
  hinted(lanes: number): void {
    const hint = Math.max(1, Math.floor(lanes));
    if (hint === this.#hint) return;
    this.#set(this.#hint === null ? hint : this.#count + hint - this.#hint);
    this.#hint = hint;
  }

  /** Too many at once. All that are under way are refused at the same moment: the caller counts them as one. */
  refused(): void {
    this.#isStarting = false;
    this.#set(Math.floor(this.#count / 2));
    this.#rest = 0;
  }

  /** A bulk request was answered; `msPerUnit` is its duration by row, and `most` what the budgets leave us at present. */
  answered(msPerUnit: number, most: number): void {
    this.#answers += 1;
    this.#msPerUnit += (msPerUnit - this.#msPerUnit) / this.#answers;
    if (this.#answers < Math.max(this.#count, fewestAnswersInRound)) return;
    const round: Round = { lanes: this.#count, unitsPerMs: this.#count / Math.max(this.#msPerUnit, 1e-6) };
    const before = this.#roundBefore;
    if (before !== null && !isWorthIt(before, round)) {
      this.#isStarting = false;
      this.#set(before.lanes);
      this.#rest = roundsOfRest;
    } else if (this.#rest > 0) {
      this.#rest -= 1;
      this.#set(this.#count);
    } else {
      const step = this.#isStarting ? Math.max(1, Math.floor(this.#count * startingStep)) : 1;
      this.#set(Math.min(this.#count + step, Math.max(most, this.#count)));
    }
    this.#roundBefore = round;
  }

  #set(count: number): void {
    this.#count = Math.min(this.#most, Math.max(1, count));
    this.#answers = 0;
    this.#msPerUnit = 0;
    this.#roundBefore = null;
  }
}
