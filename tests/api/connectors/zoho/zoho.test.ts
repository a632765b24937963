import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import { createMemoryTenants } from '../../../../api/src/crm/tenant-guard.ts';
import type { SourceConnector, TableName } from '../../../../api/src/crm/types.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { openShaped, readSample, rowOf } from '../support/shape-server.ts';
import { client, startZoho } from './zoho-shape.ts';

const atMs = Date.UTC(2026, 0, 2, 9, 30);
/** As Zoho writes times: in the zone of the organisation. */
const at = (afterMs: number) => `${new Date(atMs + afterMs + 3_600_000).toISOString().slice(0, 19)}+01:00`;
const idOf = (number: number) => String(554_023_000_000_000_000n + BigInt(number));
const upTo = (count: number) => Array.from({ length: count }, (_, position) => idOf(position + 1));
const window = { fromMs: atMs - 60_000, toMs: atMs + 60_000 };
const sorted = (ids: readonly string[]) => [...ids].sort();

let crm: Awaited<ReturnType<typeof startZoho>>;
const open = (settings: Readonly<Record<string, string>> = {}, rest = {}) =>
  openShaped('zoho', { accountsServer: crm.url, ...client, ...settings }, rest);
const changesOf = (connector: SourceConnector, table: TableName) => readRecords(connector.table(table).listChanges(window, null, never));

beforeEach(async () => {
  crm = await startZoho();
});
afterEach(() => crm.stop());

