/** Pages: https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide, …/developer-tooling/platform/usage-guidelines, …/error-handling */
import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { ask } from '../support/ask.ts';
import { handClock } from '../support/hand-clock.ts';
import { type OpenHubSpot, openHubSpot } from './hubspot.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenHubSpot;
afterEach(() => crm.close());

const list = '/crm/v3/objects/contacts?limit=1';
const client = { client_id: hubSpotSandbox.clientId, client_secret: hubSpotSandbox.clientSecret };
const redirect_uri = 'http://127.0.0.1:4500/callback';

interface TokenBody {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly status?: string;
}

const token = async (fields: Readonly<Record<string, string>>, version = 'v3') => {
  const response = await crm.form(`/oauth/${version}/token`, { ...client, ...fields });
  return { status: response.status, body: (await response.json()) as TokenBody };
};

/** Presses a button of the page where a person allows the app. */
const decide = (form: Readonly<Record<string, string>>) => ask(`${crm.url}/oauth/authorize`, { form });

const install = async (scope = 'crm.objects.contacts.read'): Promise<TokenBody> => {
  const asked = { client_id: client.client_id, redirect_uri, scope, state: 'xyz' };
  const answer = await decide({ ...asked, decision: 'allow' });
  const back = new URL(answer.headers.get('location') ?? '');
  expect(back.searchParams.get('state')).toBe('xyz');
  const { body } = await token({ grant_type: 'authorization_code', redirect_uri, code: back.searchParams.get('code') ?? '' });
  return body;
};

