import type { TableName } from '../crm/types.ts';
import type { WebhookAnswer, WebhookRequest } from '../crm/webhook/types.ts';
import type { DeliveriesBody, DeliveryBody, DeliveryDetailBody, ReplayDeliveriesBody, ReplayedDeliveriesBody } from './deliveries.ts';
import type { DecideFailuresBody, DecidedFailuresBody, FailuresBody } from './failures.ts';
import type {
  HookChangesBody,
  HookGuideBody,
  HookStatesBody,
  HookTrialBody,
  InstallHookBody,
  RemoveHookBody,
  TestHookBody,
} from './hooks.ts';
import type { ApproveRemovalsBody, DecidedRemovalsBody, RemovalsBody } from './removals.ts';
import type { VerifyStatementBody } from './statement.ts';
import type { AdoptionBody, AdoptionTableBody, StartAdoptionBody } from './adoption.ts';
import type { DataverseUseBody } from './dataverse-use.ts';
import type { CandidatesBody, LinkRecordBody, RecordStatusBody, SyncResultBody } from './records.ts';
import type { RunBody, RunDetailBody, StartRunBody } from './runs.ts';
import type { SetupBody } from './setup.ts';
import type { SourceBody, SourceCheckBody } from './sources.ts';

/** How a row is named from outside: by Dataverse's id, or by our key (a form control may know only that). */
export type RecordAddress = { readonly table: TableName } & ({ readonly rowId: string } | { readonly sourceKey: string });

/** A row that has no key of ours can only be named by its id. */
export type RowOfTable = Extract<RecordAddress, { readonly rowId: string }>;

export interface RunService {
  start(request: StartRunBody, requestedBy: string): Promise<RunBody>;
  list(options: { readonly limit: number; readonly sourceId?: string }): Promise<readonly RunBody[]>;
  /** Throws `run.unknown`. */
  get(runId: string): Promise<RunDetailBody>;
  cancel(runId: string): Promise<RunBody>;
  /** Its workers leave after the pages they are at; it waits, over restarts too, until it is resumed. Throws `run.not_pausable`. */
  pause(runId: string): Promise<RunBody>;
  /** It goes on from its checkpoints. Throws `run.not_paused`. */
  resume(runId: string): Promise<RunBody>;
  /** Throws `run.unknown`, `run.no_statement`. */
  statement(runId: string): Promise<VerifyStatementBody>;
  /** The run now, then whenever it has moved, until it is final or the signal aborts. */
  watch(runId: string, signal: AbortSignal): AsyncIterable<RunBody>;
}

/** Removals that are too many to be carried out unasked. Throws `source.unknown` and `source.table_unknown`. */
export interface RemovalService {
  list(sourceId: string, page: { readonly table?: TableName; readonly afterId?: string; readonly limit: number }): Promise<RemovalsBody>;
  /** Durable when it resolves; carried out soon after. Throws `removals.changed` when they are others than the admin has seen. */
  approve(sourceId: string, request: ApproveRemovalsBody): Promise<DecidedRemovalsBody>;
  /** The rows stay as they are. */
  dismiss(sourceId: string, table: TableName): Promise<DecidedRemovalsBody>;
}

