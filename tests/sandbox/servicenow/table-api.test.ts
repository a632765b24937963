import { handClock } from '../support/hand-clock.ts';
import type { JsonObject } from '../../support/http-json.ts';
import { type OneRow, type OpenServiceNow, openServiceNow } from './servicenow.ts';

const clock = handClock('2026-05-01T10:00:00.700Z');
let crm: OpenServiceNow;
beforeEach(async () => {
  crm = await openServiceNow({ now: clock.now, accounts: 20, contacts: 1_000 });
});
afterEach(() => crm.close());

const alfreds = async (): Promise<JsonObject> => (await crm.rows('customer_account', 'name=Alfreds Futterkiste'))[0] ?? {};
const maria = async (parameters = {}): Promise<JsonObject> =>
  (await crm.rows('customer_contact', 'user_name=contact.100001', parameters))[0] ?? {};

describe('a row of the Table API (c_TableAPI)', () => {
  it('is text throughout, with "" for nothing, and times in UTC without a word of it', async () => {
    const account = await alfreds();
    expect(account).toMatchObject({
      sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      sys_class_name: 'customer_account',
      number: 'ACCT0000001',
      state: '',
      num_employees: '',
      account_parent: '',
      country: 'Germany',
      sys_updated_on: '2025-01-15 08:00:00',
      sys_mod_count: '0',
    });
    expect(Object.values(account).every((value) => typeof value === 'string')).toBe(true);
  });

  it('points to others with a link, or with their sys_id alone', async () => {
    const { sys_id: accountId } = await alfreds();
    expect((await maria()).account).toEqual({ link: `${crm.url}/api/now/table/customer_account/${String(accountId)}`, value: accountId });
    expect((await maria({ exclude_reference_link: true })).account).toBe(accountId);
    const link = (await maria()).account as { link: string };
    expect((await crm.send<OneRow>(new URL(link.link).pathname)).body.result.name).toBe('Alfreds Futterkiste');
  });

  it('shows what a person would see, or both', async () => {
    const fields = 'account,sys_updated_on,email';
    const shown = { display_value: 'Alfreds Futterkiste', link: expect.any(String) };
    expect(await maria({ fields, display_value: true })).toEqual({ account: shown, sys_updated_on: '2025-01-15 00:00:01', email: '' });
    expect(await maria({ fields, display_value: true, exclude_reference_link: true })).toMatchObject({ account: 'Alfreds Futterkiste' });
    expect(await maria({ fields, display_value: 'all', exclude_reference_link: true })).toEqual({
      account: { display_value: 'Alfreds Futterkiste', value: (await alfreds()).sys_id },
      sys_updated_on: { display_value: '2025-01-15 00:00:01', value: '2025-01-15 08:00:01' },
      email: { display_value: '', value: '' },
    });
  });

  it('has the asked-for fields, those of others too, and of unknown ones not a word', async () => {
    expect(await maria({ fields: 'name,nothing,account.name' })).toEqual({ name: 'Maria Anders', 'account.name': 'Alfreds Futterkiste' });
  });

  it('has a country of three letters at most when it is a contact’s, and free text when it is an account’s', async () => {
    const contacts = await crm.rows('customer_contact', '', { fields: 'country', limit: 2_000 });
    expect(contacts.every(({ country }) => String(country).length <= 3)).toBe(true);
    expect(await crm.countOf('customer_account', 'country=USA')).toBeGreaterThan(0);
  });

  it('may point to an account that is gone', async () => {
    const [lost] = await crm.rows('customer_contact', 'accountISNOTEMPTY^account.nameISEMPTY', { exclude_reference_link: true });
    const answer = await crm.send(`/api/now/table/customer_account/${String(lost?.account)}`);
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual({
      error: { message: 'No Record found', detail: "Record doesn't exist or ACL restricts the record retrieval" },
      status: 'failure',
    });
  });

  it('is created, changed and removed; unknown fields are ignored and long text is cut, without a word', async () => {
    const created = await crm.table<OneRow>('customer_account', {}, { json: { name: 'x'.repeat(90), nothing: 1, num_employees: 7 } });
    expect(created.status).toBe(201);
    const row = created.body.result;
    expect(row).toMatchObject({ name: 'x'.repeat(80), num_employees: '7', sys_created_on: '2026-05-01 10:00:00', sys_mod_count: '0' });
    expect(created.headers.get('location')).toBe(`${crm.url}/api/now/table/customer_account/${String(row.sys_id)}`);

    clock.passMs(5_000);
    const change = async (method: string, json: object) =>
      (await crm.table<OneRow>(`customer_account/${String(row.sys_id)}`, {}, { method, json })).body.result;
    expect(await change('PATCH', { city: 'Oslo' })).toMatchObject({
      city: 'Oslo',
      sys_mod_count: '1',
      sys_updated_on: '2026-05-01 10:00:05',
    });
    clock.passMs(5_000);
    expect(await change('PUT', { city: 'Oslo' })).toMatchObject({ sys_mod_count: '1', sys_updated_on: '2026-05-01 10:00:05' });
    expect((await crm.table(`customer_account/${String(row.sys_id)}`, {}, { method: 'DELETE' })).status).toBe(204);
    expect((await crm.table(`customer_account/${String(row.sys_id)}`)).status).toBe(404);
  });

  it('of a class is a row of the table above it too', async () => {
    const { sys_id: id } = await alfreds();
    expect((await crm.send<OneRow>(`/api/now/table/core_company/${String(id)}`)).body.result).toMatchObject({
      sys_class_name: 'customer_account',
    });
    expect(await crm.countOf('core_company', 'sys_class_name=core_company')).toBe(3);
    expect(await crm.countOf('core_company', '')).toBe((await crm.countOf('customer_account', '')) + 3);
    const [vendor] = await crm.rows('core_company', 'sys_class_name=core_company', { limit: 1 });
    expect((await crm.table(`customer_account/${String(vendor?.sys_id)}`)).status).toBe(404);
  });

  it('is described by the dictionary', async () => {
    const [entry] = await crm.rows('sys_dictionary', 'name=customer_contact^element=last_name');
    expect(entry).toMatchObject({ internal_type: 'string', max_length: '50' });
  });
});

