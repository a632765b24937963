/** Pages: https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/, …/introduction/rate-limits/, …/api_tokens/ */
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenZendesk, client, openZendesk } from './zendesk.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenZendesk;
afterEach(() => crm.close());

const list = '/api/v2/users?page[size]=1';
const redirect_uri = 'http://127.0.0.1:4500/callback';
const readWith = (token: string, path = list) => crm.ask('GET', path, undefined, `Bearer ${token}`);

const install = async (scope = 'read', further: object = {}) => {
  const form = { response_type: 'code', client_id: client.client_id, redirect_uri, scope, state: 'xyz', decision: 'allow' };
  const answer = await ask(`${crm.url}/oauth/authorizations/new`, { form });
  const back = new URL(answer.headers.get('location') ?? '');
  expect(back.searchParams.get('state')).toBe('xyz');
  return crm.token({ grant_type: 'authorization_code', redirect_uri, code: back.searchParams.get('code'), ...further });
};

describe('signing in to Zendesk', () => {
  beforeEach(async () => {
    crm = await openZendesk({ now: clock.now });
  });

  it('gives a confidential client a token for what it asks, without a refresh token', async () => {
    const { body } = await crm.token({ grant_type: 'client_credentials', scope: 'users:read', expires_in: 300 });
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', scope: 'users:read', expires_in: 300 });
    expect((await readWith(body.access_token)).status).toBe(200);
    clock.passMs(300_000);
    const expired = await readWith(body.access_token);
    expect([expired.status, expired.body.error]).toEqual([401, 'invalid_token']);
  });

  it('rotates: a refresh gives two new tokens, and both old ones are dead at once', async () => {
    const { body: first } = await install();
    const { body: second } = await crm.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect((await readWith(first.access_token)).status).toBe(401);
    expect((await readWith(second.access_token)).status).toBe(200);
    const again = await crm.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    expect([again.status, again.body]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  });

  it('ends a refresh token after its days', async () => {
    const { body } = await install('read', { refresh_token_expires_in: 7 * 86_400 });
    clock.passMs(7 * 86_400_000);
    expect((await crm.token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).status).toBe(400);
  });

  it.each([
    ['a wrong secret', { grant_type: 'client_credentials', client_secret: 'wrong' }, 401, 'invalid_client'],
    ['an unknown code', { grant_type: 'authorization_code', code: 'none', redirect_uri }, 400, 'invalid_grant'],
    ['a password', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a life of a minute', { grant_type: 'client_credentials', expires_in: 60 }, 400, 'invalid_request'],
  ])('refuses %s', async (_what, fields, status, error) => {
    const answer = await crm.token(fields);
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ error })]);
  });

  it('wants the scope of what is asked', async () => {
    const { body } = await crm.token({ grant_type: 'client_credentials', scope: 'users:read' });
    const { status, body: refusal } = await readWith(body.access_token, '/api/v2/organizations');
    expect([status, refusal.error]).toEqual([403, 'Forbidden']);
    expect((await crm.ask('DELETE', '/api/v2/users/1', undefined, `Bearer ${body.access_token}`)).status).toBe(403);
  });
});

describe('the end of Zendesk’s API tokens', () => {
  const create = () => crm.ask('POST', '/api/v2/api_tokens', { api_token: { description: 'mine' } });
  beforeEach(async () => {
    crm = await openZendesk({ now: clock.now });
  });

  it('comes in two steps: no new ones, then none at all, while OAuth goes on', async () => {
    expect((await create()).status).toBe(201);
    await crm.ask('PATCH', '/sandbox/settings', { apiTokens: 'creationRefused' });
    expect((await create()).status).toBe(403);
    expect((await crm.get(list)).status).toBe(200);
    await crm.ask('PATCH', '/sandbox/settings', { apiTokens: 'deactivated' });
    expect([(await crm.get(list)).status, (await crm.get(list)).body]).toEqual([401, { error: "Couldn't authenticate you" }]);
    const { body } = await crm.token({ grant_type: 'client_credentials', scope: 'read' });
    expect((await readWith(body.access_token)).status).toBe(200);
  });

  it('leaves passwords refused, as they have been before', async () => {
    const password = Buffer.from('admin@zendesk-sandbox.example:sandboxApiToken000000000000000000000000').toString('base64');
    expect((await crm.ask('GET', list, undefined, `Basic ${password}`)).status).toBe(401);
    expect((await crm.ask('GET', list, undefined, '')).status).toBe(401);
  });
});

describe('Zendesk’s limits', () => {
  it('are told in headers, and answered 429 with the seconds to wait', async () => {
    crm = await openZendesk({ now: clock.now, settings: { requestsPerMinute: 2 } });
    const { headers } = await crm.get(list);
    expect([headers.get('x-rate-limit'), headers.get('x-rate-limit-remaining'), headers.get('ratelimit-limit')]).toEqual(['2', '1', '2']);
    clock.passMs(20_000);
    await crm.get(list);
    const struck = await crm.get(list);
    expect([struck.status, struck.headers.get('retry-after'), struck.text]).toEqual([
      429,
      '40',
      'Number of allowed API requests per minute exceeded',
    ]);
    clock.passMs(40_000);
    expect((await crm.get(list)).status).toBe(200);
  });
});

describe('trouble on request', () => {
  const order = (fault: object) => crm.ask('POST', '/sandbox/faults', { count: 1, ...fault });
  beforeEach(async () => {
    crm = await openZendesk({ contacts: 60, now: clock.now });
  });

  it.each([
    ['unauthorised', 401],
    ['conflict', 409],
    ['throttle', 429],
    ['internal', 500],
    ['badGateway', 502],
    ['unavailable', 503],
  ])('%s answers %i once', async (kind, status) => {
    await order({ kind, retryAfterSeconds: 7 });
    const struck = await crm.get(list);
    expect([struck.status, struck.headers.get('retry-after')]).toEqual([status, '7']);
    expect((await crm.get(list)).status).toBe(200);
  });

  it('gives an empty page that is not the last one', async () => {
    await order({ kind: 'emptyPage' });
    const page = await crm.users(list);
    expect([page.users, page.meta?.has_more]).toEqual([[], true]);
    await order({ kind: 'emptyPage' });
    expect((await crm.users('/api/v2/incremental/users/cursor?start_time=1&per_page=10')).users).toEqual([]);
  });

  it('gives pages whose cursor leads back to them, in every way of paging', async () => {
    const second = (await crm.users(list)).links?.next ?? '';
    await order({ kind: 'repeatedCursor' });
    expect((await crm.users(second)).links?.next).toBe(second);
    const numbered = `${crm.url}/api/v2/users?page=2`;
    await order({ kind: 'repeatedCursor' });
    expect((await crm.users(numbered)).next_page).toBe(numbered);
    const exported = (await crm.users('/api/v2/incremental/users/cursor?start_time=1&per_page=10')).after_url ?? '';
    await order({ kind: 'repeatedCursor' });
    const repeated = await crm.users(exported);
    expect([repeated.after_cursor, repeated.end_of_stream]).toEqual([new URL(exported).searchParams.get('cursor'), false]);
  });

  it('breaks an answer off, and sets the clock', async () => {
    await order({ kind: 'cutBody' });
    await expect(crm.get(list)).rejects.toThrow();
    await crm.ask('PUT', '/sandbox/clock', { skewMs: -7_200_000 });
    expect((await crm.get(list)).headers.get('date')).toBe(new Date(clock.now().getTime() - 7_200_000).toUTCString());
  });
});
