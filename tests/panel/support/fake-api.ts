import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  ClientConfiguration,
  DataverseUse,
  FailedRecord,
  OpenFailure,
  Problem,
  Run,
  Source,
  VerifyStatement,
  WaitingRemovals,
} from '@crm-sync/client';
import { dataverseUse, problem, source } from './bodies.ts';

/** What the API says; a test changes it as it goes. */
export interface FakeApiState {
  signInKind: ClientConfiguration['signIn']['kind'];
  isIssuerUp: boolean;
  sources: Source[];
  runs: Run[];
  failures: FailedRecord[];
  openFailures: OpenFailure[];
  /** Of every run that has one. */
  statement?: VerifyStatement;
  dataverse: DataverseUse;
  removals: WaitingRemovals[];
  /** Answers by "METHOD /path" that come in place of the usual ones. */
  problems: Record<string, Problem>;
}

export interface FakeApi {
  readonly url: string;
  readonly state: FakeApiState;
  /** Every request so far: "METHOD /path" and its body. */
  readonly requests: { line: string; body: unknown }[];
  /** How many streams of runs have been opened so far. */
  streams(): number;
  /** Changes the run and tells everyone who watches it. */
  move(run: Run): void;
  /** Hangs up on everyone who watches. */
  breakStreams(): void;
  close(): Promise<void>;
}

const send = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'access-control-allow-origin': '*',
  });
  response.end(JSON.stringify(body));
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? undefined : JSON.parse(text);
};

const people: Record<string, string> = { admin: 'Ada Admin', agent: 'Alex Agent' };
const tokenFor = (user: string) => `x.${Buffer.from(JSON.stringify({ name: people[user], user })).toString('base64url')}.x`;
const forbidden = problem({ status: 403, code: 'identity.forbidden', title: 'This needs the role Sync.Admin', isRetryable: false });
const unknownRun = problem({ status: 404, code: 'run.unknown', title: 'There is no such run', isRetryable: false });

/** An API and a sign-in on one free port, over real HTTP: as much of them as the panel sees. */
export const startFakeApi = async (): Promise<FakeApi> => {
  const state: FakeApiState = {
    signInKind: 'local',
    isIssuerUp: true,
    sources: [source()],
    runs: [],
    failures: [],
    openFailures: [],
    problems: {},
    dataverse: dataverseUse(),
    removals: [],
  };
  const requests: FakeApi['requests'] = [];
  const watchers = new Set<ServerResponse>();
  let opened = 0;

  const openStream = (response: ServerResponse, watched: Run) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: run\ndata: ${JSON.stringify(watched)}\n\n`);
    watchers.add(response);
    response.on('close', () => watchers.delete(response));
    opened += 1;
  };

  const answerRun = (method: string, path: string, response: ServerResponse) => {
    const [, , , id = '', action] = path.split('/');
    const found = state.runs.find((candidate) => candidate.id === decodeURIComponent(id));
    if (!found) return send(response, 404, unknownRun);
    if (action === 'events') return openStream(response, found);
    if (action === 'statement' && state.statement) return send(response, 200, state.statement);
    if (action === 'statement.txt')
      return response.writeHead(200, { 'content-type': 'text/plain', 'access-control-allow-origin': '*' }).end('as a text');
    if (action === 'cancel' && method === 'POST') return send(response, 200, found);
    return send(response, 200, { run: found, failures: state.failures });
  };

  /** Grouped as the API does it, and filtered by reason. */
  const failuresBody = (query: URLSearchParams) => {
    const reasons = new Set(state.openFailures.map(({ code }) => code));
    const groups = [...reasons].map((code) => {
      const own = state.openFailures.filter((failure) => failure.code === code);
      const [{ table, failureClass, isIgnored, help }] = own as [OpenFailure];
      return { table, code, failureClass, isIgnored, help, count: own.length };
    });
    const code = query.get('code');
    const limit = Number(query.get('limit'));
    const records = state.openFailures.filter((failure) => code === null || failure.code === code).slice(0, limit);
    return { sourceId: 'northwind', groups, records };
  };

  const answer = (request: IncomingMessage, response: ServerResponse, body: unknown) => {
    const { pathname: path, searchParams, host } = new URL(request.url ?? '', `http://${request.headers.host}`);
    const method = request.method ?? '';
    if (path === '/api/client-configuration') {
      return send(response, 200, { signIn: { kind: state.signInKind, authority: `http://${host}/tenant`, clientId: 'c', scope: 's' } });
    }
    if (path === '/tenant/sandbox/sign-in') {
      if (!state.isIssuerUp) return response.destroy();
      const { user } = body as { user: string };
      return send(response, 200, { access_token: tokenFor(user), expires_in: 3600, token_type: 'Bearer' });
    }
    if (request.headers.authorization !== `Bearer ${tokenFor('admin')}`) return send(response, 403, forbidden);
    const refusal = state.problems[`${method} ${path}`];
    if (refusal) return send(response, refusal.status, refusal);
    if (path === '/api/sources') return send(response, 200, { sources: state.sources });
    if (path === '/api/dataverse') return send(response, 200, state.dataverse);
    if (path.endsWith('/failures'))
      return send(response, 200, method === 'POST' ? { decided: state.openFailures.length } : failuresBody(searchParams));
    if (path.endsWith('/removals')) return send(response, 200, { sourceId: 'northwind', tables: state.removals });
    if (path.endsWith('/removals/approve') || path.endsWith('/removals/dismiss')) {
      const decided = state.removals.reduce((sum, { waiting }) => sum + waiting, 0);
      state.removals = [];
      return send(response, 200, { ...(body as object), decided });
    }
    if (path.endsWith('/check')) return send(response, 200, { sourceId: 'northwind', isReachable: true, tookMilliseconds: 124 });
    if (path === '/api/runs' && method === 'POST') return send(response, 202, state.runs[0]);
    if (path === '/api/runs') {
      const wanted = searchParams.get('sourceId');
      return send(response, 200, { runs: state.runs.filter(({ sourceId }) => wanted === null || sourceId === wanted) });
    }
    return answerRun(method, path, response);
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      requests.push({ line: `${request.method} ${request.url}`, body });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    requests,
    streams: () => opened,
    move: (moved) => {
      state.runs = state.runs.map((known) => (known.id === moved.id ? moved : known));
      for (const watcher of watchers) watcher.write(`event: run\ndata: ${JSON.stringify(moved)}\n\n`);
    },
    breakStreams: () => watchers.forEach((watcher) => watcher.destroy()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
