import type { BudgetLedger } from '../crm/budget/types.ts';
import type { CredentialStore } from '../crm/sign-in/types.ts';
import type { TenantStore } from '../crm/types.ts';
import type { FailureStore, RecordStatusStore } from './failures/types.ts';
import type { HookTrialStore } from './hook-trial-store.ts';
import type { DeliveryStore, ErasureStore, InboxStore } from './inbox/types.ts';
import type { Jobs } from './jobs/types.ts';
import type { RecordStore } from './records/types.ts';
import type { RemovalStore, SweepStore } from './removals/types.ts';
import type { RunStore } from './runs/types.ts';

export interface ScheduleMoment {
  /** The moment that is due. */
  readonly dueMs: number;
  readonly nowMs: number;
  /** How long whoever claimed it has time to start a run. */
  readonly claimLastsMs: number;
}

/** Up to when each schedule has been seen to, for all processes together. */
export interface ScheduleStore {
  /** False, and remembered, for a schedule that was not known before. */
  isDue(sourceId: string, key: string, moment: ScheduleMoment): Promise<boolean>;
  /** True for exactly one of all who ask. */
  claim(sourceId: string, key: string, moment: ScheduleMoment): Promise<boolean>;
  started(sourceId: string, key: string, run: { readonly dueMs: number; readonly runId: string }): Promise<void>;
}

/** Which Dataverse environment the store's bookkeeping speaks of. */
export interface EnvironmentStore {
  /** Makes it ours unless rows of another one are known already; gives the one that it is. */
  claim(organizationId: string): Promise<string>;
}

/** How many requests of Dataverse's daily entitlement were used. */
export interface DailyRequestsStore {
  /** Adds to a day (`2026-11-26`, UTC) and gives its total, all processes together. */
  add(day: string, requests: number): Promise<number>;
}

export interface Store {
  readonly records: RecordStore & RecordStatusStore;
  readonly runs: RunStore;
  readonly sweeps: SweepStore;
  readonly removals: RemovalStore;
  readonly failures: FailureStore;
  readonly schedules: ScheduleStore;
  readonly inbox: InboxStore;
  readonly deliveries: DeliveryStore;
  readonly erasures: ErasureStore;
  readonly hookTrials: HookTrialStore;
  readonly environment: EnvironmentStore;
  readonly dailyRequests: DailyRequestsStore;
  readonly crmBudgets: BudgetLedger;
  /** null when no key for sealing was given. */
  readonly credentials: CredentialStore | null;
  readonly tenants: TenantStore;
  readonly jobs: Jobs;
  /** By which all who share the store tell what was first: the database's, where it is a server. */
  readonly clock: { nowMs(): number };
  ping(): Promise<void>;
  describe(): string;
  close(): Promise<void>;
}