describe('the pages of the Table API', () => {
  const nextIn = (headers: Headers): string | undefined => /<([^>]+)>;rel="next"/.exec(headers.get('link') ?? '')?.[1];

  it('say how many rows there are and where the others stand', async () => {
    const { headers, body } = await crm.table('customer_contact', { query: 'ORDERBYsys_id', limit: 400, offset: 400, fields: 'sys_id' });
    expect(headers.get('x-total-count')).toBe('1042');
    expect(body.result).toHaveLength(400);
    const link = headers.get('link') ?? '';
    for (const [rel, offset] of [
      ['first', 0],
      ['prev', 0],
      ['next', 800],
      ['last', 800],
    ] as const) {
      expect(link).toMatch(new RegExp(`sysparm_offset=${offset}[^>]*>;rel="${rel}"`));
    }
    const last = await crm.send(String(nextIn(headers)).slice(crm.url.length));
    expect(nextIn(last.headers)).toBeUndefined();
  });

  it('hold 10,000 rows when no limit is asked for, and stay silent when asked to', async () => {
    const { headers, body } = await crm.table('customer_contact', { no_count: true, suppress_pagination_header: true, fields: 'sys_id' });
    expect(body.result).toHaveLength(1_042);
    expect(headers.get('x-total-count')).toBeNull();
    expect(headers.get('link')).toBeNull();
  });

  it('bring each row once when read by sys_id, though thousands share one time', async () => {
    const ids: string[] = [];
    for (;;) {
      const query = `sys_updated_on>=2025-01-01 00:00:00^sys_id>${ids.at(-1) ?? ''}^ORDERBYsys_id`;
      const { headers, body } = await crm.table('customer_contact', { query, limit: 100, fields: 'sys_id' });
      ids.push(...body.result.map(({ sys_id: id }) => String(id)));
      if (Number(headers.get('x-total-count')) <= 100) break;
    }
    expect(ids).toHaveLength(1_042);
    expect(new Set(ids).size).toBe(1_042);
  });

  it('are cut before row ACLs hide rows, so that one can be short or empty and not be the last', async () => {
    await crm.set({ hidesEvery: 2 });
    const { headers, body } = await crm.table('customer_contact', { query: 'ORDERBYsys_id', limit: 100 });
    expect(body.result.length).toBeLessThan(80);
    expect(headers.get('x-total-count')).toBe('1042');
    await crm.set({ hidesEvery: 1 });
    const nothing = await crm.table('customer_contact', { limit: 100 });
    expect([nothing.status, nothing.body.result.length, nothing.headers.get('x-total-count')]).toEqual([200, 0, '1042']);
    await crm.set({ hidesEvery: 0 });
    const { sys_id: id } = await alfreds();
    await crm.set({ hidesEvery: 1 });
    expect((await crm.table(`customer_account/${String(id)}`)).status).toBe(404);
  });

  it('are 404 without rows in version 1, and an empty list since version 2', async () => {
    const query = '?sysparm_query=name=nobody';
    expect((await crm.send(`/api/now/v1/table/customer_account${query}`)).status).toBe(404);
    expect((await crm.send(`/api/now/v2/table/customer_account${query}`)).body).toEqual({ result: [] });
    expect((await crm.send(`/api/now/table/customer_account${query}`)).body).toEqual({ result: [] });
  });

  it('are refused for a table that is not there, and for one that the user may not read', async () => {
    expect(await crm.table('nothing')).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid table nothing', detail: null }, status: 'failure' },
    });
    await crm.set({ forbiddenTables: ['sys_audit_delete'] });
    expect((await crm.table('sys_audit_delete')).status).toBe(403);
    expect((await crm.table('sys_audit_delete', {}, { json: {} })).status).toBe(403);
  });

  it('can be counted without reading them (c_AggregateAPI)', async () => {
    const { body } = await crm.send('/api/now/stats/customer_account?sysparm_count=true&sysparm_query=city=Berlin');
    expect(body).toEqual({ result: { stats: { count: String(await crm.countOf('customer_account', 'city=Berlin')) } } });
  });
});

