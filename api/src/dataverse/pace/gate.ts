import { untilAborted } from '../abort.ts';
import type { Clock, Lane, Sleep } from '../runtime.ts';
import type { Facet } from './facet.ts';
import type { UserPace } from './user-pace.ts';

/** Who takes part: an application user with a pace of its own. */
export interface PacedUser {
  readonly pace: UserPace;
}

type Admission<User> = { readonly kind: 'admitted'; readonly user: User } | { readonly kind: 'paused' };

interface Waiter<User> {
  readonly settle: (admission: Admission<User>) => void;
  /** What it was told, in case it stopped listening in the same turn. */
  admission: Admission<User> | null;
}

/** A wait worth telling somebody of, and how often the same one is told. */
const longWaitMs = 5_000;
const toldEveryMs = 60_000;

export interface Place<User> {
  readonly user: User;
  leave(): void;
}

/**
 * The one door to Dataverse: how many requests are under way, who goes first, as which application user, and when nobody may go because
 * Dataverse said so. Several users share the work, each at its own pace.
 */
export class Gate<User extends PacedUser> {
  readonly #users: readonly User[];
  readonly #clock: Clock;
  readonly #sleep: Sleep;
  readonly #waiting: Record<Lane, Set<Waiter<User>>> = { interactive: new Set(), bulk: new Set() };
  readonly #onLongWait: (waitMs: number) => void;
  #alarm: { readonly dueMs: number; readonly off: AbortController } | null = null;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: {
    readonly users: readonly User[];
    readonly clock: Clock;
    readonly sleep: Sleep;
    /** Bulk requests wait so long for room in the five minutes; told once a minute. */
    readonly onLongWait?: (waitMs: number) => void;
  }) {
    this.#users = options.users;
    this.#clock = options.clock;
    this.#sleep = options.sleep;
    this.#onLongWait = options.onLongWait ?? (() => undefined);
  }

  get users(): readonly User[] {
    return this.#users;
  }

  get bulkLanes(): number {
    return this.#users.reduce((sum, { pace }) => sum + pace.bulkLanes, 0);
  }

  get freeBulkLanes(): number {
    return Math.max(0, this.#users.reduce((sum, { pace }) => sum + pace.freeBulkLanes, 0) - this.#waiting.bulk.size);
  }

  /** Milliseconds until Dataverse takes requests again, of whichever user; 0 when it does now. */
  get pausedForMs(): number {
    return Math.min(...this.#users.map(({ pace }) => pace.pausedForMs));
  }

  /** Milliseconds until bulk requests that wait have room in the five minutes that Dataverse counts; 0: none waits for that. */
  get bulkWaitsForMs(): number {
    if (this.#waiting.bulk.size === 0) return 0;
    const soonest = Math.min(...this.#users.map(({ pace }) => pace.msUntilFree('bulk')));
    return Number.isFinite(soonest) ? soonest : 0;
  }

  hinted(user: User, lanes: number): void {
    user.pace.hinted(lanes);
    this.#admitWhoFits();
  }

  /** Dataverse refused this user's request with a 429. */
  refused(user: User, facet: Facet, retryAfterMs: number): void {
    user.pace.refused(facet, retryAfterMs);
    for (const other of this.#users) if (other !== user) other.pace.learnFrom(user.pace);
    if (this.pausedForMs === 0) return;
    // Who waits in the queue must hear of it: a person who clicked is told rather than kept.
    for (const waiting of Object.values(this.#waiting)) {
      for (const waiter of waiting) waiter.settle({ kind: 'paused' });
      waiting.clear();
    }
  }

  /** Resolves when the request may go; `leave` must follow. `onPause` hears of each wait that Dataverse asked for and may throw to refuse it. */
  async enter(lane: Lane, signal: AbortSignal, onPause: (waitMs: number) => void): Promise<Place<User>> {
    signal.throwIfAborted();
    for (;;) {
      const pausedForMs = this.pausedForMs;
      if (pausedForMs > 0) {
        onPause(pausedForMs);
        await this.#sleep(pausedForMs, signal);
        continue;
      }
      const admission = await this.#queue(lane, signal);
      if (admission.kind === 'admitted') return this.#placeOf(admission.user, lane);
    }
  }

  #placeOf(user: User, lane: Lane): Place<User> {
    return {
      user,
      leave: () => {
        user.pace.leave(lane);
        this.#admitWhoFits();
      },
    };
  }

  async #queue(lane: Lane, signal: AbortSignal): Promise<Admission<User>> {
    const user = this.#waiting[lane].size === 0 ? this.#freeUser(lane) : null;
    if (user !== null) {
      user.pace.start(lane);
      return { kind: 'admitted', user };
    }
    const { promise, resolve } = Promise.withResolvers<Admission<User>>();
    const waiter: Waiter<User> = {
      settle: (admission) => {
        waiter.admission = admission;
        resolve(admission);
      },
      admission: null,
    };
    this.#waiting[lane].add(waiter);
    // Room that came with time may be there before the alarm has rung for it: then those who came before go now.
    this.#admitWhoFits();
    this.#tellOfLongWait();
    try {
      return await untilAborted(promise, signal);
    } catch (error) {
      this.#waiting[lane].delete(waiter);
      // Admitted and aborted in the same turn: the place goes to the next.
      if (waiter.admission?.kind === 'admitted') this.#placeOf(waiter.admission.user, lane).leave();
      this.#setAlarm();
      throw error;
    }
  }

  /** Bulk goes where there is most room; a click to whom bulk has used up least. */
  #freeUser(lane: Lane): User | null {
    const free = this.#users.filter(({ pace }) => pace.msUntilFree(lane) === 0);
    const [first] = free;
    if (first === undefined) return null;
    const isBetter = ({ pace }: User, than: User): boolean =>
      lane === 'bulk' ? pace.freeBulkLanes > than.pace.freeBulkLanes : pace.usedShare < than.pace.usedShare;
    return free.reduce((best, user) => (isBetter(user, best) ? user : best), first);
  }

  #admitWhoFits(): void {
    for (const lane of ['interactive', 'bulk'] as const) {
      for (const waiter of this.#waiting[lane]) {
        const user = this.#freeUser(lane);
        if (user === null) break;
        this.#waiting[lane].delete(waiter);
        user.pace.start(lane);
        waiter.settle({ kind: 'admitted', user });
      }
    }
    this.#setAlarm();
  }

  #tellOfLongWait(): void {
    const waitMs = this.bulkWaitsForMs;
    const nowMs = this.#clock.nowMs();
    if (waitMs < longWaitMs || nowMs - this.#toldMs < toldEveryMs) return;
    this.#toldMs = nowMs;
    this.#onLongWait(waitMs);
  }

  /**
   * Room that comes with time and not with somebody's leaving is looked for when it is due; at once, when it came since it was last
   * looked for: nobody else would.
   */
  #setAlarm(): void {
    const waits = (['interactive', 'bulk'] as const)
      .filter((lane) => this.#waiting[lane].size > 0)
      .flatMap((lane) => this.#users.map(({ pace }) => pace.msUntilFree(lane)))
      .filter((waitMs) => waitMs !== Number.POSITIVE_INFINITY);
    const dueMs = this.#clock.nowMs() + Math.min(...waits);
    if (this.#alarm !== null && this.#alarm.dueMs <= dueMs && waits.length > 0) return;
    this.#alarm?.off.abort();
    this.#alarm = null;
    if (waits.length === 0) return;
    const alarm = { dueMs, off: new AbortController() };
    this.#alarm = alarm;
    const ring = (): void => {
      if (this.#alarm !== alarm) return;
      this.#alarm = null;
      this.#admitWhoFits();
    };
    this.#sleep(Math.min(...waits), alarm.off.signal).then(ring, () => undefined);
  }
}
