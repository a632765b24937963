import type { SourceConnector, TableName } from '../../../../api/src/crm/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { type OpenServiceNow, openServiceNow } from '../../../sandbox/servicenow/servicenow.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { replaceIn } from '../support/open-source.ts';
import { readInSlices } from '../support/slices.ts';
import { openConnected } from './support.ts';

const pagesOf = (size: number) => replaceIn('size: 1000', `size: ${size}`);
const tables = [
  ['account', 'customer_account'],
  ['contact', 'customer_contact'],
] as const;

describe('ServiceNow, read from end to end', () => {
  const clock = handClock('2026-11-01T10:00:00.000Z');
  const startMs = clock.now().getTime();
  let crm: OpenServiceNow;
  let connector: SourceConnector;
  const open = async (contacts: number): Promise<void> => {
    crm = await openServiceNow({ now: clock.now, accounts: 260, contacts });
    connector = (await openConnected(crm.url, { change: pagesOf(100) })).connector;
  };
  beforeEach(async () => {
    await open(260);
  });
  afterEach(() => crm.close());

  const changesOf = (table: TableName, fromMs: number, toMs: number) =>
    readRecords(connector.table(table).listChanges({ fromMs, toMs }, null, never));

  it.each(tables)('gives every %s once, and says at once how many there are', async (table, entity) => {
    const pages = await readPages(connector.table(table).listAll(null, never));
    const ids = pages.flatMap(({ records }) => idsOf(records));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await crm.countOf(entity, ''));
    expect(pages.map(({ expectedRecords }) => expectedRecords)).toEqual(pages.map(() => ids.length));
  });

  it('gives workers who share it the same records as one alone, in about equal parts, and what is made meanwhile', async () => {
    const shared = (await openConnected(crm.url, { change: (text) => pagesOf(100)(text).replace('into: 6', 'into: 6\n      atLeast: 40') }))
      .connector;
    const reader = shared.table('account');
    const whole = idsOf(await readRecords(reader.listAll(null, never)));
    const { slices, records } = await readInSlices(reader, null);
    expect(slices).toHaveLength(6);
    expect(records.flatMap(idsOf)).toEqual(whole);
    for (const some of records) expect(some.length).toBeGreaterThan(whole.length / 20);

    let made = '';
    const later = await readInSlices(reader, null, async () => {
      const { body } = await crm.send<{ readonly result: { readonly sys_id: string } }>('/api/now/table/customer_account', {
        json: { name: 'Made meanwhile' },
      });
      made = body.result.sys_id;
    });
    expect(later.records.flatMap(idsOf).toSorted()).toEqual([...whole, made].toSorted());
    expect((await readInSlices(connector.table('account'), null)).slices).toEqual([]);
  });

  it('goes on from any page after a break, without loss or repetition', async () => {
    const pages = await readPages(connector.table('account').listAll(null, never));
    const first = pages[0];
    const rest = await readRecords(connector.table('account').listAll(first?.next ?? null, never));
    const ids = [...idsOf(first?.records ?? []), ...idsOf(rest)];
    expect(ids).toEqual(pages.flatMap(({ records }) => idsOf(records)));
  });

  it('gives 3,000 records of one second once each, in a full list and among the changes', async () => {
    await crm.close();
    await open(3_000);
    clock.passMs(60_000);
    await crm.control('POST', 'mass-update', { table: 'customer_contact', count: 3_000, values: { phone: '+43 1 1' } });
    const at = clock.now().getTime();
    const changed = idsOf(await changesOf('contact', at - 1_000, at + 1_000));
    expect(changed.length).toBe(3_000);
    expect(new Set(changed).size).toBe(3_000);
    const all = await readRecords(connector.table('contact').listAll(null, never));
    expect(all.filter(({ modifiedOnMs }) => modifiedOnMs === at).length).toBe(3_000);
    expect(new Set(idsOf(all)).size).toBe(all.length);
  });

  it('does not miss a record that changes while the list is read, before or behind the place', async () => {
    const ids: string[] = [];
    let touched: readonly string[] = [];
    clock.passMs(5_000);
    for await (const { records } of connector.table('account').listAll(null, never)) {
      ids.push(...idsOf(records));
      if (touched.length > 0) continue;
      const rows = await crm.rows('customer_account', 'ORDERBYsys_id', { fields: 'sys_id' });
      touched = [rows[0], rows.at(-1)].map((row) => String(row?.sys_id));
      for (const id of touched) await crm.table(`customer_account/${id}`, {}, { method: 'PATCH', json: { city: 'Graz' } });
      await crm.table(`customer_account/${String(rows[150]?.sys_id)}`, {}, { method: 'DELETE' });
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(await crm.countOf('customer_account', ''));
    clock.passMs(60_000);
    const later = await changesOf('account', startMs, clock.now().getTime());
    expect(
      later
        .filter(({ isDeleted }) => !isDeleted)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...touched].sort());
    expect(later.filter(({ isDeleted }) => isDeleted)).toHaveLength(1);
  });

  it('leaves what changes during the reading of changes to the next window, and loses nothing between the two', async () => {
    await crm.control('POST', 'mass-update', { table: 'customer_account', count: 250, values: { city: 'Linz' } });
    const at = clock.now().getTime();
    const first: string[] = [];
    for await (const { records } of connector.table('account').listChanges({ fromMs: at - 1_000, toMs: at + 1_000 }, null, never)) {
      first.push(...idsOf(records));
      clock.passMs(60_000);
      if (first.length <= 100)
        await crm.control('POST', 'mass-update', { table: 'customer_account', count: 250, values: { city: 'Wels' } });
    }
    const second = idsOf(await changesOf('account', at + 1_000, clock.now().getTime() + 1_000));
    expect(new Set([...first, ...second]).size).toBe(250);
    expect(second.length).toBe(250);
  });

  it('finds what is left when row ACLs hide some of every page', async () => {
    await connector.check(never);
    await crm.set({ hidesEvery: 3 });
    const ids = idsOf(await readRecords(connector.table('account').listAll(null, never)));
    expect(ids.length).toBeGreaterThan(100);
    expect(ids.every((id) => Number.parseInt(id.slice(0, 8), 16) % 3 !== 0)).toBe(true);
    await crm.set({ hidesEvery: 0 });
    const all = idsOf(await readRecords(connector.table('account').listAll(null, never)));
    expect(ids).toEqual(all.filter((id) => Number.parseInt(id.slice(0, 8), 16) % 3 !== 0));
  });

  it('stops, and names the right that is missing, when a page is empty although more remains', async () => {
    await connector.check(never);
    await crm.set({ hidesEvery: 1 });
    await expect(readRecords(connector.table('contact').listAll(null, never))).rejects.toMatchObject({
      code: 'crm.paging_stuck',
      details: { problem: expect.stringContaining('give the integration user the right') as string },
    });
  });

  it('stops when the user may not read when records changed: then nobody could tell that the clause on it is left out', async () => {
    const change = (text: string): string => {
      const [before = '', changes = ''] = pagesOf(100)(text).split('  changes:');
      const blind = replaceIn('sys_updated_on', 'sys_not_readable')(changes.replace('"{{fields | join}}"', 'sys_id,name'));
      return `${before}  changes:${blind}`;
    };
    ({ connector } = await openConnected(crm.url, { change }));
    await expect(changesOf('account', startMs, startMs + 1_000)).rejects.toMatchObject({
      code: 'crm.forbidden',
      details: { what: 'the changes of account (GET /customer_account)' },
    });
  });

  it('asks again when a transaction was cancelled and only a part of the page came', async () => {
    await crm.fault({ kind: 'cancelled', path: '/api/now/v2/table/customer_account', after: 1 });
    const ids = idsOf(await readRecords(connector.table('account').listAll(null, never)));
    expect(new Set(ids).size).toBe(await crm.countOf('customer_account', ''));
  });

  it('goes on after an answer that broke off and one that said 503', async () => {
    await crm.fault({ kind: 'cutBody', path: '/api/now/v2/table/customer_account', after: 1 });
    await crm.fault({ kind: 'unavailable', path: '/api/now/v2/table/customer_account' });
    const ids = idsOf(await readRecords(connector.table('account').listAll(null, never)));
    expect(new Set(ids).size).toBe(await crm.countOf('customer_account', ''));
  });

  it('lists the ids of all that are there, and of no contact that is not active', async () => {
    const [row] = await crm.rows('customer_contact', '', { limit: 1 });
    await crm.table(`customer_contact/${String(row?.sys_id)}`, {}, { method: 'PATCH', json: { active: 'false' } });
    const ids: string[] = [];
    for await (const page of connector.table('contact').listIds(null, never)) ids.push(...page.ids);
    expect(ids).not.toContain(row?.sys_id);
    expect(new Set(ids).size).toBe((await crm.countOf('customer_contact', '')) - 1);
  });
});

describe('ServiceNow without Customer Service Management', () => {
  it('is read from companies and users, when the copied manifest says so in four places', async () => {
    const crm = await openServiceNow();
    try {
      const change = (text: string): string =>
        [
          replaceIn('entity: customer_account', 'entity: core_company\n    skip: customer == "false"\n    fields: { always: [customer] }'),
          replaceIn('path: account_parent', 'path: parent'),
          replaceIn('entity: customer_contact', 'entity: sys_user\n    skip: company == ""'),
          replaceIn('parent: { path: account,', 'parent: { path: company,'),
        ].reduce((changed, apply) => apply(changed), text);
      const { connector } = await openConnected(crm.url, { change });
      const companies = await readRecords(connector.table('account').listAll(null, never));
      expect(companies.filter(({ isSkipped }) => isSkipped)).toHaveLength(3);
      expect(companies.length).toBe(await crm.countOf('core_company', ''));
      expect((await readRecords(connector.table('contact').listAll(null, never))).length).toBe(await crm.countOf('sys_user', ''));
    } finally {
      await crm.close();
    }
  });
});
