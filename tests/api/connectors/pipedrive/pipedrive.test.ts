import type { SourceConnector, TableName } from '../../../../api/src/crm/types.ts';
import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { openShaped, readSample, rowOf } from '../support/shape-server.ts';
import { apiToken, client, startPipedrive } from './pipedrive-shape.ts';

const atMs = Date.UTC(2026, 0, 2, 9, 30);
const at = (afterMs: number) => `${new Date(atMs + afterMs).toISOString().slice(0, 19)}Z`;
const window = { fromMs: atMs - 60_000, toMs: atMs + 60_000 };
const numbers = (ids: readonly string[]) => ids.map(Number).toSorted((one, other) => one - other);
const upTo = (count: number) => Array.from({ length: count }, (_, position) => position + 1);

let crm: Awaited<ReturnType<typeof startPipedrive>>;
const open = async (settings: Readonly<Record<string, string>> = { apiToken }, rest = {}) =>
  openShaped('pipedrive', { address: crm.url, oauthServer: crm.url, ...settings }, rest);
const changesOf = (connector: SourceConnector, table: TableName) => readRecords(connector.table(table).listChanges(window, null, never));

beforeEach(async () => {
  crm = await startPipedrive();
});
afterEach(() => crm.stop());

describe('Pipedrive through its manifest', () => {
  it.each<readonly [TableName, 'persons' | 'organizations']>([
    ['contact', 'persons'],
    ['account', 'organizations'],
  ])(
    'gives each of 1,201 %s once in the list, and each of them that changed in one second once, in pages of 500',
    async (table, entity) => {
      for (const id of upTo(1201)) crm.put(entity, id, { update_time: at(0) });
      const { connector } = await open();
      const pages = await readPages(connector.table(table).listAll(null, never));
      expect(pages.map(({ records }) => records.length)).toEqual([500, 500, 201]);
      expect(numbers(pages.flatMap(({ records }) => idsOf(records)))).toEqual(upTo(1201));
      expect(numbers(idsOf(await changesOf(connector, table)))).toEqual(upTo(1201));
    },
  );

  it('finds what changed within the window: its beginning counts, its end does not', async () => {
    [-60_001, -60_000, 0, 59_000, 60_000].forEach((afterMs, position) => crm.put('persons', position + 1, { update_time: at(afterMs) }));
    const { connector } = await open();
    expect(numbers(idsOf(await changesOf(connector, 'contact')))).toEqual([2, 3, 4]);
  });

  it('does not miss what changes while the list is read', async () => {
    for (const id of upTo(600)) crm.put('persons', id, { update_time: at(-3_600_000) });
    const { connector } = await open();
    const walk = connector.table('contact').listAll(null, never)[Symbol.asyncIterator]();
    await walk.next();
    crm.put('persons', 7, { first_name: 'Changed', update_time: at(0) });
    while ((await walk.next()).done !== true);
    expect(await changesOf(connector, 'contact')).toMatchObject([{ id: '7', fields: { first_name: 'Changed' } }]);
  });

  it('notices deleted persons: by their mark for 30 days, and by their absence', async () => {
    for (const id of upTo(3)) crm.put('persons', id);
    crm.put('persons', 2, { is_deleted: true });
    const { connector } = await open();
    const contacts = connector.table('contact');
    const ids: string[] = [];
    for await (const page of contacts.listIds(null, never)) ids.push(...page.ids);
    expect(numbers(ids)).toEqual([1, 3]);
    expect(await contacts.getOne('2', never)).toMatchObject({ id: '2', isDeleted: true });
    crm.forget('persons', 2);
    expect(await contacts.getOne('2', never)).toBeNull();
  });

  it('reads many by id, a hundred at a time, and asks again for those that are missing', async () => {
    for (const id of upTo(150)) crm.put('persons', id);
    const { connector } = await open();
    const found = await connector.table('contact').getMany([...upTo(150), 999].map(String), never);
    expect(numbers(idsOf(found))).toEqual(upTo(150));
    expect(crm.asked(/persons$/).map(({ query }) => query.get('ids')?.split(',').length)).toEqual([100, 51]);
    expect(crm.asked(/persons\/999$/).length).toBe(1);
  });

  it('maps an organization and a person', async () => {
    crm.put('organizations', 1);
    crm.put('persons', 1);
    const { connector } = await open();
    const organization = await connector.table('account').getOne('1', never);
    expect(organization).toMatchObject({ url: `${crm.url}/organization/1`, modifiedOnMs: atMs, parentId: null });
    expect(rowOf(connector, 'account', organization)).toEqual({
      name: 'Obere Mühle',
      websiteurl: 'https://obere-muehle.example',
      numberofemployees: 42,
      address1_name: 'Mühlweg 3, 10115 Berlin, Deutschland',
      address1_line1: '3 Mühlweg',
      address1_line2: 'Hinterhaus',
      address1_city: 'Berlin',
      address1_county: null,
      address1_stateorprovince: 'Berlin',
      address1_postalcode: '10115',
      address1_country: 'Germany',
    });
    const person = await connector.table('contact').getOne('1', never);
    expect(person).toMatchObject({ url: `${crm.url}/person/1`, parentId: '1' });
    expect(rowOf(connector, 'contact', person)).toMatchObject({
      firstname: 'Ludwig',
      lastname: 'van Beethoven',
      emailaddress1: 'ludwig@obere-muehle.example',
      emailaddress2: 'ludwig@home.example',
      telephone1: '+49 30 1235',
      telephone2: null,
      mobilephone: '+49 170 1236',
      jobtitle: 'Composer',
      birthdate: '1970-12-16',
      description: 'Prefers e-mail',
      address1_city: 'Berlin',
    });
  });

  it('takes a person off the organization, and leaves what Pipedrive does not mention alone', async () => {
    crm.put('persons', 1, { org_id: null, emails: [], phones: [], job_title: undefined, postal_address: undefined });
    const { connector } = await open();
    const person = await connector.table('contact').getOne('1', never);
    expect(person?.parentId).toBeNull();
    const row = rowOf(connector, 'contact', person);
    expect([row.emailaddress1, row.telephone1, row.mobilephone]).toEqual([null, null, null]);
    expect([row.jobtitle, row.address1_city, row.address1_line1]).toEqual([undefined, undefined, undefined]);
  });
});

