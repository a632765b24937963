/** Page: https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm */
import { handClock } from '../support/hand-clock.ts';
import { type HubSpotRecord, type OpenHubSpot, idsOf, openHubSpot } from './hubspot.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenHubSpot;
afterEach(() => crm.close());

const changedSince = (propertyName: string, moment: Date | string, lastId = '0') => ({
  filterGroups: [
    {
      filters: [
        { propertyName, operator: 'GTE', value: String(new Date(moment).getTime()) },
        { propertyName: 'hs_object_id', operator: 'GT', value: lastId },
      ],
    },
  ],
  sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
  limit: 200,
});

describe('HubSpot’s search', () => {
  beforeEach(async () => {
    crm = await openHubSpot({ contacts: 300, accounts: 20, now: clock.now });
  });

  it('gives the defaults, or exactly the properties that were asked for: nothing is added', async () => {
    const plain = await crm.search('contacts', { limit: 1 });
    expect(Object.keys(plain.body.results[0]?.properties ?? {}).toSorted()).toEqual([
      'createdate',
      'email',
      'firstname',
      'hs_object_id',
      'lastmodifieddate',
      'lastname',
    ]);
    const chosen = await crm.search('contacts', { limit: 1, properties: ['city'] });
    expect(chosen.body.results[0]?.properties).toEqual({ city: 'Berlin' });
  });

  it('joins filters by AND and groups by OR, and counts what it found', async () => {
    const city = (value: string) => ({ propertyName: 'city', operator: 'EQ', value });
    const jobtitle = { propertyName: 'jobtitle', operator: 'CONTAINS_TOKEN', value: 'owner' };
    const { body } = await crm.search('contacts', {
      filterGroups: [{ filters: [city('london'), jobtitle] }, { filters: [city('Luleå')] }],
      properties: ['city', 'jobtitle'],
    });
    expect(body.total).toBe(body.results.length);
    expect(new Set(body.results.map(({ properties }) => properties.city))).toEqual(new Set(['Luleå']));
    expect((await crm.search('companies', { query: 'alfreds' })).body.total).toBe(1);
  });

  it('knows the modification of contacts as lastmodifieddate and of companies as hs_lastmodifieddate, in milliseconds', async () => {
    const all = await crm.search('contacts', changedSince('lastmodifieddate', '2025-01-01'));
    expect(all.body.total).toBe(342);
    expect((await crm.search('companies', changedSince('hs_lastmodifieddate', '2025-01-01'))).body.total).toBe(62);
    expect((await crm.search('contacts', changedSince('hs_lastmodifieddate', '2025-01-01'))).status).toBe(400);
  });

  it('sees a change only some seconds later', async () => {
    const before = clock.now();
    await crm.ask('PATCH', '/crm/v3/objects/contacts/151', { properties: { phone: '1' } });
    expect((await crm.search('contacts', changedSince('lastmodifieddate', before))).body.total).toBe(0);
    clock.passMs(5_000);
    expect(idsOf((await crm.search('contacts', changedSince('lastmodifieddate', before))).body)).toEqual(['151']);
    await crm.ask('PATCH', '/sandbox/settings', { searchLagMs: 0 });
    await crm.ask('PATCH', '/crm/v3/objects/contacts/201', { properties: { phone: '1' } });
    expect((await crm.search('contacts', changedSince('lastmodifieddate', before))).body.total).toBe(2);
  });

  it('never finds what is archived', async () => {
    await crm.ask('DELETE', '/crm/v3/objects/contacts/151');
    clock.passMs(5_000);
    expect(
      (await crm.search('contacts', { filterGroups: [{ filters: [{ propertyName: 'hs_object_id', operator: 'EQ', value: '151' }] }] })).body
        .total,
    ).toBe(0);
  });

  it('takes sorts as objects and as texts', async () => {
    const ids = async (sorts: readonly unknown[]) => idsOf((await crm.search('companies', { sorts, limit: 200 })).body);
    const descending = await ids([{ propertyName: 'hs_object_id', direction: 'DESCENDING' }]);
    expect(await ids(['-hs_object_id'])).toEqual(descending);
    expect(await ids(['hs_object_id'])).toEqual(descending.toReversed());
  });

  const filter = { propertyName: 'city', operator: 'HAS_PROPERTY' };
  it.each([
    ['a page of 201', { limit: 201 }],
    ['six groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: [filter] })) }],
    ['seven filters in a group', { filterGroups: [{ filters: Array.from({ length: 7 }, () => filter) }] }],
    ['19 filters in total', { filterGroups: Array.from({ length: 4 }, () => ({ filters: Array.from({ length: 5 }, () => filter) })) }],
    ['two sorts', { sorts: ['city', 'zip'] }],
    ['an unknown property', { filterGroups: [{ filters: [{ propertyName: 'shoe_size', operator: 'EQ', value: '1' }] }] }],
    ['a moment that is none', { filterGroups: [{ filters: [{ propertyName: 'createdate', operator: 'GT', value: 'yesterday' }] }] }],
    ['a query of 3,001 characters', { query: 'a'.repeat(3_001) }],
  ])('refuses %s', async (_what, body) => {
    const answer = await crm.search('contacts', body);
    expect([answer.status, answer.text.includes('VALIDATION_ERROR')]).toEqual([400, true]);
  });
});

describe('more results than search gives', () => {
  it('end in 400 at 10,000, and are all reached by asking for ids behind the last one', async () => {
    crm = await openHubSpot({ contacts: 12_000, now: clock.now, settings: { searchLagMs: 0 } });
    const before = clock.now();
    expect((await crm.ask('POST', '/sandbox/mass-update', { table: 'contacts', count: 12_000 })).body).toEqual({ updated: 12_000 });

    const last = await crm.search('contacts', { ...changedSince('lastmodifieddate', before), after: '9800' });
    expect([last.status, last.body.total, last.body.results.length]).toEqual([200, 12_000, 200]);
    expect(
      (await crm.search('contacts', { ...changedSince('lastmodifieddate', before), after: last.body.paging?.next.after })).status,
    ).toBe(400);

    const found: HubSpotRecord[] = [];
    for (;;) {
      const { body } = await crm.search('contacts', changedSince('lastmodifieddate', before, found.at(-1)?.id ?? '0'));
      found.push(...body.results);
      if (body.results.length < 200) break;
    }
    expect(new Set(found.map(({ id }) => id)).size).toBe(12_000);
    expect(new Set(found.map(({ updatedAt }) => updatedAt)).size).toBe(1);
  }, 60_000);
});