export interface FailuresQuery {
  readonly table?: TableName;
  readonly code?: string;
  readonly isIgnored?: boolean;
  /** The `nextAfter` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Records that failed and have not succeeded since. Throws `source.unknown`. */
export interface FailureService {
  list(sourceId: string, query: FailuresQuery): Promise<FailuresBody>;
  decide(sourceId: string, request: DecideFailuresBody): Promise<DecidedFailuresBody>;
}

/** Whoever asks, and how long the answer is wanted. */
export interface Asking {
  /** Entra object id of the agent; who may not read the row gets `record.not_found`. Left out: the application itself, for a command. */
  readonly asUser?: string;
  readonly signal: AbortSignal;
}

export interface RecordService {
  status(address: RecordAddress, asking: Asking): Promise<RecordStatusBody>;
  /** Asks the CRM whether its record is another than what we wrote. Writes nothing in Dataverse. Throws `record.not_linked`. */
  check(address: RecordAddress, asking: Asking): Promise<RecordStatusBody>;
  sync(address: RecordAddress, options: Asking & { readonly isDryRun: boolean }): Promise<SyncResultBody>;
  /**
   * Searches the sources for what the row may be: by `words`, else by the row’s own e-mail addresses, phone numbers and name. Throws
   * `record.already_linked`, `record.nothing_to_search_by`; what one source throws is told beside what the others found.
   */
  candidates(address: RowOfTable, options: Asking & { readonly words?: string }): Promise<CandidatesBody>;
  /**
   * Links the row to a record that has no row yet, as the agent, and syncs it at once. Of two at the same time one wins. Repeating it is
   * safe. Throws `record.already_linked`, `record.linked_elsewhere`, `record.candidate_gone`, `record.link_forbidden`.
   */
  link(address: RowOfTable, options: Asking & LinkRecordBody): Promise<SyncResultBody>;
}

export interface SourceService {
  list(): Promise<readonly SourceBody[]>;
  check(sourceId: string, signal: AbortSignal): Promise<SourceCheckBody>;
}

export interface SetupService {
  /** What of ours the environment has and what differs, as it is now. Changes nothing. */
  inspect(signal: AbortSignal): Promise<SetupBody>;
  /** Makes what is missing and mends what can be; does not wait for a key's index. Safe to repeat. */
  apply(signal: AbortSignal): Promise<SetupBody>;
}

export interface AdoptionService {
  /** Gives our key to the rows that Microsoft's flows made. Resolves when all pages are written. Safe to repeat and to interrupt. */
  adopt(
    sourceId: string,
    request: StartAdoptionBody,
    options: { readonly signal: AbortSignal; readonly onProgress?: (soFar: AdoptionTableBody) => void },
  ): Promise<AdoptionBody>;
}

/** The part of signing in that a person does once, with a browser. */
export interface BrowserSignInService {
  /** Throws `source.no_browser_sign_in`, `source.unknown`. */
  begin(sourceId: string): Promise<{ readonly address: string; readonly state: string; readonly redirectUri: string }>;
  /** Throws `source.sign_in_stale`, or what the CRM says against it. */
  finish(answer: { readonly state: string; readonly code: string }, signal: AbortSignal): Promise<{ readonly sourceId: string }>;
}

export interface DeliveriesQuery {
  /** Empty: the main one. */
  readonly hook?: string;
  readonly state?: DeliveryBody['state'];
  /** Received from then on, and before then: instants. */
  readonly from?: string;
  readonly to?: string;
  /** The `nextBefore` of the page before. */
  readonly before?: number;
  readonly limit: number;
}

/** What CRMs have posted. Throws `source.unknown`. */
export interface DeliveryService {
  list(sourceId: string, query: DeliveriesQuery): Promise<DeliveriesBody>;
  /** Throws `delivery.unknown`. */
  get(sourceId: string, id: number): Promise<DeliveryDetailBody>;
  /** Durable when it resolves; handled soon after. Throws `request.invalid` when it names neither ids nor a time. */
  replay(sourceId: string, request: ReplayDeliveriesBody): Promise<ReplayedDeliveriesBody>;
}

export interface WebhookService {
  /**
   * Verified and durable when it resolves; what the CRM wants to hear. The address of the request is left to the service, which knows
   * the configured one; `query` is what stood behind its ?, as it came. Throws `webhook.unauthorised` with `details.reason`.
   */
  receive(sourceId: string, request: Omit<WebhookRequest, 'url'> & { readonly query: string }): Promise<WebhookAnswer>;
  /** One that was refused before it came to `receive`, as one that is too large. */
  noteRefusal(sourceId: string, reason: 'size' | 'request'): void;
}

/** Which of a source's webhooks; the main one when left out. */
export interface HookName {
  readonly hook?: string;
}

/** How a CRM is brought to post what changes. Throws `source.unknown`, `webhook.none` and `webhook.unknown`. */
export interface HookSetupService {
  guide(sourceId: string, of: HookName): Promise<HookGuideBody>;
  /** Throws `webhook.not_by_api`, as do `install` and `remove`, and what the CRM says against it. */
  list(sourceId: string, of: HookName, signal: AbortSignal): Promise<HookStatesBody>;
  /** Safe to repeat. Throws `webhook.taken`. */
  install(sourceId: string, options: InstallHookBody, signal: AbortSignal): Promise<HookChangesBody>;
  remove(sourceId: string, options: RemoveHookBody, signal: AbortSignal): Promise<HookChangesBody>;
  /** Sends a signed sample the whole way. What goes wrong on it is in the answer, and thrown only where nothing can be said. */
  test(sourceId: string, record: TestHookBody, signal: AbortSignal): Promise<HookTrialBody>;
}

/** Questions that come through Dataverse, as rows of `ccsync_syncrequest`. */
export interface SyncRequestService {
  /** Throws `webhook.unauthorised` for another key than the configured one, and where none is configured. */
  requireKey(key: string | readonly string[] | undefined): void;
  /** Dataverse says that there is a row; it is answered soon. */
  receive(requestId: string): void;
}

export interface Readiness {
  readonly isReady: boolean;
  readonly checks: readonly { readonly name: 'store' | 'dataverse'; readonly isReady: boolean; readonly problem?: string }[];
}

/** All that the HTTP doors need; composed in `compose.ts`. The CLI talks to the same services, or over HTTP to the same routes. */
export interface Services {
  readonly runs: RunService;
  readonly removals: RemovalService;
  readonly failures: FailureService;
  readonly records: RecordService;
  readonly sources: SourceService;
  readonly setup: SetupService;
  readonly adoption: AdoptionService;
  readonly webhooks: WebhookService;
  readonly webhookDeliveries: DeliveryService;
  readonly hookSetup: HookSetupService;
  readonly syncRequests: SyncRequestService;
  dataverseUse(): Promise<DataverseUseBody>;
  readonly signIns: BrowserSignInService;
  readiness(signal: AbortSignal): Promise<Readiness>;
}
