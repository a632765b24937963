import { handClock } from '../support/hand-clock.ts';
import { type OpenNorthwind, openNorthwind } from './northwind.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenNorthwind;
beforeEach(async () => {
  crm = await openNorthwind({ now: clock.now });
});
afterEach(() => crm.close());

const idsOf = (records: readonly { readonly id?: unknown }[]): readonly unknown[] => records.map((record) => record.id);

describe('reading the CRM', () => {
  it('asks for an API key, and says no more than that without the right one', async () => {
    const without = await fetch(`${crm.url}/api/v1/people`);
    const wrong = await fetch(`${crm.url}/api/v1/people`, { headers: { 'x-api-key': 'northwind-sandbox-kez' } });
    expect([without.status, wrong.status]).toEqual([401, 401]);
    expect(await wrong.json()).toEqual({ error: { code: 'unauthorized', message: 'The API key is not valid.' } });
    expect((await crm.get('/api/v1/ping')).status).toBe(200);
  });

  it('holds the sample data: companies by their text id, people by their number, NULL as null', async () => {
    expect((await crm.get('/api/v1/companies/ALFKI')).body).toEqual({
      id: 'ALFKI',
      name: 'Alfreds Futterkiste',
      street: 'Obere Str. 57',
      city: 'Berlin',
      region: null,
      postal_code: '12209',
      country: 'Germany',
      phone: '030-0074321',
      fax: '030-0076545',
      website: null,
      employees: null,
      segment: 'Standard',
      annual_revenue: 48_500,
      currency: 'USD',
      created_at: '2025-01-15T08:00:00.000Z',
      updated_at: null,
      deleted_at: null,
    });
    const person = (await crm.get('/api/v1/people/100005')).body;
    expect(person).toMatchObject({ id: 100005, company_id: 'BERGS', full_name: 'Christina Berglund', city: 'Luleå', email: null });
  });

  it('gives every record exactly once over all pages, by id', async () => {
    const pages = await Promise.all([1, 2, 3, 4, 5].map((page) => crm.page(`/api/v1/people?per_page=10&page=${page}`)));
    expect(pages.map((page) => page.data.length)).toEqual([10, 10, 10, 10, 2]);
    expect(pages[0]).toMatchObject({ page: 1, per_page: 10, total_pages: 5, total: 42 });
    expect(pages.flatMap((page) => idsOf(page.data))).toEqual(Array.from({ length: 42 }, (_, index) => 100_001 + index));
    expect((await crm.page('/api/v1/people?per_page=10&page=6')).data).toEqual([]);
  });

  it('gives what changed since a moment, that moment included, the oldest change first', async () => {
    const before = clock.now().toISOString();
    await crm.ask('PATCH', '/api/v1/companies/CHOPS', { phone: '1' });
    clock.passMs(1_000);
    const moment = clock.now().toISOString();
    await crm.ask('PATCH', '/api/v1/companies/ANATR', { phone: '2' });
    await crm.ask('PATCH', '/api/v1/companies/ALFKI', { phone: '3' });
    expect(idsOf((await crm.page(`/api/v1/companies?updated_since=${before}`)).data)).toEqual(['CHOPS', 'ALFKI', 'ANATR']);
    expect(idsOf((await crm.page(`/api/v1/companies?updated_since=${moment}`)).data)).toEqual(['ALFKI', 'ANATR']);
    const secondPage = await crm.page(`/api/v1/companies?updated_since=${before}&per_page=2&page=2`);
    expect(secondPage).toMatchObject({ total: 3, total_pages: 2 });
    expect(idsOf(secondPage.data)).toEqual(['ANATR']);
  });

  it('counts a record that was never changed by when it was created', async () => {
    expect((await crm.page('/api/v1/companies?updated_since=2025-01-15T08:00:00Z')).total).toBe(42);
    expect((await crm.page('/api/v1/companies?updated_since=2025-01-15T08:00:00.001Z')).total).toBe(0);
    expect((await crm.page('/api/v1/companies?updated_since=2025-01-15T09:00:00%2B01:00')).total).toBe(42);
  });

  it('gives many by their ids, and leaves out those it does not know', async () => {
    const { body } = await crm.get<{ data: readonly { id: unknown }[] }>('/api/v1/people?ids=100003,999,100001');
    expect(idsOf(body.data)).toEqual([100003, 100001]);
  });

  it.each([
    ['/api/v1/people?per_page=501', 'per_page may be at most 500.'],
    ['/api/v1/people?page=0', 'page must be a whole number from 1 on.'],
    ['/api/v1/people?updated_since=yesterday', 'updated_since must be an ISO-8601 moment such as 2026-01-02T03:04:05Z.'],
    ['/api/v1/people?updated_since=2026-01-02T03:04:05+00:00', 'updated_since must be an ISO-8601 moment such as 2026-01-02T03:04:05Z.'],
    ['/api/v1/people?include_deleted=1', 'include_deleted must be true or false.'],
    [`/api/v1/people?ids=${Array.from({ length: 101 }, (_, index) => index).join(',')}`, 'ids must name 1 to 100 records.'],
    ['/api/v1/people?modified_since=2026-01-01T00:00:00Z', 'There is no parameter "modified_since".'],
  ])('refuses %s rather than guess', async (path, message) => {
    const { status, body } = await crm.get(path);
    expect({ status, body }).toEqual({ status: 400, body: { error: { code: 'bad_request', message } } });
  });
});

