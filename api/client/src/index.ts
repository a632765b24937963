/**
 * The API's client for browsers and Node: what the OpenAPI document says, typed, with every failure as an `ApiProblem`.
 * One file on purpose: Node wants `.ts` in relative imports and pcf-scripts' webpack refuses them; only types may be imported.
 */
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/api.d.ts';

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

const finalStates: readonly RunState[] = ['succeeded', 'partial', 'suspicious', 'failed', 'cancelled'];
/** True when the run will never change again. */
export const isFinal = (run: Pick<Run, 'state'>): boolean => finalStates.includes(run.state);

/** Any request that did not succeed, in the words of the API's error registry. */
export class ApiProblem extends Error {
  /** Stable code of the registry, or `client.unreachable` and `client.bad_answer` when the API itself said nothing. */
  readonly code: string;
  /** What happened. */
  readonly title: string;
  /** What the reader can do. */
  readonly help: string;
  /** Finds the request in the API's log; empty when it never arrived. */
  readonly reference: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly isRetryable: boolean;

  constructor(problem: Pick<Problem, 'code' | 'title' | 'help' | 'reference' | 'status' | 'isRetryable'>, cause?: unknown) {
    super(problem.title);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.title = problem.title;
    this.help = problem.help;
    this.reference = problem.reference;
    this.status = problem.status;
    this.isRetryable = problem.isRetryable;
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause });
  }
}

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

const unreachable = (cause: unknown): ApiProblem =>
  new ApiProblem(
    {
      code: 'client.unreachable',
      title: 'CRM Sync cannot be reached',
      help: 'Check your network connection. If it is fine, the service may be down: try again in a minute.',
      reference: '',
      status: 0,
      isRetryable: true,
    },
    cause,
  );

const badAnswer = (status: number): ApiProblem =>
  new ApiProblem({
    code: 'client.bad_answer',
    title: status === 0 ? 'CRM Sync gave an answer that cannot be read' : `CRM Sync gave an answer that cannot be read (HTTP ${status})`,
    help: 'Something between you and the service may have answered in its place. Check the address, then try again.',
    reference: '',
    status,
    isRetryable: status === 429 || status >= 500,
  });

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'help' in body && typeof body.code === 'string';

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });

interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

const parseEvent = (block: string): StreamEvent => {
  const valuesOf = (field: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  return { name: valuesOf('event').pop() ?? 'message', data: valuesOf('data').join('\n') };
};

/** Reads server-sent events until the stream ends, is silent for too long, or `onEvent` returns true. */
const readEvents = async (body: ReadableStream<Uint8Array>, silenceLimitMs: number, onEvent: (event: StreamEvent) => boolean) => {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let silence: ReturnType<typeof setTimeout> | undefined;
  const readOrSilence = () =>
    new Promise<{ readonly done: boolean; readonly value?: Uint8Array }>((resolve, reject) => {
      silence = setTimeout(() => resolve({ done: true }), silenceLimitMs);
      reader.read().then(resolve, (cause: unknown) => reject(unreachable(cause)));
    }).finally(() => clearTimeout(silence));
  try {
    for (;;) {
      const { done, value } = await readOrSilence();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      // A CR at the end may be the first half of CRLF: it stays until the next piece shows.
      text = text.replace(/\r\n|\r(?!$)/g, '\n');
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event.data !== '' && onEvent(event)) return;
      }
    }
  } finally {
    // Not awaited: cancelling a connection that is already broken rejects, and there is nobody to tell.
    reader.cancel().catch(() => undefined);
  }
};

const doublingDelayMs = (tries: number): number => Math.min(500 * 2 ** (tries - 1), 15_000);

/** The HTTP client, and how every request is sent with it: with a token, and every failure as an `ApiProblem`. */
const createSender = (options: ApiClientOptions) => {
  const api = createClient<paths>({ baseUrl: options.baseUrl, ...(options.fetch ? { fetch: options.fetch } : {}) });

  const send = async <Data>(
    signal: AbortSignal | undefined,
    request: (init: { headers: Record<string, string>; signal?: AbortSignal }) => Promise<Answer<Data>>,
  ): Promise<NonNullable<Data>> => {
    const token = await options.getToken();
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    let answer: Answer<Data>;
    try {
      answer = await request({ headers, ...(signal ? { signal } : {}) });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw cause instanceof SyntaxError ? badAnswer(0) : unreachable(cause);
    }
    if (answer.data === undefined || answer.data === null) {
      throw isProblem(answer.error) ? new ApiProblem(answer.error) : badAnswer(answer.response.status);
    }
    return answer.data;
  };

  return { api, send };
};

