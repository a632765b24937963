/** Pages: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide, …/error-handling */
import { handClock } from '../support/hand-clock.ts';
import { type HubSpotPage, type OpenHubSpot, idsOf, openHubSpot } from './hubspot.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenHubSpot;
beforeEach(async () => {
  crm = await openHubSpot({ contacts: 40, accounts: 5, now: clock.now });
});
afterEach(() => crm.close());

const contacts = '/crm/objects/2026-03/contacts';
const companies = '/crm/objects/2026-03/companies';

describe('HubSpot’s lists', () => {
  it('give 10 records unless asked, at most 100, and a cursor while there are more', async () => {
    expect((await crm.page(contacts)).results).toHaveLength(10);
    const first = await crm.page(`${contacts}?limit=60`);
    const second = await crm.page(`${contacts}?limit=60&after=${first.paging?.next.after}`);
    expect(second.paging).toBeUndefined();
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(82);
    const { status, body } = await crm.get(`${contacts}?limit=101`);
    expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('come in the order of the ids’ numbers, which is not that of their text', async () => {
    const ids = idsOf(await crm.page(`${contacts}?limit=100`));
    expect(ids).toEqual(ids.toSorted((a, b) => Number(a) - Number(b)));
    expect(ids).not.toEqual(ids.toSorted());
  });

  it('give the defaults, or what was asked for with the three that are always there; unknown names are left out in silence', async () => {
    const [plain] = (await crm.page(`${contacts}?limit=1`)).results;
    expect(plain).toEqual({
      id: '151',
      properties: {
        createdate: '2025-01-15T08:00:01.000Z',
        email: null,
        firstname: 'Maria',
        hs_object_id: '151',
        lastmodifieddate: '2025-01-15T08:00:01.000Z',
        lastname: 'Anders',
      },
      createdAt: '2025-01-15T08:00:01.000Z',
      updatedAt: '2025-01-15T08:00:01.000Z',
      archived: false,
    });
    const [chosen] = (await crm.page(`${companies}?limit=1&properties=city,nonsense&properties=phone`)).results;
    expect(Object.keys(chosen?.properties ?? {}).toSorted()).toEqual([
      'city',
      'createdate',
      'hs_lastmodifieddate',
      'hs_object_id',
      'phone',
    ]);
  });

  it('answer the same below v3 and below the dated versions', async () => {
    const pages = await Promise.all(
      ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'].map((prefix) => crm.page(`${prefix}/companies`)),
    );
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[2]).toEqual(pages[0]);
  });

  it('hold values that are all text or null, also of numbers', async () => {
    const { results } = await crm.page(`${companies}?limit=100&properties=numberofemployees,name`);
    const values = results.flatMap(({ properties }) => Object.values(properties));
    expect(values.every((value) => value === null || typeof value === 'string')).toBe(true);
    expect(results.some(({ properties }) => /^\d+$/.test(properties.numberofemployees ?? ''))).toBe(true);
  });

  it('refuse an address that asks for more properties than fit', async () => {
    const names = Array.from({ length: 900 }, (_, index) => `property_${index}`).join(',');
    expect((await crm.get(`${contacts}?properties=${names}`)).status).toBe(414);
  });
});

describe('one record and many by id', () => {
  it('are found by id, not by what was archived, and 404 says OBJECT_NOT_FOUND', async () => {
    expect((await crm.ask('DELETE', `${contacts}/151`)).status).toBe(204);
    const { status, body } = await crm.get(`${contacts}/151`);
    expect([status, body.status, body.category]).toEqual([404, 'error', 'OBJECT_NOT_FOUND']);
    expect(typeof body.correlationId).toBe('string');
    expect(await crm.record(`${contacts}/151?archived=true`)).toMatchObject({
      id: '151',
      archived: true,
      archivedAt: clock.now().toISOString(),
    });
    expect(idsOf(await crm.page(`${contacts}?archived=true`))).toEqual(['151']);
    expect(idsOf(await crm.page(contacts))).not.toContain('151');
  });

  it('batch read takes 100 ids, and says 207 with those that are not there', async () => {
    const inputs = ['151', '201', '7'].map((id) => ({ id }));
    const { status, body } = await crm.ask<HubSpotPage & { numErrors: number; errors: unknown }>('POST', `${contacts}/batch/read`, {
      inputs,
      properties: ['city'],
    });
    expect(status).toBe(207);
    expect(idsOf(body)).toEqual(['151', '201']);
    expect(body.errors).toEqual([expect.objectContaining({ category: 'OBJECT_NOT_FOUND', context: { ids: ['7'] } })]);
    const many = Array.from({ length: 101 }, (_, index) => ({ id: String(index) }));
    expect((await crm.ask('POST', `${contacts}/batch/read`, { inputs: many })).status).toBe(400);
    expect((await crm.ask('POST', `${contacts}/batch/read`, { inputs: [{ id: '151' }] })).status).toBe(200);
  });
});

describe('changing records', () => {
  it('stamps contacts in lastmodifieddate and companies in hs_lastmodifieddate', async () => {
    clock.passMs(60_000);
    await crm.ask('PATCH', `${contacts}/151`, { properties: { phone: '1' } });
    const [company] = (await crm.page(`${companies}?limit=1`)).results;
    await crm.ask('PATCH', `${companies}/${company?.id}`, { properties: { phone: '1' } });
    const at = clock.now().toISOString();
    expect((await crm.record(`${contacts}/151`)).properties).toMatchObject({ lastmodifieddate: at });
    expect((await crm.record(`${companies}/${company?.id}`)).properties).toMatchObject({ hs_lastmodifieddate: at });
  });

  it('refuses unknown properties, HubSpot’s own, and a second contact with the same e-mail', async () => {
    expect((await crm.ask('PATCH', `${contacts}/151`, { properties: { shoe_size: '44' } })).status).toBe(400);
    expect((await crm.ask('PATCH', `${contacts}/151`, { properties: { hs_object_id: '1' } })).status).toBe(400);
    const created = await crm.ask('POST', contacts, { properties: { email: 'New@Example.com' } });
    expect([created.status, created.body.properties]).toEqual([201, expect.objectContaining({ email: 'new@example.com' })]);
    expect((await crm.ask('POST', contacts, { properties: { email: 'new@example.com' } })).body.category).toBe('CONFLICT');
  });

  it('merges contacts into the primary one: the loser’s id leads to it, and is told in hs_merged_object_ids', async () => {
    const merged = await crm.ask('POST', `${contacts}/merge`, { primaryObjectId: '151', objectIdToMerge: '201' });
    expect(merged.body).toMatchObject({ id: '151', properties: { hs_merged_object_ids: '201' } });
    expect(await crm.record(`${contacts}/201`)).toMatchObject({ id: '151' });
    expect(idsOf(await crm.page(`${contacts}?limit=100`))).not.toContain('201');
    expect(idsOf(await crm.page(`${contacts}?archived=true`))).toEqual([]);
  });

  it('merges companies into a new record, which takes over the contacts of both', async () => {
    const [one, other] = idsOf(await crm.page(`${companies}?limit=2`));
    const { body } = await crm.ask<{ id: string }>('POST', `${companies}/merge`, { primaryObjectId: one, objectIdToMerge: other });
    expect([one, other]).not.toContain(body.id);
    for (const old of [one, other]) expect((await crm.record(`${companies}/${old}`)).id).toBe(body.id);
    const { body: linked } = await crm.ask<{ results: { to: { toObjectId: number }[] }[] }>(
      'POST',
      '/crm/v4/associations/contacts/companies/batch/read',
      {
        inputs: [{ id: '151' }],
      },
    );
    expect(linked.results[0]?.to[0]?.toObjectId).toBe(Number(body.id));
  });

  it('forgets a contact for good when privacy demands it: no archive, no trace', async () => {
    expect((await crm.ask('POST', `${contacts}/gdpr-delete`, { objectId: '151' })).status).toBe(204);
    expect((await crm.get(`${contacts}/151`)).status).toBe(404);
    expect((await crm.get(`${contacts}/151?archived=true`)).status).toBe(404);
    expect((await crm.page(`${contacts}?archived=true`)).results).toEqual([]);
  });
});

describe('which contact belongs to which company', () => {
  const read = (ids: readonly string[]) =>
    crm.ask<{
      results: readonly {
        from: { id: string };
        to: readonly { toObjectId: number; associationTypes: readonly { typeId: number; label: string | null }[] }[];
      }[];
      numErrors?: number;
    }>('POST', '/crm/associations/2026-03/contacts/companies/batch/read', { inputs: ids.map((id) => ({ id })) });

  it('is told by the primary label, type 1, beside the unlabelled 279; other companies have the latter alone', async () => {
    const { status, body } = await read(['151']);
    const typeIds = body.results[0]?.to.map(({ associationTypes }) => associationTypes.map(({ typeId }) => typeId));
    expect([status, typeIds]).toEqual([200, [[1, 279]]]);
    const { body: two } = await read(['501']);
    expect(two.results[0]?.to.map(({ associationTypes }) => associationTypes[0]?.label)).toEqual(['Primary', null]);
  });

  it('says 207 for contacts that belong to none', async () => {
    const unlinked = (await crm.page(`${contacts}?limit=100&properties=associatedcompanyid`)).results.find(
      ({ properties }) => properties.associatedcompanyid === null,
    );
    const { status, body } = await read(['151', unlinked?.id ?? '']);
    expect([status, body.results.length, body.numErrors]).toEqual([207, 1, 1]);
  });

  it('is no modification of the contact when it changes, though associatedcompanyid follows', async () => {
    const before = await crm.record(`${contacts}/151?properties=associatedcompanyid`);
    clock.passMs(1_000);
    await crm.ask('DELETE', `/crm/v4/objects/contacts/151/associations/companies/${before.properties.associatedcompanyid}`);
    const after = await crm.record(`${contacts}/151?properties=associatedcompanyid`);
    expect(after.properties).toEqual({ ...before.properties, associatedcompanyid: null });
  });
});

describe('what the portal says of itself', () => {
  it('is its id, and each type’s properties', async () => {
    expect((await crm.get('/account-info/v3/details')).body).toMatchObject({ portalId: 62515, uiDomain: 'app.hubspot.com' });
    const { body } = await crm.get<{ results: { name: string }[] }>('/crm/properties/2026-03/contacts');
    expect(body.results.map(({ name }) => name)).toEqual(expect.arrayContaining(['lastmodifieddate', 'jobtitle', 'associatedcompanyid']));
    expect((await crm.get('/crm/v3/properties/companies/hs_lastmodifieddate')).body).toMatchObject({ type: 'datetime' });
    expect((await crm.get('/crm/v3/properties/contacts/hs_lastmodifieddate')).status).toBe(404);
  });
});
