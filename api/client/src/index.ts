/**
 * The API's client for browsers and Node: what the OpenAPI document says, typed, with every failure as an `ApiProblem`.
 * All that runs is in this one file on purpose: Node wants `.ts` in relative imports and pcf-scripts' webpack refuses them; only types may
 * be imported.
 */
import createClient from 'openapi-fetch';
import type { ApiClient, ApiClientOptions, RecordClient, WatchOptions } from './api-client.ts';
import type { paths } from './generated/api.d.ts';
import type { Problem, Run, RunState } from './shapes.ts';

export type * from './api-client.ts';
export type * from './shapes.ts';

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