/** What an agent's form asks; a bundle that uses nothing else carries nothing else. */
export type RecordClient = Pick<
  ApiClient,
  'clientConfiguration' | 'recordStatus' | 'checkRecord' | 'findCandidates' | 'linkRecord' | 'syncRecord'
>;

const recordRequests = ({ api, send }: ReturnType<typeof createSender>): RecordClient => ({
  clientConfiguration: (signal) => send(signal, (init) => api.GET('/api/client-configuration', init)),
  recordStatus: (address, signal) =>
    send(signal, (init) =>
      'rowId' in address
        ? api.GET('/api/records/{table}/{rowId}', { params: { path: address }, ...init })
        : api.GET('/api/records/{table}/by-key/{sourceKey}', { params: { path: address }, ...init }),
    ),
  checkRecord: (address, signal) =>
    send(signal, (init) =>
      'rowId' in address
        ? api.POST('/api/records/{table}/{rowId}/check', { params: { path: address }, ...init })
        : api.POST('/api/records/{table}/by-key/{sourceKey}/check', { params: { path: address }, ...init }),
    ),
  findCandidates: (address, words, signal) =>
    send(signal, (init) =>
      api.POST('/api/records/{table}/{rowId}/candidates', {
        params: { path: address },
        body: words === undefined ? {} : { words },
        ...init,
      }),
    ),
  linkRecord: (address, record, signal) =>
    send(signal, (init) => api.POST('/api/records/{table}/{rowId}/link', { params: { path: address }, body: record, ...init })),
  syncRecord: (address, { isDryRun = false, signal } = {}) =>
    send(signal, (init) =>
      'rowId' in address
        ? api.POST('/api/records/{table}/{rowId}/sync', { params: { path: address }, body: { isDryRun }, ...init })
        : api.POST('/api/records/{table}/by-key/{sourceKey}/sync', { params: { path: address }, body: { isDryRun }, ...init }),
    ),
});

export const createRecordClient = (options: ApiClientOptions): RecordClient => recordRequests(createSender(options));

