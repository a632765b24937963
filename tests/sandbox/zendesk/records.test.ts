/** Pages: https://developer.zendesk.com/api-reference/introduction/pagination/, …/ticketing/users/users/, …/organizations/organizations/ */
import { handClock } from '../support/hand-clock.ts';
import { type OpenZendesk, type UserPage, openZendesk } from './zendesk.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenZendesk;
beforeEach(async () => {
  crm = await openZendesk({ contacts: 160, accounts: 5, now: clock.now });
});
afterEach(() => crm.close());

const followCursor = async (first: string): Promise<readonly UserPage[]> => {
  const pages = [await crm.users(first)];
  for (let next = pages[0]?.links?.next; next; next = pages.at(-1)?.links?.next) pages.push(await crm.users(next));
  return pages;
};

describe('Zendesk’s lists', () => {
  it('page by cursor when page[size] is given: meta.has_more and links.next, every record once', async () => {
    const pages = await followCursor('/api/v2/users?page[size]=60');
    expect(pages.map(({ meta }) => meta?.has_more)).toEqual([true, true, true, false]);
    const ids = pages.flatMap(({ users }) => users.map(({ id }) => id));
    // 3 who work here, 42 of the sample data and 160 generated, less the two deleted ones.
    expect(new Set(ids.map(String)).size).toBeGreaterThan(200);
    expect((await crm.get('/api/v2/users?page[size]=101')).status).toBe(400);
    expect((await crm.get('/api/v2/users?page[size]=10&page[after]=nonsense')).status).toBe(400);
  });

  it('lead back by links.prev to the page before', async () => {
    const first = await crm.users('/api/v2/users?page[size]=5');
    const second = await crm.users(first.links?.next ?? '');
    expect((await crm.users(second.links?.prev ?? '')).users).toEqual(first.users);
    expect(first.links?.prev).toBeNull();
  });

  it('page by number otherwise: 100 a page, more is cut in silence', async () => {
    const page = await crm.users('/api/v2/users.json?per_page=500');
    expect(page.users).toHaveLength(100);
    expect(page.next_page).toBe(`${crm.url}/api/v2/users?per_page=100&page=2`);
    expect((await crm.users('/api/v2/users?page=3')).next_page).toBeNull();
  });

  it('answer 400 beyond the first 10,000 records of page numbers', async () => {
    expect((await crm.get('/api/v2/users?page=100')).status).toBe(200);
    expect((await crm.get('/api/v2/users?page=101')).status).toBe(400);
    expect((await crm.get('/api/v2/users?page=101&per_page=50')).status).toBe(200);
  });

  it('mix those who work here with customers, unless a role is asked for', async () => {
    const all = await crm.users('/api/v2/users?page[size]=100');
    expect(all.users.map(({ role }) => role).slice(0, 4)).toEqual(['admin', 'agent', 'agent', 'end-user']);
    const pages = await followCursor('/api/v2/users?page[size]=100&role=end-user');
    expect(new Set(pages.flatMap(({ users }) => users.map(({ role }) => role)))).toEqual(new Set(['end-user']));
    expect((await crm.get<{ count: { value: number } }>('/api/v2/users/count?role=admin')).body.count.value).toBe(1);
  });

  it('leave deleted users out, and suspended ones in', async () => {
    const users = (await followCursor('/api/v2/users?page[size]=100')).flatMap((page) => page.users);
    expect(users.every(({ active }) => active)).toBe(true);
    expect(users.some(({ suspended }) => suspended === true)).toBe(true);
    const { body } = await crm.get<{ deleted_users: { active: boolean }[] }>('/api/v2/deleted_users?page[size]=100');
    expect(body.deleted_users.map(({ active }) => active)).toEqual([false, false]);
  });

  it('write ids beyond 2^53 as JSON numbers, digit for digit', async () => {
    const { text } = await crm.get('/api/v2/users/show_many?ids=9007199254740993,9007199254740992');
    expect(text).toContain('"id":9007199254740993,');
    expect(text).toContain('"id":9007199254740992,');
  });
});

