import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { readSample, rowOf } from '../support/documented-crm.ts';
import { type FreshRecord, type Freshsales, startFreshsales } from './freshsales.ts';

const startMs = Date.UTC(2026, 0, 10);
const iso = (ms: number): string => new Date(ms).toISOString();
const person = (id: number, updatedMs: number, more: object = {}): FreshRecord => ({
  id,
  first_name: 'P',
  last_name: `Number ${id}`,
  created_at: iso(startMs + id),
  updated_at: iso(updatedMs),
  is_deleted: false,
  emails: [],
  sales_accounts: [],
  ...more,
});
const people = (count: number, updatedMs = startMs): readonly FreshRecord[] =>
  Array.from({ length: count }, (_, position) => person(position + 1, updatedMs));
const idsUpTo = (count: number): readonly string[] => Array.from({ length: count }, (_, position) => String(position + 1));

describe('Freshsales through its manifest', () => {
  let fresh: Freshsales;
  let connector: SourceConnector;

  beforeAll(async () => {
    fresh = await startFreshsales();
    ({ connector } = await fresh.open());
  });
  afterAll(() => fresh.crm.stop());
  beforeEach(() => {
    fresh.data.contacts = [];
    fresh.data.sales_accounts = [];
    fresh.crm.takeRequests();
  });
  const contacts = () => connector.table('contact');
  const changedSince = (fromMs: number) => contacts().listChanges({ fromMs, toMs: fromMs + 86_400_000 }, null, never);

  it('gives every contact once, from the view of all contacts, which it looks up once', async () => {
    const { connector: opened } = await fresh.open();
    fresh.data.contacts = people(250);
    const pages = await readPages(opened.table('contact').listAll(null, never));
    expect(pages.flatMap(({ records }) => idsOf(records))).toEqual(idsUpTo(250));
    expect(pages.map(({ expectedRecords }) => expectedRecords)).toEqual([250, 250, 250]);
    await opened.table('contact').getOne('1', never);
    const paths = fresh.crm.takeRequests().map(({ path }) => path.replace('/crm/sales/api', ''));
    expect(paths).toEqual([
      '/sales_accounts/filters',
      '/contacts/filters',
      ...Array.from({ length: 3 }, () => '/contacts/view/17001234502'),
      '/contacts/1',
    ]);
  });

  it('loses nobody while contacts are changed and made during the walk', async () => {
    fresh.data.contacts = people(250);
    const ids: string[] = [];
    for await (const { records } of contacts().listAll(null, never)) {
      ids.push(...idsOf(records));
      fresh.data.contacts = fresh.data.contacts.map((one) => (one.id % 50 === 0 ? { ...one, updated_at: iso(startMs + 999_999) } : one));
      if (ids.length === 100) fresh.data.contacts = [...fresh.data.contacts, person(251, startMs + 1)];
    }
    expect(ids).toEqual(idsUpTo(251));
  });

  it('reads changes from the newest, across pages of one moment, and no page more than it must', async () => {
    fresh.data.contacts = people(450, startMs - 3_600_000).map((one) =>
      one.id <= 150 ? { ...one, updated_at: iso(startMs + 5000) } : one,
    );
    const ids = idsOf(await readRecords(changedSince(startMs)));
    expect([...ids].sort((one, other) => Number(one) - Number(other))).toEqual(idsUpTo(150));
    expect(fresh.crm.takeRequests().filter(({ path }) => path.includes('/view/'))).toHaveLength(2);
  });

  it('finds every other change when a contact changes during the reading of changes', async () => {
    fresh.data.contacts = people(150, startMs + 5000);
    const ids = new Set<string>();
    for await (const { records } of changedSince(startMs)) {
      for (const id of idsOf(records)) ids.add(id);
      fresh.data.contacts = fresh.data.contacts.map((one) => (one.id === 3 ? { ...one, updated_at: iso(startMs + 9000) } : one));
    }
    expect([...ids, '3'].filter((id, position, all) => all.indexOf(id) === position)).toHaveLength(150);
    expect(idsOf(await readRecords(changedSince(startMs + 8000)))).toEqual(['3']);
  });

  it('stops when the CRM does not sort by change, since changes would then be missed in silence', async () => {
    fresh.crm.answerNext({ body: { contacts: [person(1, startMs + 1000), person(2, startMs + 2000)], meta: { total_pages: 1 } } });
    await expect(readRecords(changedSince(startMs))).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });

  it('takes a contact in the recycle bin for deleted, and one that is nowhere for missing', async () => {
    fresh.data.contacts = [person(1, startMs + 1000), person(2, startMs + 1000, { is_deleted: true })];
    const changed = await readRecords(changedSince(startMs));
    expect(changed.map(({ id, isDeleted }) => [id, isDeleted])).toEqual([
      ['2', true],
      ['1', false],
    ]);
    expect(await contacts().getOne('2', never)).toMatchObject({ isDeleted: true });
    expect(await contacts().getOne('3', never)).toBeNull();
    expect(idsOf(await contacts().getMany(['1', '3', '2'], never))).toEqual(['1', '2']);
  });

  it('maps the documented contact: primary e-mail of several, lines of an address, the country by name', async () => {
    const sample = await readSample<{ contacts: readonly FreshRecord[] }>('freshsales', 'contacts-view');
    fresh.data.contacts = sample.contacts;
    const [listed] = await readRecords(contacts().listAll(null, never));
    const record = await contacts().getOne('17008066468', never);
    expect(record).toEqual(listed);
    expect(record).toMatchObject({
      parentId: '17001321830',
      url: `${fresh.crm.url}/crm/sales/contacts/17008066468`,
      modifiedOnMs: Date.UTC(2026, 0, 9, 9, 30),
      isDeleted: false,
    });
    expect(rowOf(connector, 'contact', record)).toEqual({
      firstname: 'Maria',
      lastname: 'Anders',
      jobtitle: 'Sales Representative',
      emailaddress1: 'maria@example.com',
      telephone1: '030-0074321',
      mobilephone: null,
      'address1_line1 address1_line2 address1_line3': ['Obere Str. 57', '2. Stock', null],
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: '12209',
      address1_country: 'Germany',
    });
  });

  it('maps the documented account, and its parent', async () => {
    fresh.data.sales_accounts = (
      await readSample<{ sales_accounts: readonly FreshRecord[] }>('freshsales', 'sales-accounts-view')
    ).sales_accounts;
    const record = await connector.table('account').getOne('17001321830', never);
    expect(await readRecords(connector.table('account').listAll(null, never))).toEqual([record]);
    expect(record).toMatchObject({ parentId: '17001321800', url: `${fresh.crm.url}/crm/sales/accounts/17001321830` });
    expect(rowOf(connector, 'account', record)).toMatchObject({
      name: 'Alfreds Futterkiste',
      telephone1: '030-0074321',
      websiteurl: 'https://alfreds.example',
      numberofemployees: 12,
      address1_country: 'Germany',
    });
  });

  it('takes a first e-mail for the primary one where none is marked, and clears the address of who has none', async () => {
    fresh.data.contacts = [
      person(1, startMs, { emails: [{ value: 'a@example.com', is_primary: false }] }),
      person(2, startMs, { emails: [], email: null }),
      person(3, startMs, { emails: undefined, email: undefined, sales_accounts: undefined }),
    ];
    const records = await readRecords(contacts().listAll(null, never));
    expect(records.map((one) => rowOf(connector, 'contact', one).emailaddress1)).toEqual(['a@example.com', null, undefined]);
    expect(records.map(({ parentId }) => parentId)).toEqual([null, null, undefined]);
  });

  it('names a wrong key as such', async () => {
    const { connector: wrong } = await fresh.open('wrong');
    await expect(wrong.check(never)).rejects.toMatchObject({ code: 'crm.unauthorised' });
  });

  it('waits as long as it is told when the hour’s requests are used up', async () => {
    const { connector: opened, slept } = await fresh.open();
    fresh.crm.answerNext({ status: 429, headers: { 'retry-after': '120' }, body: {} });
    expect(await readRecords(opened.table('contact').listAll(null, never))).toEqual([]);
    expect(slept).toContain(120_000);
  });
});