describe('changing the CRM', () => {
  it('creates a record with an id of its own, found at once', async () => {
    const created = await crm.ask('POST', '/api/v1/people', { full_name: 'New Person', company_id: 'NOBODY' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: 100_043,
      full_name: 'New Person',
      company_id: 'NOBODY',
      created_at: '2026-05-01T10:00:01.000Z',
      updated_at: null,
      deleted_at: null,
    });
    expect((await crm.page('/api/v1/people?per_page=50')).total).toBe(43);
    expect((await crm.ask('POST', '/api/v1/companies', { id: 'ALFKI', name: 'Twin' })).status).toBe(409);
  });

  it('changes only what is given, and stamps it', async () => {
    const before = (await crm.get('/api/v1/people/100001')).body;
    const after = (await crm.ask('PATCH', '/api/v1/people/100001', { phone: '1', email: null })).body;
    expect(after).toEqual({ ...before, phone: '1', updated_at: clock.now().toISOString() });
    expect((await crm.get('/api/v1/people/100001')).body).toEqual(after);
  });

  it('deletes softly: gone from lists, still there for those who ask for it, and told as a change', async () => {
    const since = clock.now().toISOString();
    expect((await crm.ask('DELETE', '/api/v1/people/100007')).status).toBe(204);
    expect((await crm.page('/api/v1/people?per_page=50')).total).toBe(41);
    expect((await crm.page('/api/v1/people?per_page=50&include_deleted=true')).total).toBe(42);
    expect((await crm.get('/api/v1/people/100007')).body).toMatchObject({ id: 100007, deleted_at: since });
    expect((await crm.page(`/api/v1/people?updated_since=${since}`)).total).toBe(0);
    expect(idsOf((await crm.page(`/api/v1/people?updated_since=${since}&include_deleted=true`)).data)).toEqual([100007]);
    expect((await crm.ask('PATCH', '/api/v1/people/100007', { phone: '1' })).status).toBe(409);
    expect((await crm.ask('PATCH', '/api/v1/people/100007', { deleted_at: null })).body).toMatchObject({ deleted_at: null });
    expect((await crm.page('/api/v1/people?per_page=50')).total).toBe(42);
  });

  it.each([
    ['POST', '/api/v1/people', {}],
    ['POST', '/api/v1/people', { full_name: 'A', shoe_size: 44 }],
    ['PATCH', '/api/v1/people/100001', { phone: 12 }],
    ['PATCH', '/api/v1/companies/ALFKI', { employees: '12' }],
  ])('refuses %s %s with %j', async (method, path, body) => {
    expect((await crm.ask(method, path, body)).status).toBe(400);
  });

  it('says 404 for a record that never was', async () => {
    const methods = await Promise.all([
      crm.get('/api/v1/people/1'),
      crm.ask('DELETE', '/api/v1/people/1'),
      crm.ask('PATCH', '/api/v1/people/1', {}),
    ]);
    expect(methods.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
