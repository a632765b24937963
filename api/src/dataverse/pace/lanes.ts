/** Until Dataverse has said how many requests it wants at once (`x-ms-dop-hint`), few: Microsoft's advice is to start low. */
const lanesBeforeHint = 4;
/** Another lane must bring at least this part of what its share would be, or it is not worth its load on the server. */
const worthwhile = 0.25;
/** Rounds that a limit which did not pay is left alone. */
const roundsOfRest = 12;
/** Fewer answers say more about chance than about the service. */
const fewestAnswersInRound = 8;

/**
 * How many bulk requests one user has under way. Starts at Dataverse's hint; each round of answers adds a lane while that brings more
 * rows a second, and takes one away when it brought none; a refusal for too many at once halves it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
 */
export class Lanes {
  readonly #most: number;
  #hint: number | null = null;
  #count: number;
  #answers = 0;
  #msPerUnit = 0;
  #roundBefore: { readonly lanes: number; readonly unitsPerMs: number } | null = null;
  #rest = 0;

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
    this.#set(Math.floor(this.#count / 2));
    this.#rest = 0;
  }

  /** A bulk request was answered; `msPerUnit` is its duration by row, and `most` what the budgets leave us at present. */
  answered(msPerUnit: number, most: number): void {
    this.#answers += 1;
    this.#msPerUnit += (msPerUnit - this.#msPerUnit) / this.#answers;
    if (this.#answers < Math.max(this.#count, fewestAnswersInRound)) return;
    const round = { lanes: this.#count, unitsPerMs: this.#count / Math.max(this.#msPerUnit, 1e-6) };
    const before = this.#roundBefore;
    const added = before === null ? 0 : round.lanes - before.lanes;
    const gained = before === null ? 0 : round.unitsPerMs - before.unitsPerMs;
    // What a lane more would bring if the service took no notice of it.
    const share = before === null ? 0 : before.unitsPerMs / before.lanes;
    if (added > 0 && gained < worthwhile * added * share) {
      this.#set(this.#count - 1);
      this.#rest = roundsOfRest;
    } else if (this.#rest > 0) {
      this.#rest -= 1;
      this.#set(this.#count);
    } else this.#set(Math.min(this.#count + 1, Math.max(most, this.#count)));
    this.#roundBefore = round;
  }

  #set(count: number): void {
    this.#count = Math.min(this.#most, Math.max(1, count));
    this.#answers = 0;
    this.#msPerUnit = 0;
    this.#roundBefore = null;
  }
}
