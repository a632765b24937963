import { ApiProblem, createApiClient } from '../../../api/client/src/index.ts';
import { type LocalServer, sendJson, startLocalServer } from './local-server.ts';
import { runWith } from './runs.ts';

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const clientOf = (url: string, getToken: () => Promise<string | undefined> = async () => 'a-token') =>
  createApiClient({ baseUrl: url, getToken });
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a request of the client', () => {
  it('carries the token that is asked for anew each time', async () => {
    server = await startLocalServer((_, response) => sendJson(response, 200, { sources: [] }));
    const tokens = ['first', 'second'];
    const client = clientOf(server.url, async () => tokens.shift());
    await client.sources();
    await client.sources();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('sends no authorization header when nobody is signed in', async () => {
    const signIn = { kind: 'local', authority: 'http://127.0.0.1:4530/t', clientId: 'c', scope: 's' };
    server = await startLocalServer((_, response) => sendJson(response, 200, { signIn }));
    expect(await clientOf(server.url, async () => undefined).clientConfiguration()).toEqual({ signIn });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('goes to the address and with the body that the OpenAPI document names', async () => {
    server = await startLocalServer((request, response) => {
      if (request.url === '/api/sources') return sendJson(response, 200, { sources: [] });
      if (request.method === 'GET' && request.url?.startsWith('/api/runs?')) return sendJson(response, 200, { runs: [] });
      return sendJson(response, request.url === '/api/runs' ? 202 : 200, runWith({}));
    });
    const client = clientOf(server.url);
    await client.sources();
    await client.checkSource('north wind');
    await client.startRun({ sourceId: 'northwind', mode: 'full', isDryRun: true });
    await client.runs({ limit: 5, sourceId: 'northwind' });
    await client.run('run-1');
    await client.cancelRun('run-1');
    await client.recordStatus({ table: 'contact', rowId: '00000000-0000-4000-8000-000000000001' });
    await client.recordStatus({ table: 'account', sourceKey: 'northwind~_a_l_f_k_i' });
    await client.syncRecord({ table: 'contact', rowId: '00000000-0000-4000-8000-000000000001' });
    await client.syncRecord({ table: 'account', sourceKey: 'northwind~_a_l_f_k_i' });
    expect(server.requests.map(({ line }) => line)).toEqual([
      'GET /api/sources',
      'POST /api/sources/north%20wind/check',
      'POST /api/runs',
      'GET /api/runs?limit=5&sourceId=northwind',
      'GET /api/runs/run-1',
      'POST /api/runs/run-1/cancel',
      'GET /api/records/contact/00000000-0000-4000-8000-000000000001',
      'GET /api/records/account/by-key/northwind~_a_l_f_k_i',
      'POST /api/records/contact/00000000-0000-4000-8000-000000000001/sync',
      'POST /api/records/account/by-key/northwind~_a_l_f_k_i/sync',
    ]);
    expect(JSON.parse(server.requests[2]?.body ?? '')).toEqual({ sourceId: 'northwind', mode: 'full', isDryRun: true });
  });
});

describe('a request that fails', () => {
  it('is a problem with the words of the API', async () => {
    const problem = {
      type: 'https://example.org/errors#crm.unreachable',
      title: 'The CRM of northwind cannot be reached at 127.0.0.1: connection refused',
      status: 502,
      code: 'crm.unreachable',
      help: 'See whether the CRM is up.',
      reference: 'req-7',
      isRetryable: true,
    };
    server = await startLocalServer((_, response) => sendJson(response, 502, problem));
    const failure = await failureOf(clientOf(server.url).checkSource('northwind'));
    expect(failure).toBeInstanceOf(ApiProblem);
    const { code, title, help, reference, status, isRetryable } = problem;
    expect(failure).toMatchObject({ code, title, help, reference, status, isRetryable, message: title });
  });

  it.each([
    [503, true],
    [404, false],
  ])('with HTTP %i and a page that is not ours is still a problem (worth another try: %s)', async (status, isRetryable) => {
    server = await startLocalServer((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>'));
    const failure = await failureOf(clientOf(server.url).sources());
    expect(failure).toMatchObject({ code: 'client.bad_answer', status, isRetryable });
  });

  it('with 200 and a page that is not ours is a problem too', async () => {
    server = await startLocalServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in to the hotel</h1>'),
    );
    expect(await failureOf(clientOf(server.url).sources())).toMatchObject({ code: 'client.bad_answer' });
  });

  it('because nothing answers says that the API cannot be reached', async () => {
    server = await startLocalServer(() => undefined);
    const { url } = server;
    await server.close();
    const failure = await failureOf(clientOf(url).sources());
    expect(failure).toMatchObject({ code: 'client.unreachable', status: 0, isRetryable: true });
  });

  it('because there is no token fails with the reason of the sign-in', async () => {
    const reason = new Error('The sign-in is down');
    const client = clientOf('http://127.0.0.1:1', () => Promise.reject(reason));
    expect(await failureOf(client.sources())).toBe(reason);
  });

  it('because the caller gave up is no problem, but the abort itself', async () => {
    const controller = new AbortController();
    server = await startLocalServer(() => controller.abort());
    const failure = await failureOf(clientOf(server.url).sources(controller.signal));
    expect(failure).not.toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ name: 'AbortError' });
  });
});
