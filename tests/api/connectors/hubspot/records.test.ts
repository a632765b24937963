import type { SourceConnector, SourceRecord, TableName } from '../../../../api/src/crm/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { type HubSpotRecord, type OpenHubSpot, openHubSpot } from '../../../sandbox/hubspot/hubspot.ts';
import { never, readRecords } from '../../crm/support/people-crm.ts';
import { openConnected, portalId } from './support.ts';

const api = '/crm/objects/2026-09';
const clock = handClock('2026-11-01T10:00:00.000Z');
let crm: OpenHubSpot;
let connector: SourceConnector;
beforeAll(async () => {
  crm = await openHubSpot({ now: clock.now, settings: { searchLagMs: 0 } });
  ({ connector } = await openConnected(crm.url));
});
afterAll(() => crm.close());
beforeEach(() => clock.passMs(3_600_000));

type Type = 'companies' | 'contacts';

const create = async (type: Type, properties: object): Promise<string> =>
  (await crm.ask<HubSpotRecord>('POST', `${api}/${type}`, { properties })).body.id;
const associate = (contactId: string, companyId: string) =>
  crm.ask('PUT', `${api}/contacts/${contactId}/associations/default/companies/${companyId}`);
const merge = async (type: Type, primaryObjectId: string, objectIdToMerge: string): Promise<string> =>
  (await crm.ask<HubSpotRecord>('POST', `${api}/${type}/merge`, { primaryObjectId, objectIdToMerge })).body.id;
const read = async (table: TableName, id: string): Promise<SourceRecord> => {
  const record = await connector.table(table).getOne(id, never);
  if (record === null) throw new Error('It is not there.');
  return record;
};
/** What each column would get. */
const rowOf = (table: TableName, { fields }: SourceRecord) =>
  Object.fromEntries(connector.table(table).columns.map((rule) => [rule.to.join(), rule.read(fields)]));
/** What happened in the last minute. */
const changes = async (table: TableName) => {
  const nowMs = clock.now().getTime();
  const records = await readRecords(connector.table(table).listChanges({ fromMs: nowMs - 60_000, toMs: nowMs + 1_000 }, null, never));
  return records.map(({ id, isDeleted }) => `${id} ${isDeleted ? 'gone' : 'there'}`).sort();
};

describe('records of HubSpot', () => {
  it('are read one by one and several at once, and who is not there is not there', async () => {
    const ids = await Promise.all(['A', 'B', 'C'].map((name) => create('companies', { name })));
    const [gone = ''] = ids;
    await crm.ask('DELETE', `${api}/companies/${gone}`);
    expect(await connector.table('account').getOne(gone, never)).toBeNull();
    expect(await connector.table('account').getOne('999', never)).toBeNull();
    const found = await connector.table('account').getMany([...ids, '999'], never);
    expect(found.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
    expect(found[0]?.modifiedOnMs).toBe(clock.now().getTime());
  });

  it('belong to their primary company, however many others they have', async () => {
    const [first = '', second = ''] = await Promise.all(['First', 'Second'].map((name) => create('companies', { name })));
    const both = await create('contacts', { lastname: 'Both' });
    await associate(both, second);
    await associate(both, first);
    const none = await create('contacts', { lastname: 'None' });
    const noPrimary = await create('contacts', { lastname: 'No primary' });
    await associate(noPrimary, first);
    await associate(noPrimary, second);
    await crm.ask('DELETE', `${api}/contacts/${noPrimary}/associations/companies/${first}`);
    const found = await connector.table('contact').getMany([both, none, noPrimary], never);
    expect(new Map(found.map(({ id, parentId }) => [id, parentId]))).toEqual(
      new Map([
        [both, second],
        [none, null],
        [noPrimary, null],
      ]),
    );
  });

  it('ask for the companies of a whole page at once', async () => {
    await crm.ask('DELETE', '/sandbox/statistics');
    const contacts = await readRecords(connector.table('contact').listAll(null, never));
    const { requestsByRoute } = (await crm.get<{ requestsByRoute: Record<string, number> }>('/sandbox/statistics')).body;
    expect(contacts.some(({ parentId }) => parentId !== null)).toBe(true);
    expect(requestsByRoute['POST /crm/associations/2026-09/contacts/companies/batch/read']).toBe(Math.ceil(contacts.length / 100));
  });

  it('know the company above', async () => {
    const above = await create('companies', { name: 'Above' });
    const below = await create('companies', { name: 'Below', hs_parent_company_id: above });
    expect(await read('account', below)).toMatchObject({ parentId: above });
    expect(await read('account', above)).toMatchObject({ parentId: null });
  });

  it.each([
    ['account', 'companies', { name: 'Acme' }, '0-2'],
    ['contact', 'contacts', { lastname: 'Acme' }, '0-1'],
  ] as const)('are opened by a person where the app shows them: %s', async (table, type, properties, typeId) => {
    const id = await create(type, properties);
    const { url } = await read(table, id);
    expect(url).toBe(`${crm.url}/contacts/${portalId}/record/${typeId}/${id}`);
    expect(await (await fetch(url ?? '')).text()).toContain('Acme');
  });

  it('are opened in the app of the region that the settings name, and never anywhere else', async () => {
    const appAddress = 'https://app-eu1.hubspot.com';
    const { connector: european } = await openConnected(crm.url, {
      settings: { accessToken: 'pat-na1-sandbox00-0000-4000-8000-000000000000', appAddress },
    });
    const id = await create('companies', { name: 'Europe' });
    expect((await european.table('account').getOne(id, never))?.url).toBe(`${appAddress}/contacts/${portalId}/record/0-2/${id}`);
  });
});

describe('what HubSpot no longer has', () => {
  it('is told by the archive, once and no longer than it is new', async () => {
    const goes = await create('companies', { name: 'Goes' });
    const stays = await create('companies', { name: 'Stays' });
    await crm.ask('DELETE', `${api}/companies/${goes}`);
    expect(await changes('account')).toEqual([`${goes} gone`, `${stays} there`].sort());
    clock.passMs(3_600_000);
    expect(await changes('account')).toEqual([]);
  });

  it('is told by whoever it was merged into: of two contacts one stays', async () => {
    const [stays = '', goes = ''] = await Promise.all(['Stays', 'Goes'].map((lastname) => create('contacts', { lastname })));
    clock.passMs(600_000);
    expect(await merge('contacts', stays, goes)).toBe(stays);
    expect(await changes('contact')).toEqual([`${goes} gone`, `${stays} there`].sort());
    expect(await connector.table('contact').getOne(goes, never)).toBeNull();
    expect((await connector.table('contact').getMany([goes, stays], never)).map(({ id }) => id)).toEqual([stays]);
  });

  it('is told by whoever it was merged into: two companies become a third', async () => {
    const [one = '', other = ''] = await Promise.all(['One', 'Other'].map((name) => create('companies', { name })));
    const contact = await create('contacts', { lastname: 'Moves' });
    await associate(contact, other);
    clock.passMs(600_000);
    const third = await merge('companies', one, other);
    expect(await changes('account')).toEqual([`${one} gone`, `${other} gone`, `${third} there`].sort());
    expect(await connector.table('account').getOne(one, never)).toBeNull();
    expect(await read('contact', contact)).toMatchObject({ parentId: third });
  });

  it('is gone without a trace when a person was forgotten, so only the list of all ids shows it', async () => {
    const id = await create('contacts', { lastname: 'Forgotten' });
    await crm.ask('POST', `${api}/contacts/gdpr-delete`, { objectId: id });
    expect(await changes('contact')).toEqual([]);
    const ids: string[] = [];
    for await (const page of connector.table('contact').listIds(null, never)) ids.push(...page.ids);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).not.toContain(id);
    expect(await connector.table('contact').getOne(id, never)).toBeNull();
  });
});

