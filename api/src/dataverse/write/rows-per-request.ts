/** Below this a request's own cost (about 100 to 200 ms at Dataverse, against about 10 ms a row) is no longer small. */
const fewestWorthSending = 100;
const fewestAfterTimeouts = 10;
const usualMsPerRow = 10;
/** What takes no longer than this is not split: another lane would save less than another request costs. */
const shortRequestMs = 100;
/** Rows that take no longer than this need no lanes beside each other. */
const quickMsPerRow = 1;
/** How much the newest answer counts. */
const newestWeight = 0.2;

/**
 * How many rows go in one bulk request: enough to be cheap, few enough that all lanes have work and SQL does not time out
 * (Microsoft: start with 100 to 1000, shrink at 0x80044151).
 */
export class RowsPerRequest {
  readonly #largest: number;
  readonly #usual: number;
  #bound: number;
  #msPerRow = usualMsPerRow;

  constructor(largest: number) {
    this.#largest = Math.max(1, Math.floor(largest));
    this.#usual = Math.ceil(this.#largest / 2);
    this.#bound = this.#largest;
  }

  /**
   * A page is spread over the free lanes: ten requests of 100 at once are done long before one of 1,000. While all lanes are busy it
   * goes in requests of the usual size, whose own cost is a fiftieth of their rows'. Not so where rows take a fraction of a
   * millisecond, as a service beside us does: there five requests instead of one are 4 µs of our own time a row.
   */
  sizeFor(rowCount: number, freeLanes: number): number {
    const spread = Math.min(this.#usual, Math.ceil(rowCount / Math.max(1, freeLanes)));
    const short = Math.floor(shortRequestMs / this.#msPerRow);
    return Math.min(this.#bound, Math.max(fewestWorthSending, spread, short));
  }

  /** Rows under way that keep so many lanes busy. */
  rowsFor(lanes: number): number {
    return this.#msPerRow < quickMsPerRow ? 0 : lanes * Math.min(this.#bound, this.#usual);
  }

  timedOut(rowCount: number): void {
    this.#bound = Math.min(this.#bound, Math.max(Math.min(fewestAfterTimeouts, this.#largest), Math.floor(rowCount / 2)));
  }

  /** Grows back slowly: a request that times out costs minutes, one that is a tenth too small costs nothing. */
  landed(rowCount: number, tookMs: number): void {
    // A click's single row takes nearly as long as a hundred; it says nothing about a row among many.
    if (rowCount >= fewestWorthSending) this.#msPerRow += newestWeight * (Math.max(tookMs, 1) / rowCount - this.#msPerRow);
    if (rowCount >= this.#bound) this.#bound = Math.min(this.#largest, Math.ceil(this.#bound * 1.1));
  }
}
