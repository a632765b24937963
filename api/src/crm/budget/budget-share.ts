import { decideShare, type OwnClaim, type Share } from './decide-share.ts';
import type { SharedLimit } from './limits.ts';
import type { BudgetLedger, BudgetWord, ToldQuota } from './types.ts';

/** How a gate uses its limits: requests under way first, then each rate. */
export interface GateUse {
  /** Requests in all since the process began. */
  readonly sent: number;
  readonly isPersonWaiting: boolean;
  readonly limits: readonly { readonly used: number; readonly waiting: number }[];
}

/** The gate whose limits are shared. */
export interface SharingGate {
  use(): GateUse;
  /** Its share has become another one. */
  changed(): void;
  rest(untilMs: number): void;
  spare(untilMs: number): void;
  /** The share cannot be known: who waits in person is told so. */
  refusePersons(error: Error): void;
}

/** What one process may use of a CRM's limits. */
export interface BudgetShare {
  serve(gate: SharingGate): void;
  /** By the position of the limit; 0 while it is not known. */
  allowed(position: number): number;
  /** Our whole part of it, of which we may have asked for a portion only. */
  part(position: number): number;
  /** Somebody has come, gone or left; costs next to nothing. */
  touch(): void;
  /** The CRM wants rest for so long: all processes keep to it. */
  rest(ms: number): void;
  spare(ms: number): void;
  /** What the CRM has said of its budgets. */
  told(quotas: readonly ToldQuota[]): void;
}

export interface ShareTimings {
  /** How often a process that makes requests says what it uses, and hears of the others. */
  readonly beatMs: number;
  /** So long its word counts, also when it is silent. */
  readonly leaseMs: number;
  /** Without requests for so long it leaves its share to the others. */
  readonly idleMs: number;
  /** Somebody waits for more: it asks as often. */
  readonly leastGapMs: number;
}

export const usualShareTimings: ShareTimings = { beatMs: 1_000, leaseMs: 20_000, idleMs: 10_000, leastGapMs: 200 };

export interface ShareOptions {
  readonly sourceId: string;
  readonly memberId: string;
  readonly limits: readonly SharedLimit[];
  readonly ledger: BudgetLedger;
  readonly nowMs: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly warn: (error: unknown) => void;
  readonly timings: ShareTimings;
}

/** While the ledger is asked, requests go on: a tenth more than were under way, so that what we tell it stays true. */
const meanwhile = 0.1;
/** As many as were used, and some to grow by: a process that does more asks for more a second later. */
const growth = 1.25;

const noGate: SharingGate = {
  use: () => ({ sent: 0, isPersonWaiting: false, limits: [] }),
  changed: () => undefined,
  rest: () => undefined,
  spare: () => undefined,
  refusePersons: () => undefined,
};

/**
 * The part of a CRM's budget that is this process's at present. Every second, while it makes requests, it says in the ledger how much
 * of each limit it uses and wants, and takes what is its own by what the others say; between two such moments no request asks anybody.
 * A process that is silent for the lease is taken for dead, and itself stops then: its share is another's.
 */
