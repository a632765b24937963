/** What the CRM has said in a header of one of its budgets; null: it did not say. */
export interface ToldQuota {
  readonly header: string;
  readonly remaining: number | null;
  readonly used: number | null;
  readonly limit: number | null;
}

/** Numbers of requests by the names of a source’s limits. */
export type LimitCounts = Readonly<Record<string, number>>;

/** What one process has said of its part in a source’s request budget. */
export interface BudgetMember {
  readonly id: string;
  /** The CRM counts no more of its requests than this at any time; nobody else may use that. */
  readonly holds: LimitCounts;
  /** How many it counted when this was said. */
  readonly used: LimitCounts;
  readonly wants: LimitCounts;
  readonly isPersonWaiting: boolean;
  /** So long its word counts; negative since when it does not. */
  readonly leasedForMs: number;
}

/** What all processes have said of one source. All times are lengths by the ledger’s own clock, as those of the processes may differ. */
export interface BudgetState {
  readonly members: readonly BudgetMember[];
  readonly nowMs: number;
  /** How long the CRM still wants rest, and how long the rest of its budget is kept for persons. */
  readonly restsForMs: number;
  readonly sparesForMs: number;
}

export interface BudgetWord extends Omit<BudgetMember, 'id' | 'leasedForMs'> {
  readonly leaseMs: number;
  /** How long after the lease what it holds may count. */
  readonly keepMs: number;
  /** Requests since it last said so. */
  readonly sent: number;
  readonly restMs: number;
  readonly spareMs: number;
  /** null: nothing new. */
  readonly told: readonly ToldQuota[] | null;
}

export interface BudgetLook extends BudgetState {
  /** `2026-11-26`; days end at midnight UTC. */
  readonly day: string;
  /** By all processes on that day. */
  readonly sentToday: number;
  readonly told: readonly ToldQuota[];
  /** Epoch milliseconds; null when the CRM has told nothing yet. */
  readonly toldOnMs: number | null;
}

/** Where the processes that read one CRM agree on its request budget. */
export interface BudgetLedger {
  /** One process at a time for each source: `decide` hears the others, and what it gives is this one’s word, durable when this resolves. */
  settle(sourceId: string, memberId: string, decide: (others: BudgetState) => BudgetWord): Promise<void>;
  look(sourceId: string): Promise<BudgetLook>;
}