describe('one record and many by id', () => {
  it('have a single name, no address of their own, and custom fields for the rest', async () => {
    const [id] = await crm.endUserIds(1);
    const { body } = await crm.get<{ user: Record<string, unknown> }>(`/api/v2/users/${id}.json`);
    expect(body.user).toMatchObject({
      name: 'Maria Anders',
      email: null,
      phone: '030-0074321',
      role: 'end-user',
      external_id: '100001',
      created_at: '2025-01-15T08:00:01Z',
      user_fields: { job_title: 'Sales Representative', city: 'Berlin', country: 'Germany' },
    });
    expect(Object.keys((await crm.get<{ user_fields: object[] }>('/api/v2/user_fields')).body.user_fields[0] ?? {})).toContain('key');
    expect((await crm.get('/api/v2/users/1')).body).toEqual({ error: 'RecordNotFound', description: 'Not found' });
  });

  it('are of an account that its own ticket fields tell apart from others', async () => {
    const subject = async () =>
      (
        await crm.get<{ ticket_fields: readonly { id: number; type: string; removable: boolean }[] }>('/api/v2/ticket_fields')
      ).body.ticket_fields.find(({ type, removable }) => type === 'subject' && !removable)?.id;
    const before = await subject();
    await crm.ask('PATCH', '/sandbox/settings', { systemFieldsFrom: 7_000_000_100 });
    expect([before, await subject()]).toEqual([360_000_000_100, 7_000_000_100]);
  });

  it('are shown up to 100 at once, unknown ones left out', async () => {
    const ids = await crm.endUserIds(3);
    const { body } = await crm.get<UserPage>(`/api/v2/users/show_many.json?ids=${[...ids, 7].join(',')}`);
    expect(body.users.map(({ id }) => id)).toEqual(ids);
    const { body: byExternal } = await crm.get<UserPage>('/api/v2/users/show_many?external_ids=100001');
    expect(byExternal.users.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    const many = Array.from({ length: 101 }, (_, index) => index).join(',');
    expect((await crm.get(`/api/v2/organizations/show_many?ids=${many}`)).status).toBe(400);
  });
});

describe('changing records', () => {
  it('keeps an e-mail address, and an organization’s name, to one record: 422 says which field', async () => {
    const user = { user: { name: 'New', email: 'new@example.com' } };
    expect((await crm.ask('POST', '/api/v2/users', user)).status).toBe(201);
    const { status, body } = await crm.ask<{ error: string; details: object }>('POST', '/api/v2/users', user);
    expect([status, body.error, Object.keys(body.details)]).toEqual([422, 'RecordInvalid', ['email']]);
    const organization = { organization: { name: 'Alfreds Futterkiste' } };
    expect((await crm.ask('POST', '/api/v2/organizations', organization)).body).toMatchObject({
      details: { name: [{ error: 'DuplicateValue' }] },
    });
  });

  it('deletes users softly: found by id with active false, then erased for good under another name', async () => {
    const [id] = await crm.endUserIds(1);
    expect((await crm.ask('DELETE', `/api/v2/users/${id}`)).body.user).toMatchObject({ active: false, name: 'Maria Anders' });
    expect((await crm.get<{ user: object }>(`/api/v2/users/${id}`)).body.user).toMatchObject({ active: false });
    expect((await crm.ask('DELETE', `/api/v2/deleted_users/${id}`)).status).toBe(200);
    expect((await crm.get<{ user: object }>(`/api/v2/users/${id}`)).body.user).toMatchObject({
      active: false,
      name: 'Permanently Deleted User',
      email: null,
      phone: null,
    });
  });

  it('deletes organizations for good, and their users stay without one', async () => {
    const [id] = await crm.endUserIds(1);
    const before = (await crm.get<{ user: { organization_id: number } }>(`/api/v2/users/${id}`)).body.user;
    expect((await crm.ask('DELETE', `/api/v2/organizations/${before.organization_id}`)).status).toBe(204);
    expect((await crm.get(`/api/v2/organizations/${before.organization_id}`)).status).toBe(404);
    expect((await crm.get<{ user: object }>(`/api/v2/users/${id}`)).body.user).toMatchObject({ organization_id: null, active: true });
  });

  it('merges an end user into another: the first is deleted, its address becomes an identity of the second', async () => {
    const [loser, winner] = await crm.endUserIds(2);
    await crm.ask('PUT', `/api/v2/users/${loser}`, { user: { email: 'loser@example.com' } });
    await crm.ask('PUT', `/api/v2/users/${winner}`, { user: { email: 'winner@example.com' } });
    const merged = await crm.ask<{ user: { id: number } }>('PUT', `/api/v2/users/${loser}/merge`, { user: { id: winner } });
    expect(merged.body.user).toMatchObject({ id: winner, email: 'winner@example.com' });
    expect((await crm.get<{ user: object }>(`/api/v2/users/${loser}`)).body.user).toMatchObject({ active: false, email: null });
    const { body } = await crm.get<{ identities: { type: string; value: string; primary: boolean }[] }>(
      `/api/v2/users/${winner}/identities`,
    );
    expect(body.identities.map(({ value, primary }) => [value, primary])).toEqual(
      expect.arrayContaining([
        ['winner@example.com', true],
        ['loser@example.com', false],
      ]),
    );
    expect((await crm.ask('PUT', `/api/v2/users/29185479000000/merge`, { user: { id: winner } })).status).toBe(422);
  });

  it('lets a user belong to several organizations, one of them by default', async () => {
    const ids = await crm.endUserIds(8);
    const read = async (id: number | undefined) =>
      (await crm.get<{ organization_memberships: { id: number; default: boolean }[] }>(`/api/v2/users/${id}/organization_memberships`)).body
        .organization_memberships;
    const memberships = await read(ids[7]);
    expect(memberships.map((membership) => membership.default)).toEqual([true, false]);
    await crm.ask('DELETE', `/api/v2/organization_memberships/${memberships[0]?.id}`);
    expect((await crm.get<{ user: object }>(`/api/v2/users/${ids[7]}`)).body.user).toMatchObject({ organization_id: null });
  });

  it('merges an organization into another: the loser is gone, its users belong to the winner', async () => {
    const { organizations } = (await crm.get<{ organizations: { id: number }[] }>('/api/v2/organizations?page[size]=2')).body;
    const [loser, winner] = organizations.map(({ id }) => id);
    const { body } = await crm.ask<{ organization_merge: object }>('POST', `/api/v2/organizations/${loser}/merge`, {
      organization_merge: { winner_id: winner },
    });
    expect(body.organization_merge).toMatchObject({ status: 'complete' });
    expect((await crm.get(`/api/v2/organizations/${loser}`)).status).toBe(404);
    const [first] = await crm.endUserIds(1);
    expect((await crm.get<{ user: object }>(`/api/v2/users/${first}`)).body.user).toMatchObject({ organization_id: winner });
  });
});
