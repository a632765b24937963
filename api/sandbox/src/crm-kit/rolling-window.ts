/** A limit of so many requests in any stretch of so long: how both HubSpot and Zendesk count. */
export class RollingWindow {
  readonly intervalMs: number;
  readonly #now: () => Date;
  #takenAtMs: number[] = [];

  constructor({ intervalMs, now }: { readonly intervalMs: number; readonly now: () => Date }) {
    this.intervalMs = intervalMs;
    this.#now = now;
  }

  /** false: the window is full, and this request does not count. */
  take(limit: number): boolean {
    this.#forgetOld();
    if (this.#takenAtMs.length >= limit) return false;
    this.#takenAtMs.push(this.#now().getTime());
    return true;
  }

  remaining(limit: number): number {
    this.#forgetOld();
    return Math.max(0, limit - this.#takenAtMs.length);
  }

  /** Whole seconds until there is room again; at least 1. */
  secondsUntilRoom(): number {
    const [oldestMs] = this.#takenAtMs;
    if (oldestMs === undefined) return 1;
    return Math.max(1, Math.ceil((oldestMs + this.intervalMs - this.#now().getTime()) / 1000));
  }

  clear(): void {
    this.#takenAtMs = [];
  }

  #forgetOld(): void {
    const nowMs = this.#now().getTime();
    const stillCounts = (atMs: number): boolean => atMs > nowMs - this.intervalMs && atMs <= nowMs;
    const [oldestMs] = this.#takenAtMs;
    // A clock that was set back makes "later" times, which would never leave.
    if (oldestMs !== undefined && (!stillCounts(oldestMs) || oldestMs > nowMs)) this.#takenAtMs = this.#takenAtMs.filter(stillCounts);
  }
}