describe('signing in to Pipedrive', () => {
  it('works with an API token, and names a wrong one as such', async () => {
    await (await open()).connector.check(never);
    await expect((await open({ apiToken: 'wrong' })).connector.check(never)).rejects.toMatchObject({ code: 'crm.unauthorised' });
  });

  it('works with a refresh token, and asks for another access token when Pipedrive refuses the one it has', async () => {
    const { connector } = await open({ signIn: 'refresh', ...client });
    await connector.check(never);
    crm.endTokens();
    await connector.check(never);
    expect(crm.asked(/oauth\/token/).length).toBe(2);
  });

  it('works with an admin’s browser, once', async () => {
    const { connector, passMs } = await open({ signIn: 'browser', clientId: client.clientId, clientSecret: client.clientSecret });
    const { state, address } = (await connector.browserSignIn?.begin('https://sync.example.com/callback')) ?? { state: '', address: '' };
    expect(address).toContain(`${crm.url}/oauth/authorize?response_type=code&client_id=app-1`);
    await connector.browserSignIn?.finish({ state, code: 'good-code' }, never);
    await connector.check(never);
    passMs(3_600_000);
    await connector.check(never);
    expect(crm.asked(/oauth\/token/).map(({ body }) => new URLSearchParams(body).get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
  });

  it('refuses a token that belongs to another company’s address', async () => {
    crm.sayApiDomain('https://other.pipedrive.com');
    const { connector } = await open({ signIn: 'refresh', ...client });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.host_refused' });
  });

  it('refuses another company under the same source before anything is read', async () => {
    const tenants = createMemoryTenants();
    await (await open({ apiToken }, { tenants })).connector.check(never);
    crm.becomeCompany(99);
    const { connector } = await open({ apiToken }, { tenants });
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
    expect(crm.asked(/persons/).length).toBe(0);
  });
});

describe('Pipedrive’s limits', () => {
  it('a refusal is obeyed to the second', async () => {
    crm.put('persons', 1);
    const { connector, slept } = await open();
    await connector.check(never);
    crm.answerOnce({ status: 429, headers: { 'retry-after': '2' }, body: readSample('pipedrive', 'error-429') });
    expect((await readRecords(connector.table('contact').listAll(null, never))).length).toBe(1);
    expect(slept).toEqual([2000]);
  });

  it('a burst that is nearly used up is waited for', async () => {
    crm.put('persons', 1);
    crm.sayRemaining(1);
    const { connector, slept } = await open();
    await connector.check(never);
    expect(slept).toEqual([]);
    await readRecords(connector.table('contact').listAll(null, never));
    expect(slept.length).toBe(1);
    expect(slept[0]).toBeGreaterThan(1000);
  });

  it('an answer that says no with HTTP 200 is no answer', async () => {
    const { connector } = await open();
    await connector.check(never);
    crm.answerOnce({ body: { success: false, error: 'something went wrong', data: [] } });
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.refused' });
  });
});