describe('rows of HubSpot records', () => {
  it('a company with everything', async () => {
    const address = { address: 'Hof 1\nStiege 2', address2: 'Tür 3', city: 'Wien', state: 'W', zip: '1010', country: 'AT' };
    const id = await create('companies', {
      name: 'Acme',
      phone: ' +43 1 2 ',
      website: 'acme.example',
      numberofemployees: '12',
      description: 'Old',
      ...address,
    });
    expect(rowOf('account', await read('account', id))).toEqual({
      name: 'Acme',
      telephone1: '+43 1 2',
      websiteurl: 'https://acme.example',
      numberofemployees: '12',
      description: 'Old',
      'address1_line1,address1_line2,address1_line3': ['Hof 1', 'Stiege 2', 'Tür 3'],
      address1_city: 'Wien',
      address1_stateorprovince: 'W',
      address1_postalcode: '1010',
      address1_country: 'Austria',
    });
  });

  it('a company that HubSpot made of an e-mail address: its domain stands for its name and its website', async () => {
    const record = await read('account', await create('companies', { domain: 'acme.example' }));
    expect(rowOf('account', record)).toMatchObject({ name: 'acme.example', websiteurl: 'https://acme.example', numberofemployees: null });
  });

  it('a contact with everything', async () => {
    const address = { address: 'Hof 1', city: 'Wien', state: 'W', zip: '1010', country: 'Österreich' };
    const names = { salutation: 'Dr.', firstname: 'Maria', lastname: 'Anders', jobtitle: 'Owner' };
    const id = await create('contacts', {
      ...names,
      email: 'Maria@Example.com',
      phone: '1',
      mobilephone: '3',
      company: 'Typed by hand',
      ...address,
    });
    expect(rowOf('contact', await read('contact', id))).toEqual({
      salutation: 'Dr.',
      firstname: 'Maria',
      lastname: 'Anders',
      jobtitle: 'Owner',
      emailaddress1: 'maria@example.com',
      telephone1: '1',
      mobilephone: '3',
      'address1_line1,address1_line2,address1_line3': ['Hof 1', null, null],
      address1_city: 'Wien',
      address1_stateorprovince: 'W',
      address1_postalcode: '1010',
      address1_country: 'Österreich',
    });
  });

  it('a contact without a name yet goes by the e-mail address, and null empties a column', async () => {
    const record = await read('contact', await create('contacts', { email: 'who@example.com' }));
    expect(rowOf('contact', record)).toMatchObject({ firstname: null, lastname: 'who@example.com', telephone1: null });
  });

  it('a property that the account does not have leaves the column alone', async () => {
    const record = await read('account', await create('companies', { name: 'Acme' }));
    expect(rowOf('account', { ...record, fields: { ...record.fields, properties: { name: 'Acme' } } })).toMatchObject({
      name: 'Acme',
      telephone1: undefined,
      websiteurl: undefined,
    });
  });
});