export const createApiClient = (options: ApiClientOptions): ApiClient => {
  const { reconnectDelayMs = doublingDelayMs, silenceLimitMs = 60_000 } = options;
  const sender = createSender(options);
  const { api, send } = sender;

  const watchOnce = async (id: string, { signal, onRun }: WatchOptions, onProgress: () => void): Promise<boolean> => {
    const stream = await send(signal, (init) =>
      api.GET('/api/runs/{runId}/events', { params: { path: { runId: id } }, parseAs: 'stream', ...init }),
    );
    let isOver = false;
    await readEvents(stream, silenceLimitMs, ({ name, data }) => {
      if (signal.aborted) return true;
      if (name === 'problem') throw new ApiProblem(JSON.parse(data) as Problem);
      if (name !== 'run') return false;
      const run = JSON.parse(data) as Run;
      onProgress();
      isOver = isFinal(run);
      onRun(run);
      return isOver;
    });
    return isOver;
  };

  const watchRun = async (id: string, watch: WatchOptions): Promise<void> => {
    let tries = 0;
    while (!watch.signal.aborted) {
      try {
        const isOver = await watchOnce(id, watch, () => {
          tries = 0;
        });
        if (isOver) return;
      } catch (error) {
        if (watch.signal.aborted) return;
        if (!(error instanceof ApiProblem && error.isRetryable)) throw error;
      }
      if (watch.signal.aborted) return;
      watch.onInterrupted?.();
      tries += 1;
      await pause(reconnectDelayMs(tries), watch.signal);
    }
  };

  return {
    ...recordRequests(sender),
    sources: async (signal) => (await send(signal, (init) => api.GET('/api/sources', init))).sources,
    checkSource: (id, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/check', { params: { path: { sourceId: id } }, ...init })),
    dataverseUse: (signal) => send(signal, (init) => api.GET('/api/dataverse', { ...init })),
    setup: (signal) => send(signal, (init) => api.GET('/api/setup', init)),
    applySetup: (signal) => send(signal, (init) => api.POST('/api/setup', { body: {}, ...init })),
    removals: (sourceId, query = {}, signal) =>
      send(signal, (init) => api.GET('/api/sources/{sourceId}/removals', { params: { path: { sourceId }, query }, ...init })),
    approveRemovals: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/removals/approve', { params: { path: { sourceId } }, body, ...init })),
    dismissRemovals: (sourceId, table, signal) =>
      send(signal, (init) =>
        api.POST('/api/sources/{sourceId}/removals/dismiss', { params: { path: { sourceId } }, body: { table }, ...init }),
      ),
    failures: (sourceId, query = {}, signal) =>
      send(signal, (init) => api.GET('/api/sources/{sourceId}/failures', { params: { path: { sourceId }, query }, ...init })),
    decideFailures: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/failures', { params: { path: { sourceId } }, body, ...init })),
    deliveries: (sourceId, query = {}, signal) =>
      send(signal, (init) => api.GET('/api/sources/{sourceId}/deliveries', { params: { path: { sourceId }, query }, ...init })),
    delivery: (sourceId, deliveryId, signal) =>
      send(signal, (init) =>
        api.GET('/api/sources/{sourceId}/deliveries/{deliveryId}', { params: { path: { sourceId, deliveryId } }, ...init }),
      ),
    replayDeliveries: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/deliveries/replay', { params: { path: { sourceId } }, body, ...init })),
    hookGuide: (sourceId, query = {}, signal) =>
      send(signal, (init) => api.GET('/api/sources/{sourceId}/webhook/guide', { params: { path: { sourceId }, query }, ...init })),
    hook: (sourceId, query = {}, signal) =>
      send(signal, (init) => api.GET('/api/sources/{sourceId}/webhook', { params: { path: { sourceId }, query }, ...init })),
    installHook: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/webhook/install', { params: { path: { sourceId } }, body, ...init })),
    removeHook: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/webhook/remove', { params: { path: { sourceId } }, body, ...init })),
    testHook: (sourceId, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/webhook/test', { params: { path: { sourceId } }, body, ...init })),
    adopt: (id, body, signal) =>
      send(signal, (init) => api.POST('/api/sources/{sourceId}/adoption', { params: { path: { sourceId: id } }, body, ...init })),
    beginSignIn: (id) =>
      send(undefined, (init) => api.POST('/api/sources/{sourceId}/sign-in', { params: { path: { sourceId: id } }, ...init })),
    finishSignIn: (body) => send(undefined, (init) => api.POST('/api/sign-in', { body, ...init })),
    startRun: (body) => send(undefined, (init) => api.POST('/api/runs', { body, ...init })),
    runs: async ({ limit = 50, sourceId, signal } = {}) =>
      (await send(signal, (init) => api.GET('/api/runs', { params: { query: { limit, sourceId } }, ...init }))).runs,
    run: (id, signal) => send(signal, (init) => api.GET('/api/runs/{runId}', { params: { path: { runId: id } }, ...init })),
    cancelRun: (id) => send(undefined, (init) => api.POST('/api/runs/{runId}/cancel', { params: { path: { runId: id } }, ...init })),
    pauseRun: (id) => send(undefined, (init) => api.POST('/api/runs/{runId}/pause', { params: { path: { runId: id } }, ...init })),
    resumeRun: (id) => send(undefined, (init) => api.POST('/api/runs/{runId}/resume', { params: { path: { runId: id } }, ...init })),
    runStatement: (id, signal) =>
      send(signal, (init) => api.GET('/api/runs/{runId}/statement', { params: { path: { runId: id } }, ...init })),
    runStatementText: (id, signal) =>
      send(signal, (init) => api.GET('/api/runs/{runId}/statement.txt', { params: { path: { runId: id } }, parseAs: 'text', ...init })),
    watchRun,
  };
};
