/** What goes over the line, by the names of the OpenAPI document, and how a caller says which of it is meant. */
import type { components } from './generated/api.d.ts';

type Schemas = components['schemas'];

export type Adoption = Schemas['Adoption'];
export type Candidate = Schemas['Candidate'];
export type Candidates = Schemas['Candidates'];
export type ClientConfiguration = Schemas['ClientConfiguration'];
export type ColumnChange = Schemas['ColumnChange'];
export type Counts = Schemas['Counts'];
export type DataverseUse = Schemas['DataverseUse'];
export type Deliveries = Schemas['Deliveries'];
export type Delivery = Schemas['Delivery'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type ReplayDeliveries = Schemas['ReplayDeliveries'];
export type ReplayedDeliveries = Schemas['ReplayedDeliveries'];
export type WebhookHealth = Schemas['WebhookHealth'];
export type FailedRecord = Schemas['FailedRecord'];
export type PlannedChanges = Schemas['PlannedChanges'];
export type ApproveRemovals = Schemas['ApproveRemovals'];
export type DecidedRemovals = Schemas['DecidedRemovals'];
export type Removals = Schemas['Removals'];
export type WaitingRemovals = Schemas['WaitingRemovals'];
export type DecideFailures = Schemas['DecideFailures'];
export type DecidedFailures = Schemas['DecidedFailures'];
export type FailureGroup = Schemas['FailureGroup'];
export type Failures = Schemas['Failures'];
export type OpenFailure = Schemas['OpenFailure'];
export type LinkRecord = Schemas['LinkRecord'];
export type OtherRecord = Schemas['OtherRecord'];
export type Problem = Schemas['Problem'];
export type RecordStatus = Schemas['RecordStatus'];
export type Run = Schemas['Run'];
export type RunDetail = Schemas['RunDetail'];
export type RunPart = Schemas['RunPart'];
export type Setup = Schemas['Setup'];
export type RunState = Run['state'];
export type Source = Schemas['Source'];
export type SourceCheck = Schemas['SourceCheck'];
export type StartAdoption = Schemas['StartAdoption'];
export type BrowserSignIn = Schemas['BrowserSignIn'];
export type FinishSignIn = Schemas['FinishSignIn'];
export type StartRun = Schemas['StartRun'];
export type SyncResult = Schemas['SyncResult'];
export type VerifyStatement = Schemas['VerifyStatement'];
export type VerifyTable = Schemas['VerifyTable'];
export type VerifyClass = Schemas['VerifyClass'];
export type HookGuide = Schemas['HookGuide'];
export type HookStates = Schemas['HookStates'];
export type HookChanges = Schemas['HookChanges'];
export type HookTrial = Schemas['HookTrial'];
export type InstallHook = Schemas['InstallHook'];
export type RemoveHook = Schemas['RemoveHook'];
export type TestHook = Schemas['TestHook'];
export type TableName = RunPart['table'];

export interface FailuresQuery {
  readonly table?: TableName;
  readonly code?: string;
  readonly isIgnored?: boolean;
  /** The `nextAfter` of the page before. */
  readonly after?: string;
  readonly limit?: number;
}

export interface DeliveriesQuery {
  /** Empty: the main one. */
  readonly hook?: string;
  readonly state?: Delivery['state'];
  readonly from?: string;
  readonly to?: string;
  /** The `nextBefore` of the page before. */
  readonly before?: number;
  readonly limit?: number;
}

/** Which of a source's webhooks; the main one when left out. */
export interface HookName {
  readonly hook?: string;
}

/** A row by Dataverse's id, or by our key where only that is known. */
export type RecordAddress = { readonly table: TableName } & ({ readonly rowId: string } | { readonly sourceKey: string });

/** A row that is not linked has no key of ours yet. */
export type RowAddress = { readonly table: TableName; readonly rowId: string };