export const createBudgetShare = (options: ShareOptions): BudgetShare & { close(): Promise<void> } => {
  const { sourceId, memberId, limits, ledger, nowMs, sleep, warn, timings } = options;
  let isClosing = false;
  let gate = noGate;
  let shares: readonly Share[] = [];
  /** While the ledger is asked, and after it failed: what we may reach without making untrue what it may have been told. */
  let caps: readonly number[] | null = null;
  let leasedUntilMs = Number.NEGATIVE_INFINITY;
  let lastActiveMs = Number.NEGATIVE_INFINITY;
  let lastSettledMs = Number.NEGATIVE_INFINITY;
  let countedSent = 0;
  let publishedSent = 0;
  let mostAtOnce = 0;
  let toRest = { restMs: 0, spareMs: 0 };
  let lastTold: readonly ToldQuota[] | null = null;
  let beating: Promise<void> | null = null;
  let nap = new AbortController();

  const isLeased = (): boolean => nowMs() < leasedUntilMs;
  const allowed = (position: number): number => {
    if (!isLeased()) return 0;
    const share = shares[position]?.allowed ?? 0;
    return Math.min(share, caps?.[position] ?? share);
  };
  const isPartial = (position: number): boolean => {
    const share = shares[position];
    return share !== undefined && share.allowed < share.part;
  };
  const isBusy = ({ sent, limits: [atOnce] }: GateUse): boolean =>
    sent > countedSent || (atOnce !== undefined && atOnce.used + atOnce.waiting > 0);

  const wantsOf = (use: GateUse, position: number): number => {
    const { size } = limits[position] ?? { size: 0 };
    const { used, waiting } = use.limits[position] ?? { used: 0, waiting: 0 };
    if (waiting > 0) return size;
    return Math.min(size, Math.ceil((position === 0 ? Math.max(used, mostAtOnce) : used) * growth) + 1);
  };

  /** What we say, and what we take by it. */
  const wordOf = (use: GateUse, isAsking: boolean, taken: readonly Share[]): BudgetWord => {
    const byName = (valueOf: (position: number) => number) =>
      Object.fromEntries(limits.map(({ name }, position) => [name, valueOf(position)]));
    return {
      holds: byName((position) => taken[position]?.held ?? 0),
      used: byName((position) => use.limits[position]?.used ?? 0),
      wants: isAsking ? byName((position) => wantsOf(use, position)) : {},
      isPersonWaiting: use.isPersonWaiting,
      // Who asks for nothing is no member; what it used is counted for as long as the CRM does.
      leaseMs: isAsking ? timings.leaseMs : 0,
      keepMs: Math.max(...limits.map(({ perMs }) => perMs)),
      sent: use.sent - publishedSent,
      ...toRest,
      told: lastTold,
    };
  };

  const settle = async (isAsking: boolean): Promise<void> => {
    const askedMs = nowMs();
    const use = gate.use();
    caps = limits.map((_limit, position) => {
      const { used } = use.limits[position] ?? { used: 0 };
      return isAsking ? Math.max(used, Math.min(allowed(position), used + Math.ceil(allowed(position) * meanwhile))) : used;
    });
    const own: OwnClaim = {
      id: memberId,
      uses: caps.map((used, position) => ({ used, wants: isAsking ? wantsOf(use, position) : 0 })),
      isPersonWaiting: use.isPersonWaiting,
    };
    const said = { toRest, lastTold };
    let taken: readonly Share[] = [];
    let heard = { restsForMs: 0, sparesForMs: 0 };
    await ledger.settle(sourceId, memberId, ({ members, nowMs: sharedNowMs, restsForMs, sparesForMs }) => {
      taken = limits.map((limit, position) => decideShare(limit, position, own, members, sharedNowMs));
      heard = { restsForMs, sparesForMs };
      return wordOf(use, isAsking, taken);
    });
    publishedSent = use.sent;
    // What was said meanwhile is said the next time.
    if (toRest === said.toRest) toRest = { restMs: 0, spareMs: 0 };
    if (lastTold === said.lastTold) lastTold = null;
    shares = taken;
    caps = null;
    mostAtOnce = 0;
    leasedUntilMs = isAsking ? askedMs + timings.leaseMs : Number.NEGATIVE_INFINITY;
    if (heard.restsForMs > 0) gate.rest(nowMs() + heard.restsForMs);
    if (heard.sparesForMs > 0) gate.spare(nowMs() + heard.sparesForMs);
    gate.changed();
  };

  const trySettle = async (isAsking: boolean): Promise<void> => {
    try {
      await settle(isAsking);
    } catch (error) {
      warn(error);
      if (!isLeased() && error instanceof Error) gate.refusePersons(error);
    }
    lastSettledMs = nowMs();
  };

  const isActive = (): boolean => {
    const use = gate.use();
    if (isBusy(use)) lastActiveMs = nowMs();
    countedSent = use.sent;
    return nowMs() - lastActiveMs < timings.idleMs;
  };

  /** Ends when nothing has been asked for a while; the next request begins it anew. */
  const beat = async (): Promise<void> => {
    while (!isClosing && isActive()) {
      await trySettle(true);
      if (isClosing) break;
      nap = new AbortController();
      const untilMs = isHurried() ? timings.leastGapMs : timings.beatMs;
      await sleep(untilMs, nap.signal).catch(() => undefined);
    }
    if (isLeased()) await trySettle(false);
  };

  /** Somebody waits for what asking would give: we have no share, or a portion of it, or a person waits for others to make room. */
  const isHurried = (): boolean => {
    const { isPersonWaiting, limits: uses } = gate.use();
    const isShort = (position: number): boolean => {
      const { used, waiting } = uses[position] ?? { used: 0, waiting: 0 };
      return waiting > 0 && used >= allowed(position) && allowed(position) < (limits[position]?.size ?? 0);
    };
    return limits.some((_limit, position) => isShort(position) && (isPersonWaiting || isPartial(position) || !isLeased()));
  };

  const begin = (): void => {
    if (isClosing) return;
    beating ??= beat().finally(() => {
      beating = null;
      // Somebody came while it ended.
      if (!isClosing && isBusy(gate.use())) begin();
    });
  };

  const hurry = (): void => {
    if (beating === null) begin();
    else if (caps === null && nowMs() - lastSettledMs >= timings.leastGapMs) nap.abort();
  };

  return {
    serve: (served) => {
      gate = served;
    },
    allowed,
    part: (position) => shares[position]?.part ?? 0,
    touch: () => {
      const use = gate.use();
      mostAtOnce = Math.max(mostAtOnce, use.limits[0]?.used ?? 0);
      if (!isBusy(use)) return;
      if (beating === null || isHurried()) hurry();
    },
    rest: (ms) => {
      toRest = { ...toRest, restMs: Math.max(toRest.restMs, ms) };
      hurry();
    },
    spare: (ms) => {
      toRest = { ...toRest, spareMs: Math.max(toRest.spareMs, ms) };
      hurry();
    },
    told: (quotas) => {
      lastTold = quotas;
    },
    close: async () => {
      isClosing = true;
      nap.abort();
      await beating;
    },
  };
};
