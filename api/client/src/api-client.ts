/** What can be asked of the API, and what a client needs to be made with. */
import type {
  Adoption,
  ApproveRemovals,
  BrowserSignIn,
  Candidates,
  ClientConfiguration,
  DataverseUse,
  DecideFailures,
  DecidedFailures,
  DecidedRemovals,
  Deliveries,
  DeliveriesQuery,
  DeliveryDetail,
  Failures,
  FailuresQuery,
  FinishSignIn,
  HookChanges,
  HookGuide,
  HookName,
  HookStates,
  HookTrial,
  InstallHook,
  LinkRecord,
  RecordAddress,
  RecordStatus,
  Removals,
  RemoveHook,
  ReplayDeliveries,
  ReplayedDeliveries,
  RowAddress,
  Run,
  RunDetail,
  Setup,
  Source,
  SourceCheck,
  StartAdoption,
  StartRun,
  SyncResult,
  TableName,
  TestHook,
  VerifyStatement,
} from './shapes.ts';

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** The run now, then whenever it has moved; the last call has a final state. */
  readonly onRun: (run: Run) => void;
  /** The stream broke and will be opened again; the next `onRun` says that it is back. */
  readonly onInterrupted?: () => void;
}

export interface ApiClient {
  clientConfiguration(signal?: AbortSignal): Promise<ClientConfiguration>;
  sources(signal?: AbortSignal): Promise<readonly Source[]>;
  checkSource(id: string, signal?: AbortSignal): Promise<SourceCheck>;
  dataverseUse(signal?: AbortSignal): Promise<DataverseUse>;
  /** What of our columns and keys the environment has. */
  setup(signal?: AbortSignal): Promise<Setup>;
  /** Makes what is missing; ask `setup` until the keys are active. */
  applySetup(signal?: AbortSignal): Promise<Setup>;
  /** Answers when every row is done. A request that broke off is asked again: what was done stays. */
  removals(
    sourceId: string,
    page?: { readonly table?: TableName; readonly afterId?: string; readonly limit?: number },
    signal?: AbortSignal,
  ): Promise<Removals>;
  approveRemovals(sourceId: string, request: ApproveRemovals, signal?: AbortSignal): Promise<DecidedRemovals>;
  dismissRemovals(sourceId: string, table: TableName, signal?: AbortSignal): Promise<DecidedRemovals>;
  failures(sourceId: string, query?: FailuresQuery, signal?: AbortSignal): Promise<Failures>;
  decideFailures(sourceId: string, request: DecideFailures, signal?: AbortSignal): Promise<DecidedFailures>;
  /** What the CRM has posted, newest first. */
  deliveries(sourceId: string, query?: DeliveriesQuery, signal?: AbortSignal): Promise<Deliveries>;
  delivery(sourceId: string, id: number, signal?: AbortSignal): Promise<DeliveryDetail>;
  replayDeliveries(sourceId: string, request: ReplayDeliveries, signal?: AbortSignal): Promise<ReplayedDeliveries>;
  /** How the CRM is brought to post what changes, with the files for it. */
  hookGuide(sourceId: string, of?: HookName, signal?: AbortSignal): Promise<HookGuide>;
  /** What of the webhook is there in the CRM. */
  hook(sourceId: string, of?: HookName, signal?: AbortSignal): Promise<HookStates>;
  installHook(sourceId: string, request: InstallHook, signal?: AbortSignal): Promise<HookChanges>;
  removeHook(sourceId: string, request: RemoveHook, signal?: AbortSignal): Promise<HookChanges>;
  /** Sends a signed sample the whole way; answers when it has arrived, or is lost. */
  testHook(sourceId: string, request: TestHook, signal?: AbortSignal): Promise<HookTrial>;
  adopt(sourceId: string, request: StartAdoption, signal?: AbortSignal): Promise<Adoption>;
  /** Gives the address that a person opens to sign a source in. */
  beginSignIn(id: string): Promise<BrowserSignIn>;
  /** With the code that the browser came back with, where the CRM cannot send it to the API. */
  finishSignIn(answer: FinishSignIn): Promise<{ readonly sourceId: string }>;
  startRun(request: StartRun): Promise<Run>;
  runs(options?: { readonly limit?: number; readonly sourceId?: string; readonly signal?: AbortSignal }): Promise<readonly Run[]>;
  run(id: string, signal?: AbortSignal): Promise<RunDetail>;
  cancelRun(id: string): Promise<Run>;
  /** It waits until it is resumed. */
  pauseRun(id: string): Promise<Run>;
  resumeRun(id: string): Promise<Run>;
  /** What a verification ended with. */
  runStatement(id: string, signal?: AbortSignal): Promise<VerifyStatement>;
  /** The same as a person reads it. */
  runStatementText(id: string, signal?: AbortSignal): Promise<string>;
  /** Resolves when the run is final or the signal aborts; rejects when trying again would not help. */
  watchRun(id: string, options: WatchOptions): Promise<void>;
  recordStatus(address: RecordAddress, signal?: AbortSignal): Promise<RecordStatus>;
  /** Asks the CRM whether its record has changed since the row was written; writes nothing. */
  checkRecord(address: RecordAddress, signal?: AbortSignal): Promise<RecordStatus>;
  /** Searches the CRMs by the words, or by what the row says. */
  findCandidates(address: RowAddress, words?: string, signal?: AbortSignal): Promise<Candidates>;
  linkRecord(address: RowAddress, record: LinkRecord, signal?: AbortSignal): Promise<SyncResult>;
  /** A dry run says what would change and writes nothing. */
  syncRecord(address: RecordAddress, options?: { readonly isDryRun?: boolean; readonly signal?: AbortSignal }): Promise<SyncResult>;
}

export interface ApiClientOptions {
  /** Where the API is, without a path; empty for the page's own origin. */
  readonly baseUrl: string;
  /** Asked before every request; undefined sends none. What it throws reaches the caller unchanged. */
  readonly getToken: () => Promise<string | undefined>;
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How long to wait before opening a broken stream again, after `tries` failures in a row. */
  readonly reconnectDelayMs?: (tries: number) => number;
  /** A stream that says nothing for so long is taken for dead: a sleeping laptop leaves such connections behind. */
  readonly silenceLimitMs?: number;
}

/** What an agent's form asks; a bundle that uses nothing else carries nothing else. */
export type RecordClient = Pick<
  ApiClient,
  'clientConfiguration' | 'recordStatus' | 'checkRecord' | 'findCandidates' | 'linkRecord' | 'syncRecord'
>;
