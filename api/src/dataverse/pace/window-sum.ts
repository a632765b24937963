/** Dataverse counts every facet over a sliding five minutes (api-limits). */
export const windowMs = 300_000;
/** Fine enough to see room within a second, coarse enough that an answer costs one addition. */
const bucketMs = 1_000;
const bucketCount = windowMs / bucketMs;

/** What was used in the last five minutes. O(1) an answer, 300 numbers in all. */
export class WindowSum {
  readonly #buckets = new Float64Array(bucketCount);
  #bucket = Number.NEGATIVE_INFINITY;
  #sum = 0;

  add(nowMs: number, amount: number): void {
    this.#slideTo(nowMs);
    const index = this.#indexOf(this.#bucket);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + amount;
    this.#sum += amount;
  }

  at(nowMs: number): number {
    this.#slideTo(nowMs);
    return this.#sum;
  }

  /** Milliseconds until the sum is at most `most` if nothing is added; 0 when it is now. */
  msUntilAtMost(nowMs: number, most: number): number {
    this.#slideTo(nowMs);
    let left = this.#sum;
    for (let age = bucketCount - 1; age >= 0 && left > most; age -= 1) {
      left -= this.#buckets[this.#indexOf(this.#bucket - age)] ?? 0;
      if (left <= most) return (this.#bucket - age) * bucketMs + windowMs - nowMs;
    }
    return left <= most ? 0 : windowMs;
  }

  #indexOf(bucket: number): number {
    return ((bucket % bucketCount) + bucketCount) % bucketCount;
  }

  #slideTo(nowMs: number): void {
    const bucket = Math.floor(nowMs / bucketMs);
    if (bucket <= this.#bucket) return;
    const passed = Math.min(bucketCount, bucket - this.#bucket);
    for (let step = 0; step < passed; step += 1) this.#buckets[this.#indexOf(bucket - step)] = 0;
    this.#bucket = bucket;
    // Summed anew each second: what is added and taken away a million times does not come out even.
    this.#sum = this.#buckets.reduce((sum, amount) => sum + amount, 0);
  }
}