describe('Zoho CRM through its manifest', () => {
  it.each<readonly [TableName, 'Contacts' | 'Accounts']>([
    ['contact', 'Contacts'],
    ['account', 'Accounts'],
  ])(
    'gives each of 2,500 %s once in the list, beyond the 2,000 that pages have numbers for, and each that changed in one second once',
    async (table, module) => {
      for (const id of upTo(2500)) crm.put(module, id, { Modified_Time: at(0) });
      const { connector } = await open();
      const ids = idsOf(await readRecords(connector.table(table).listAll(null, never)));
      expect(sorted(ids)).toEqual(upTo(2500));
      expect(sorted(idsOf(await changesOf(connector, table)))).toEqual(upTo(2500));
      const listed = crm.asked(new RegExp(`${module}$`));
      expect(listed.every(({ query }) => query.has('page') !== query.has('page_token'))).toBe(true);
    },
  );

  it('an empty module, and one in which nothing has changed, are no trouble', async () => {
    const { connector } = await open();
    expect(await readRecords(connector.table('contact').listAll(null, never))).toEqual([]);
    crm.put('Contacts', idOf(1), { Modified_Time: at(-3_600_000) });
    expect(await changesOf(connector, 'contact')).toEqual([]);
  });

  it('finds what changed since, whatever the zone that times are written in', async () => {
    crm.put('Contacts', idOf(1), { Modified_Time: at(-61_000) });
    crm.put('Contacts', idOf(2), { Modified_Time: at(-60_000) });
    crm.put('Contacts', idOf(3), { Modified_Time: '2026-01-02T15:00:00+05:30' });
    const { connector } = await open();
    expect((await changesOf(connector, 'contact')).map(({ id, modifiedOnMs }) => [id, modifiedOnMs])).toEqual([
      [idOf(2), atMs - 60_000],
      [idOf(3), atMs],
    ]);
    expect(crm.asked(/Contacts$/)[0]?.headers['if-modified-since']).toBe('2026-01-02T09:29:00+00:00');
  });

  it('does not miss what changes while the list is read', async () => {
    for (const id of upTo(300)) crm.put('Contacts', id, { Modified_Time: at(-3_600_000) });
    const { connector } = await open();
    const walk = connector.table('contact').listAll(null, never)[Symbol.asyncIterator]();
    await walk.next();
    crm.put('Contacts', idOf(7), { Title: 'Conductor', Modified_Time: at(0) });
    while ((await walk.next()).done !== true);
    expect(await changesOf(connector, 'contact')).toMatchObject([{ id: idOf(7), fields: { Title: 'Conductor' } }]);
  });

  it('reads deleted records from their own list, page after page, each once and only those of the time', async () => {
    crm.delete('Contacts', idOf(900), at(-3_600_000));
    for (const id of upTo(250)) crm.delete('Contacts', id, at(0));
    crm.put('Contacts', idOf(500), { Modified_Time: at(0) });
    const { connector } = await open();
    const changed = await changesOf(connector, 'contact');
    expect(sorted(idsOf(changed.filter(({ isDeleted }) => isDeleted)))).toEqual(upTo(250));
    expect(changed.filter(({ isDeleted }) => !isDeleted)).toMatchObject([{ id: idOf(500) }]);
  });

  it('says of a record whether it is there: one, many, gone, no id at all', async () => {
    for (const id of upTo(120)) crm.put('Contacts', id);
    const { connector } = await open();
    const contacts = connector.table('contact');
    expect(await contacts.getOne(idOf(1), never)).toMatchObject({ id: idOf(1) });
    expect(await contacts.getOne(idOf(999), never)).toBeNull();
    expect(await contacts.getOne('no-id', never)).toBeNull();
    expect(sorted(idsOf(await contacts.getMany([...upTo(120), idOf(999)], never)))).toEqual(upTo(120));
  });

  it('stops with a reason where Zoho’s list ends before its records do', async () => {
    await crm.stop();
    crm = await startZoho({ mostByToken: 400 });
    for (const id of upTo(500)) crm.put('Contacts', id);
    const { connector } = await open();
    await expect(readPages(connector.table('contact').listAll(null, never))).rejects.toMatchObject({
      code: 'crm.paging_stuck',
      details: { problem: expect.stringContaining('not the last') },
    });
  });

  it('begins a list anew when its token has ended, after a pause of more than a day', async () => {
    for (const id of upTo(300)) crm.put('Contacts', id);
    const { connector } = await open();
    const [first] = await readPages(connector.table('contact').listAll(null, never));
    const checkpoint = JSON.parse(JSON.stringify(first?.next).replace('token-200', 'token-of-yesterday')) as never;
    expect(sorted(idsOf(await readRecords(connector.table('contact').listAll(checkpoint, never))))).toEqual(upTo(300));
  });

  it('maps an account and a contact from what its list gives', async () => {
    crm.put('Accounts', idOf(1));
    crm.put('Contacts', idOf(2));
    const { connector } = await open({ organisation: 'org694579981' });
    const [account] = await readRecords(connector.table('account').listAll(null, never));
    expect(account).toMatchObject({
      parentId: '554023000000900001',
      url: `${crm.url}/crm/org694579981/tab/Accounts/${idOf(1)}`,
      modifiedOnMs: atMs,
    });
    expect(rowOf(connector, 'account', account ?? null)).toEqual({
      name: 'Obere Mühle',
      accountnumber: '4711',
      telephone1: '+49 30 1234',
      fax: null,
      websiteurl: 'https://obere-muehle.example',
      tickersymbol: null,
      sic: 8999,
      numberofemployees: 42,
      description: 'Opens at nine',
      'address1_line1,address1_line2,address1_line3': ['Mühlweg 3', 'Hinterhaus', null],
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: '10115',
      address1_country: 'Germany',
    });
    const [contact] = await readRecords(connector.table('contact').listAll(null, never));
    expect(contact).toMatchObject({ parentId: '554023000000900002' });
    const row = rowOf(connector, 'contact', contact ?? null);
    expect(row).toMatchObject({
      salutation: 'Mr.',
      firstname: 'Ludwig',
      lastname: 'van Beethoven',
      emailaddress1: 'ludwig@obere-muehle.example',
      emailaddress2: null,
      telephone1: '+49 30 1235',
      mobilephone: '+49 170 1236',
      jobtitle: 'Composer',
      birthdate: '1970-12-16',
      donotemail: true,
      address1_country: 'Germany',
    });
    // Whatever is mapped is asked for, or the list would not have it.
    expect(Object.values(row)).not.toContain(undefined);
  });

  it('gives no link while it does not know the organisation’s place in addresses', async () => {
    crm.put('Contacts', idOf(2));
    expect(await (await open()).connector.table('contact').getOne(idOf(2), never)).toMatchObject({ url: null });
  });
});