describe('signing in to HubSpot', () => {
  beforeEach(async () => {
    crm = await openHubSpot({ now: clock.now });
  });

  it('takes the private app’s token, and says INVALID_AUTHENTICATION to every other', async () => {
    expect((await crm.get(list)).status).toBe(200);
    for (const wrong of ['pat-na1-wrong', '']) {
      const { status, body } = await crm.ask('GET', list, undefined, wrong);
      expect([status, body.category]).toEqual([401, 'INVALID_AUTHENTICATION']);
    }
  });

  it('installs an app by a code that is good once, for a token of 30 minutes', async () => {
    const installed = await install();
    expect(installed.expires_in).toBe(1_800);
    expect((await crm.ask('GET', list, undefined, installed.access_token)).status).toBe(200);
    const again = await token({ grant_type: 'authorization_code', redirect_uri, code: 'used' });
    expect([again.status, again.body.status]).toEqual([400, 'BAD_AUTH_CODE']);
  });

  it('asks a person first, who may say no, and sends nobody to an app that it does not know', async () => {
    const asked = { client_id: client.client_id, redirect_uri, scope: 'oauth', state: 'xyz' };
    const page = await ask(`${crm.url}/oauth/authorize?${new URLSearchParams(asked).toString()}`);
    expect([page.status, page.text.includes('Allow access?')]).toEqual([200, true]);
    const denied = await decide({ ...asked, decision: 'deny' });
    expect(new URL(denied.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
    expect((await decide({ ...asked, client_id: 'other', decision: 'allow' })).status).toBe(400);
    expect((await decide({ ...asked, redirect_uri: 'https://evil.example', decision: 'allow' })).status).toBe(400);
  });

  it('says EXPIRED_AUTHENTICATION afterwards, and refreshes with the same refresh token as often as it likes', async () => {
    const installed = await install();
    clock.passMs(1_800_000);
    const expired = await crm.ask('GET', list, undefined, installed.access_token);
    expect([expired.status, expired.body.category]).toEqual([401, 'EXPIRED_AUTHENTICATION']);
    for (const version of ['v1', 'v3', '2026-03', '2026-09']) {
      const { body } = await token({ grant_type: 'refresh_token', refresh_token: installed.refresh_token }, version);
      expect(body.refresh_token).toBe(installed.refresh_token);
      expect((await crm.ask('GET', list, undefined, body.access_token)).status).toBe(200);
    }
  });

  it('names what was wrong with a refresh: client, secret or token', async () => {
    const refresh = { grant_type: 'refresh_token', refresh_token: 'none' };
    expect((await token(refresh)).body.status).toBe('BAD_REFRESH_TOKEN');
    expect((await token({ ...refresh, client_id: 'other' })).body.status).toBe('BAD_CLIENT_ID');
    expect((await token({ ...refresh, client_secret: 'other' })).body.status).toBe('BAD_CLIENT_SECRET');
  });

  it('wants the scope of what is read: 403 MISSING_SCOPES names it', async () => {
    const { access_token } = await install('crm.objects.companies.read');
    const { status, body } = await crm.ask('GET', list, undefined, access_token);
    expect([status, body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect(JSON.stringify(body.errors)).toContain('crm.objects.contacts.read');
    await crm.ask('PATCH', '/sandbox/settings', { scopes: ['crm.objects.companies.read'] });
    expect((await crm.get(list)).status).toBe(403);
  });

  it('gives an app’s own credentials no portal’s records', async () => {
    const { body } = await token({ grant_type: 'client_credentials', scope: 'developer.webhooks_journal.read' });
    expect((await crm.ask('GET', list, undefined, body.access_token)).status).toBe(401);
  });

  it('tells what a token is', async () => {
    const installed = await install();
    const ask = async (text: string) => (await crm.form('/oauth/2026-03/token/introspect', { token: text })).json();
    expect(await ask(installed.access_token)).toMatchObject({ active: true, hub_id: hubSpotSandbox.portalId });
    expect(await ask('none')).toEqual({ active: false });
  });
});

describe('HubSpot’s limits', () => {
  it('are 190 requests in 10 seconds for a private app, told in headers, then 429 TEN_SECONDLY_ROLLING', async () => {
    crm = await openHubSpot({ now: clock.now, settings: { requestsPerTenSeconds: 3 } });
    const first = await crm.get(list);
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('3');
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('2');
    expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
    expect(first.headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('649999');
    await crm.get(list);
    await crm.get(list);
    const { status, headers, body } = await crm.get(list);
    expect([status, body.policyName, body.errorType, headers.get('retry-after')]).toEqual([
      429,
      'TEN_SECONDLY_ROLLING',
      'RATE_LIMIT',
      null,
    ]);
    clock.passMs(10_000);
    expect((await crm.get(list)).status).toBe(200);
  });

  it('are 5 searches a second, without headers, counted apart', async () => {
    crm = await openHubSpot({ now: clock.now, settings: { searchesPerSecond: 5 } });
    for (let index = 0; index < 5; index += 1) expect((await crm.search('contacts', { limit: 1 })).status).toBe(200);
    const { status, text, headers } = await crm.search('contacts', { limit: 1 });
    expect([status, text.includes('"policyName":"SECONDLY"'), headers.get('x-hubspot-ratelimit-max')]).toEqual([429, true, null]);
    expect((await crm.get(list)).status).toBe(200);
    clock.passMs(1_000);
    expect((await crm.search('contacts', { limit: 1 })).status).toBe(200);
  });

  it('are so many a day, until midnight: 429 DAILY', async () => {
    crm = await openHubSpot({ now: clock.now, settings: { requestsPerDay: 2 } });
    await crm.get(list);
    await crm.get(list);
    expect((await crm.get(list)).body.policyName).toBe('DAILY');
    clock.passMs(86_400_000);
    expect((await crm.get(list)).status).toBe(200);
  });
});

describe('trouble on request', () => {
  const order = (fault: object) => crm.ask('POST', '/sandbox/faults', { count: 1, ...fault });
  beforeEach(async () => {
    crm = await openHubSpot({ contacts: 60, now: clock.now });
  });

  it.each([
    ['unauthorised', 401],
    ['locked', 423],
    ['throttle', 429],
    ['dailyLimit', 429],
    ['migrating', 477],
    ['internal', 500],
    ['badGateway', 502],
    ['unavailable', 503],
    ['timeout', 504],
  ])('%s answers %i once', async (kind, status) => {
    await order({ kind, retryAfterSeconds: 7 });
    const struck = await crm.get(list);
    expect([struck.status, struck.headers.get('retry-after')]).toEqual([status, '7']);
    expect((await crm.get(list)).status).toBe(200);
  });

  it('can wait until the middle of a run', async () => {
    await order({ kind: 'unauthorised', after: 2 });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await crm.get(list)).status);
    expect(statuses).toEqual([200, 200, 401, 200]);
  });

  it('gives an empty page that is not the last one', async () => {
    await order({ kind: 'emptyPage' });
    expect(await crm.page(list)).toEqual({ results: [], paging: { next: expect.objectContaining({ after: '151' }) } });
  });

  it('gives a page, of a list or a search, whose cursor leads to the same page again', async () => {
    await order({ kind: 'repeatedCursor' });
    expect((await crm.page(`${list}&after=201`)).paging?.next.after).toBe('201');
    await order({ kind: 'repeatedCursor' });
    expect((await crm.search('contacts', { after: '20' })).body.paging?.next.after).toBe('20');
  });

  it('breaks an answer off in the middle', async () => {
    await order({ kind: 'cutBody' });
    await expect(crm.get(list)).rejects.toThrow();
  });

  it('sets the CRM’s clock, the Date header and the records’ moments together', async () => {
    await crm.ask('PUT', '/sandbox/clock', { skewMs: 3_600_000 });
    const answer = await crm.ask<{ updatedAt: string }>('PATCH', '/crm/v3/objects/contacts/151', { properties: { phone: '1' } });
    const skewed = clock.now().getTime() + 3_600_000;
    expect(answer.body.updatedAt).toBe(new Date(skewed).toISOString());
    expect(answer.headers.get('date')).toBe(new Date(skewed).toUTCString());
  });

  it('counts what was asked for', async () => {
    await crm.get(list);
    await crm.search('contacts', {});
    expect((await crm.get('/sandbox/statistics')).body.requestsByRoute).toEqual({
      'GET /crm/v3/objects/contacts': 1,
      'POST /crm/objects/2026-03/contacts/search': 1,
    });
  });
});
