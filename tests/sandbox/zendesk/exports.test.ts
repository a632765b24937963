/** Page: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ */
import { handClock } from '../support/hand-clock.ts';
import { type OpenZendesk, type OrganizationExport, type UserPage, openZendesk } from './zendesk.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenZendesk;
afterEach(() => crm.close());

const usersFrom = async (path: string): Promise<readonly UserPage[]> => {
  const pages = [await crm.users(path)];
  while (pages.at(-1)?.end_of_stream === false) pages.push(await crm.users(pages.at(-1)?.after_url ?? ''));
  return pages;
};

const organizationsFrom = (path: string) => crm.get<OrganizationExport>(path);

describe('the incremental export of users', () => {
  it('gives every change once by cursor, deleted users included, until end_of_stream', async () => {
    crm = await openZendesk({ contacts: 3_000, now: clock.now });
    const pages = await usersFrom('/api/v2/incremental/users/cursor.json?start_time=1&per_page=500');
    const texts = pages.flatMap(({ users }) => users.map(({ url }) => url));
    expect([texts.length, new Set(texts).size]).toEqual([3_045, 3_045]);
    expect(pages.flatMap(({ users }) => users).some(({ active }) => !active)).toBe(true);
    expect(pages.map(({ end_of_stream }) => end_of_stream)).toEqual([false, false, false, false, false, false, true]);
  });

  it('leaves out the last minute, and goes on from the kept cursor', async () => {
    crm = await openZendesk({ now: clock.now });
    const last = (await usersFrom('/api/v2/incremental/users/cursor?start_time=1')).at(-1);
    const [id] = await crm.endUserIds(1);
    await crm.ask('PUT', `/api/v2/users/${id}`, { user: { phone: '+15550100' } });
    expect((await crm.users(last?.after_url ?? '')).users).toEqual([]);
    clock.passMs(60_000);
    const next = await crm.users(last?.after_url ?? '');
    expect(next.users.map((user) => user.id)).toEqual([id]);
    expect((await crm.users(next.after_url ?? '')).users).toEqual([]);
  });

  it('refuses a start within the last minute', async () => {
    crm = await openZendesk({ now: clock.now });
    const nowSeconds = Math.floor(clock.now().getTime() / 1000);
    const { status, body } = await crm.get(`/api/v2/incremental/users/cursor?start_time=${nowSeconds - 30}`);
    expect([status, body.error]).toEqual([422, 'InvalidValue']);
    expect((await crm.get(`/api/v2/incremental/users/cursor?start_time=${nowSeconds - 60}`)).status).toBe(200);
  });

  it('tells of a soft deletion and a merge', async () => {
    crm = await openZendesk({ now: clock.now });
    const [deleted, loser, winner] = await crm.endUserIds(3);
    clock.passMs(10_000);
    const since = Math.floor(clock.now().getTime() / 1000);
    await crm.ask('DELETE', `/api/v2/users/${deleted}`);
    await crm.ask('PUT', `/api/v2/users/${loser}/merge`, { user: { id: winner } });
    clock.passMs(120_000);
    const { users } = await crm.users(`/api/v2/incremental/users/cursor?start_time=${since}`);
    expect(users.map(({ id, active }) => [id, active])).toEqual([
      [deleted, false],
      [loser, false],
      [winner, true],
    ]);
  });
});

describe('the incremental export of organizations', () => {
  it('goes by time alone: a page begins with the second that the one before ended with, so records come twice', async () => {
    crm = await openZendesk({ accounts: 1_000, now: clock.now });
    const pages = [(await organizationsFrom('/api/v2/incremental/organizations?start_time=1&per_page=900')).body];
    while (pages.at(-1)?.end_of_stream === false) pages.push((await organizationsFrom(pages.at(-1)?.next_page ?? '')).body);
    const ids = pages.flatMap(({ organizations }) => organizations.map(({ id }) => id));
    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1_042);
    expect(ids.length).toBeGreaterThan(1_042);
  });

  it('is the same page for ever when more share one second than a page holds', async () => {
    crm = await openZendesk({ accounts: 1_100, now: clock.now });
    await crm.ask('POST', '/sandbox/mass-update', { table: 'accounts', count: 1_142 });
    clock.passMs(120_000);
    const since = Math.floor(clock.now().getTime() / 1000) - 600;
    const first = (await organizationsFrom(`/api/v2/incremental/organizations?start_time=${since}`)).body;
    const second = (await organizationsFrom(first.next_page)).body;
    expect(first.count).toBe(1_000);
    expect(second).toEqual({ ...first, next_page: second.next_page });
    expect(second.end_of_stream).toBe(false);
  });

  it('knows nothing of deleted organizations', async () => {
    crm = await openZendesk({ now: clock.now });
    const before = (await organizationsFrom('/api/v2/incremental/organizations?start_time=1')).body;
    const gone = before.organizations[0]?.id;
    await crm.ask('DELETE', `/api/v2/organizations/${gone}`);
    clock.passMs(120_000);
    const after = (await organizationsFrom('/api/v2/incremental/organizations?start_time=1')).body;
    expect(after.organizations.map(({ id }) => id)).not.toContain(gone);
    expect(after.count).toBe(before.count - 1);
  });
});

describe('the limits of exports', () => {
  it('are 10 a minute, answered 429 with Retry-After and text that is not JSON', async () => {
    crm = await openZendesk({ now: clock.now, settings: { incrementalRequestsPerMinute: 10 } });
    for (let index = 0; index < 10; index += 1) await crm.users('/api/v2/incremental/users/cursor?start_time=1');
    const { status, headers, text } = await crm.get('/api/v2/incremental/organizations?start_time=1');
    expect([status, headers.get('retry-after'), headers.get('content-type')]).toEqual([429, '60', 'text/html; charset=utf-8']);
    expect(text).toBe('Number of allowed incremental export API requests per minute exceeded');
    clock.passMs(60_000);
    expect((await crm.get('/api/v2/incremental/organizations?start_time=1')).status).toBe(200);
  });

  it('are 10 in 20 minutes for samples of 50', async () => {
    crm = await openZendesk({ accounts: 50, now: clock.now });
    const path = '/api/v2/incremental/organizations/sample?start_time=1';
    expect((await organizationsFrom(path)).body.count).toBe(50);
    for (let index = 1; index < 10; index += 1) await crm.get(path);
    expect((await crm.get(path)).status).toBe(429);
    clock.passMs(20 * 60_000);
    expect((await crm.get(path)).status).toBe(200);
  });

  it('are for admins', async () => {
    crm = await openZendesk({ now: clock.now, settings: { callerRole: 'agent' } });
    expect((await crm.get('/api/v2/incremental/users/cursor?start_time=1')).status).toBe(403);
    expect((await crm.get('/api/v2/users')).status).toBe(200);
  });
});