describe('signing in to Zoho', () => {
  it('goes where the answer to the sign-in says, in each data centre, and nowhere else', async () => {
    const manifest = await loadManifest('api/connectors/zoho/manifest.yaml');
    const openAt = (accountsServer: string) => () =>
      openConnector({
        manifest,
        source: { id: 'zoho', settings: { accountsServer, ...client } },
        clock: { nowMs: () => 0 },
        credentials: createMemoryCredentials(),
      });
    for (const end of ['zoho.com', 'zoho.eu', 'zoho.in', 'zoho.com.au', 'zoho.com.cn', 'zoho.jp', 'zoho.sa', 'zohocloud.ca'])
      expect(openAt(`https://accounts.${end}`)().connectorId).toBe('zoho');
    expect(openAt('https://accounts.zoho.com.evil.example')).toThrow(expect.objectContaining({ code: 'source.settings_invalid' }));
  });

  it('asks for a token once for all, and for another when Zoho refuses it, but not within a minute', async () => {
    crm.put('Contacts', idOf(1));
    const { connector, passMs } = await open();
    await Promise.all([connector.check(never), connector.table('contact').getOne(idOf(1), never), connector.check(never)]);
    expect(crm.asked(/token$/).length).toBe(1);
    crm.endTokens();
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.sign_in_too_often' });
    passMs(61_000);
    await connector.check(never);
    expect(crm.asked(/token$/).length).toBe(2);
  });

  it('names a refusal as such, though it comes with HTTP 200', async () => {
    const { connector } = await open({ refreshToken: 'wrong' });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.sign_in_refused', details: { reason: 'invalid_code' } });
  });

  it('works with an admin’s browser, once', async () => {
    const { connector, passMs } = await open({ signIn: 'browser' });
    const { state, address } = (await connector.browserSignIn?.begin('https://sync.example.com/callback')) ?? { state: '', address: '' };
    const { searchParams, pathname } = new URL(address);
    expect([pathname, searchParams.get('access_type'), searchParams.get('prompt')]).toEqual(['/oauth/v2/auth', 'offline', 'consent']);
    await connector.browserSignIn?.finish({ state, code: 'good-code' }, never);
    await connector.check(never);
    passMs(3_600_000);
    await connector.check(never);
    expect(crm.asked(/token$/).length).toBe(2);
  });

  it('says so when a scope is missing, and does not take it for a token that has ended', async () => {
    const { connector } = await open();
    await connector.check(never);
    crm.answerOnce({ status: 401, body: readSample('zoho', 'error-401-scope') });
    await expect(connector.check(never)).rejects.toMatchObject({ code: 'crm.forbidden' });
    expect(crm.asked(/token$/).length).toBe(1);
  });

  it('refuses another organisation under the same source before anything is read', async () => {
    const tenants = createMemoryTenants();
    await (await open({}, { tenants })).connector.check(never);
    crm.becomeOrganisation('1');
    const { connector } = await open({}, { tenants });
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.other_tenant' });
    expect(crm.asked(/Contacts/).length).toBe(0);
  });
});

describe('Zoho’s limits', () => {
  it('a refusal without a time is waited for half a minute', async () => {
    crm.put('Contacts', idOf(1));
    const { connector, slept } = await open();
    await connector.check(never);
    crm.answerOnce({ status: 429, body: readSample('zoho', 'error-429') });
    expect((await readRecords(connector.table('contact').listAll(null, never))).length).toBe(1);
    expect(slept).toEqual([30_000]);
  });

  it('the last credits of the day are left to others: the run stops, to be gone on with later', async () => {
    crm.put('Contacts', idOf(1));
    crm.sayCredits(500);
    const { connector } = await open();
    await connector.check(never);
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({ code: 'crm.rate_limited' });
  });
});