describe('removals and silent changes in ServiceNow', () => {
  const remove = async () => {
    const account = await alfreds();
    await crm.table(`customer_account/${String(account.sys_id)}`, {}, { method: 'DELETE' });
    return account.sys_id;
  };

  it('leave a line in sys_audit_delete, under the row’s own class', async () => {
    const id = await remove();
    const lines = await crm.rows('sys_audit_delete', 'tablename=customer_account^sys_created_on>=2026-05-01 00:00:00^ORDERBYsys_id');
    expect(lines).toEqual([expect.objectContaining({ documentkey: id, tablename: 'customer_account' })]);
  });

  it('leave none where deletions are not audited', async () => {
    await crm.set({ isDeleteAudited: false });
    await remove();
    expect(await crm.rows('sys_audit_delete', '')).toEqual([]);
  });

  it('happen to thousands in one second', async () => {
    clock.passMs(60_000);
    expect(
      (await crm.control('POST', 'mass-update', { table: 'customer_contact', count: 900, values: { title: 'Customer' } })).body,
    ).toEqual({ updated: 900 });
    expect(new Set(await crm.column('customer_contact', 'title=Customer', 'sys_updated_on')).size).toBe(1);
  });

  it('may touch neither sys_updated_on nor sys_mod_count', async () => {
    await crm.control('POST', 'mass-update', { table: 'customer_contact', count: 5, values: { title: 'Silent' }, isSilent: true });
    expect(await crm.countOf('customer_contact', 'title=Silent')).toBe(5);
    expect(await crm.countOf('customer_contact', 'title=Silent^sys_updated_on>=2026-01-01 00:00:00')).toBe(0);
  });
});
