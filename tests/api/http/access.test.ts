import { buildServer } from '../../../api/src/http/server.ts';
import { aStatement } from './support/statement.ts';
import { createLogger } from '../../../api/src/telemetry/logger.ts';
import { type Person, startServer, type TestServer } from './support/server.ts';
import { RememberingServices } from './support/services.ts';

const rowId = '0d5e9f2c-1111-4222-8333-abcdefabcdef';
const forAdmins = [
  ['GET', '/api/sources'],
  ['GET', '/api/dataverse'],
  ['POST', '/api/sources/northwind/check'],
  ['POST', '/api/sources/northwind/sign-in'],
  ['POST', '/api/sign-in'],
  ['POST', '/api/runs'],
  ['GET', '/api/runs'],
  ['GET', '/api/runs/run-1'],
  ['POST', '/api/runs/run-1/cancel'],
  ['POST', '/api/runs/run-1/pause'],
  ['POST', '/api/runs/run-1/resume'],
  ['GET', '/api/runs/run-1/events'],
  ['GET', '/api/runs/run-1/statement'],
  ['GET', '/api/runs/run-1/statement.txt'],
  ['GET', '/api/sources/northwind/failures'],
  ['POST', '/api/sources/northwind/failures'],
  ['GET', '/api/sources/northwind/deliveries'],
  ['GET', '/api/sources/northwind/deliveries/41'],
  ['POST', '/api/sources/northwind/deliveries/replay'],
  ['GET', '/api/sources/northwind/removals'],
  ['POST', '/api/sources/northwind/removals/approve'],
  ['POST', '/api/sources/northwind/removals/dismiss'],
  ['GET', '/api/setup'],
  ['POST', '/api/setup'],
  ['POST', '/api/sources/northwind/adoption'],
  ['GET', '/api/sources/northwind/webhook'],
  ['GET', '/api/sources/northwind/webhook/guide'],
  ['POST', '/api/sources/northwind/webhook/install'],
  ['POST', '/api/sources/northwind/webhook/remove'],
  ['POST', '/api/sources/northwind/webhook/test'],
] as const;
const forAgents = [
  ['GET', `/api/records/contact/${rowId}`],
  ['GET', '/api/records/contact/by-key/northwind~1'],
  ['POST', `/api/records/contact/${rowId}/sync`],
  ['POST', '/api/records/contact/by-key/northwind~1/sync'],
  ['POST', `/api/records/contact/${rowId}/check`],
  ['POST', '/api/records/contact/by-key/northwind~1/check'],
  ['POST', `/api/records/contact/${rowId}/candidates`],
  ['POST', `/api/records/contact/${rowId}/link`],
] as const;
const forEveryone = [
  ['GET', '/health/live'],
  ['GET', '/health/ready'],
  ['GET', '/api/client-configuration'],
  ['GET', '/openapi.json'],
  ['GET', '/swagger.json'],
  ['GET', '/docs/errors'],
  ['POST', '/webhooks/northwind'],
  ['POST', '/webhooks/northwind/outbound'],
  ['POST', '/webhooks/northwind/outbound/a-secret'],
  ['GET', '/webhooks/northwind'],
  ['GET', '/webhooks/northwind/outbound'],
] as const;

/** Neither a token nor a signature, but a secret of its own: sync-requests.test.ts says which. */
const withItsKey = [['POST', '/dataverse/sync-requests']] as const;

const bodies: Readonly<Record<string, string>> = {
  '/api/runs': '{"sourceId":"northwind"}',
  '/api/sources/northwind/deliveries/replay': '{"ids":[41]}',
  '/api/sources/northwind/failures': '{"action":"retry"}',
  '/api/sources/northwind/removals/approve': '{"table":"contact","atMost":1}',
  '/api/sources/northwind/removals/dismiss': '{"table":"contact"}',
  [`/api/records/contact/${rowId}/link`]: '{"sourceId":"northwind","recordId":"7"}',
  '/api/sign-in': '{"state":"northwind.s","code":"c"}',
};

describe('who may call what', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    server.services.statement = aStatement;
  });
  afterAll(() => server.close());

  const statusOf = async (person: Person | null, method: string, path: string): Promise<number> => {
    // A run that is over, so that its stream ends.
    server.services.feed.push({ ...server.services.known, state: 'succeeded' });
    const response = await server.as(person, path, {
      method,
      ...(method === 'POST' && path in bodies ? { headers: { 'content-type': 'application/json' }, body: bodies[path] ?? '' } : {}),
    });
    await response.arrayBuffer();
    return response.status;
  };

  it.each(forAdmins)('%s %s is for administrators', async (method, path) => {
    expect(await statusOf('admin', method, path)).toBeLessThan(300);
    expect(await statusOf('machine', method, path)).toBeLessThan(300);
    expect(await statusOf('agent', method, path)).toBe(403);
    expect(await statusOf('visitor', method, path)).toBe(403);
    expect(await statusOf(null, method, path)).toBe(401);
  });

  it.each(forAgents)('%s %s is for agents and administrators', async (method, path) => {
    expect(await statusOf('agent', method, path)).toBe(200);
    expect(await statusOf('admin', method, path)).toBe(200);
    expect(await statusOf('visitor', method, path)).toBe(403);
    expect(await statusOf(null, method, path)).toBe(401);
  });

  it.each(forEveryone)('%s %s needs no token', async (method, path) => {
    expect(await statusOf(null, method, path)).toBeLessThan(300);
  });

  it.each(withItsKey)('%s %s is for nobody without its key, whatever the token', async (method, path) => {
    expect(await statusOf('admin', method, path)).toBe(401);
    expect(await statusOf(null, method, path)).toBe(401);
  });

  it('covers every route that the API describes', async () => {
    const { paths } = (await (await server.as(null, '/openapi.json')).json()) as { readonly paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tested = [...forAdmins, ...forAgents, ...forEveryone, ...withItsKey].map(([method, path]) => `${method} ${path}`);
    const pattern = (route: string) => new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`);
    expect(described.filter((route) => !tested.some((call) => pattern(route).test(call)))).toEqual([]);
  });

  it.each([
    ['no header', undefined],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['an empty token', 'Bearer '],
    ['two tokens', 'Bearer admin admin'],
    ['a token that does not count', 'Bearer stranger'],
  ])('asks for a token when there is %s', async (_case, authorization) => {
    const response = await server.as(null, '/api/sources', authorization === undefined ? {} : { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ code: 'identity.unauthorised' });
  });

  it('names the role that is missing', async () => {
    const response = await server.as('agent', '/api/sources');
    expect(await response.json()).toMatchObject({ code: 'identity.forbidden', title: 'This needs the role Sync.Admin' });
  });

  it('does not read the body of a caller who may not call', async () => {
    const response = await server.as('agent', '/api/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'this is not JSON',
    });
    expect(response.status).toBe(403);
  });

  it('refuses to register a route that does not say who may call it', async () => {
    const app = await buildServer({
      services: new RememberingServices(),
      verifier: { verify: () => Promise.reject(new Error('not called')) },
      clientConfiguration: { signIn: { kind: 'entra', authority: 'https://login.microsoftonline.com/t', clientId: 'c', scope: 's' } },
      allowedOrigins: [],
      logger: createLogger({ level: 'silent', destination: { write: () => undefined } }),
    });
    expect(() => app.get('/api/forgotten', async () => 'open')).toThrow('/api/forgotten does not say who may call it');
    await app.close();
  });
});
