import { divide } from './divide.ts';
import type { SharedLimit } from './limits.ts';
import type { BudgetMember } from './types.ts';

/** What we know of one limit ourselves. */
export interface OwnUse {
  /** As many of ours as the CRM can count until the answer is here. */
  readonly used: number;
  readonly wants: number;
}

export interface OwnClaim {
  readonly id: string;
  /** In the order of the limits. */
  readonly uses: readonly OwnUse[];
  readonly isPersonWaiting: boolean;
}

export interface Share {
  /** So many may be ours from now on. */
  readonly allowed: number;
  /** More than that the CRM can count of ours at no time: what others must leave to us. */
  readonly held: number;
  /** What is there for us in all; of a limit that counts for long it is given in portions. */
  readonly part: number;
}

/** Who has nothing else to go by takes a turn of so long, where there is less than one for each. */
const turnMs = 15_000;
/**
 * Of a limit that counts for longer than this a process gets a twentieth at a time: what a process that died had not used is free
 * again at once, and not when the hour is over. A shorter one it gets as a whole, which is back as soon.
 */
const shortLimitMs = 30_000;
const portion = 0.05;

/** What a member holds of a limit: a process that is silent may have sent its last request at the end of its lease. */
const heldBy = ({ holds, leasedForMs }: BudgetMember, { name, perMs }: SharedLimit): number =>
  leasedForMs + perMs > 0 ? (holds[name] ?? 0) : 0;

/**
 * Our share of a limit among those who ask for some of it, and never more than what the others leave: those who had more than their part
 * so far have to say first that they keep to less.
 */
export const decideShare = (limit: SharedLimit, position: number, own: OwnClaim, others: readonly BudgetMember[], nowMs: number): Share => {
  const { used, wants } = own.uses[position] ?? { used: 0, wants: 0 };
  const asking = others.filter(({ leasedForMs }) => leasedForMs > 0);
  const claims = [
    ...asking.map(({ id, wants: all, isPersonWaiting }) => ({ id, wants: all[limit.name] ?? 0, isPersonWaiting })),
    { id: own.id, wants, isPersonWaiting: own.isPersonWaiting },
  ];
  const equalPart = divide(limit.size, claims, Math.floor(nowMs / turnMs)).get(own.id) ?? 0;
  const free = limit.size - others.reduce((sum, member) => sum + heldBy(member, limit), 0);
  const part = Math.max(0, Math.min(equalPart, free));
  const allowed = limit.perMs > shortLimitMs ? Math.min(part, used + Math.ceil(limit.size * portion)) : part;
  return { allowed, held: Math.max(allowed, used), part };
};
