import type { SourcePage, SourceRecord } from '../../../../api/src/crm/types.ts';
import { clientId, clientSecret } from '../../../../api/sandbox/src/salesforce/data/identity.ts';
import { type OpenSalesforce, openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { exportsFrom, idsOf, never, openSource, readPages, readRecords, throughJson } from './support/open-source.ts';

const withoutAttributes = ({ fields, ...record }: SourceRecord) => {
  const { attributes: _attributes, ...rest } = fields;
  return { ...record, fields: rest };
};
const byId = (records: readonly SourceRecord[]) => new Map(records.map((record) => [record.id, withoutAttributes(record)]));

const oddText = 'Says "Grüß Gott, Ihr",\nleaves a line empty\n\nand ends with a comma,';

describe('a large list through Bulk API 2.0', () => {
  let crm: OpenSalesforce;
  beforeEach(async () => {
    crm = await openSalesforce({ accounts: 40, contacts: 260 });
  });
  afterEach(() => crm.close());

  const openExport = () => openSource(crm.url, { change: exportsFrom(1) });
  const create = async (object: string, values: object): Promise<string> =>
    String((await crm.data(`/sobjects/${object}`, { json: values })).body.id);
  const jobs = async (): Promise<readonly { readonly id: string }[]> =>
    (await crm.data<{ readonly records: readonly { readonly id: string }[] }>('/jobs/query')).body.records;
  const requests = async (): Promise<Readonly<Record<string, number>>> => {
    const { body } = await crm.control('GET', 'statistics');
    return body.requestsByRoute as Readonly<Record<string, number>>;
  };
  const jobsCreated = async (): Promise<number> => (await requests())['POST /services/data/:version/jobs/query'] ?? 0;

  it.each([
    ['account', 'Account'],
    ['contact', 'Contact'],
  ] as const)('gives the same records of %s as the REST API, field by field', async (table, object) => {
    const [parent] = await crm.rows('SELECT Id FROM Account LIMIT 1');
    if (object === 'Account') {
      await create('Account', { Name: oddText.slice(0, 40), Description: oddText, NumberOfEmployees: 0, AnnualRevenue: 1234567.5 });
      await create('Account', { Name: 'true', AnnualRevenue: 9_007_199_254_740_991, ParentId: parent?.Id, BillingStreet: 'One\r\nTwo' });
    } else await create('Contact', { LastName: '12', Birthdate: '1990-05-04', HasOptedOutOfEmail: true, AccountId: parent?.Id });
    const rest = await openSource(crm.url, { change: exportsFrom(10_000) });
    const expected = byId(await readRecords(rest.connector.table(table).listAll(null, never)));
    expect(await jobsCreated()).toBe(0);
    const found = await readRecords((await openExport()).connector.table(table).listAll(null, never));
    expect(await jobsCreated()).toBe(1);
    expect(found).toHaveLength(expected.size);
    for (const record of found) expect(withoutAttributes(record)).toEqual(expected.get(record.id));
  });

  it('gives every record once, however small the parts are that Salesforce sends, and deletes its job', async () => {
    await crm.set({ largestBulkPart: 37, bulkPollsUntilDone: 4 });
    const { contacts, slept } = await openExport();
    const pages = await readPages(contacts.listAll(null, never));
    const ids = idsOf(pages.flatMap(({ records }) => records));
    const all = (await crm.walk('SELECT Id FROM Contact')).map(({ Id }) => String(Id));
    expect([...ids].sort()).toEqual([...all].sort());
    expect(pages.at(-1)).toMatchObject({ next: null, expectedRecords: all.length });
    expect(await jobs()).toEqual([]);
    // Looks more and more seldom while Salesforce works.
    expect(slept).toEqual([2_000, 4_000, 8_000, 16_000]);
  });

  it('is left to the REST API below the number of records that the manifest says', async () => {
    const { accounts, contacts } = await openSource(crm.url, { change: exportsFrom(200) });
    await readRecords(accounts.listAll(null, never));
    expect(await jobsCreated()).toBe(0);
    await readRecords(contacts.listAll(null, never));
    expect(await jobsCreated()).toBe(1);
  });

  it('counts a table that cannot be counted in time as a large one', async () => {
    const { accounts } = await openSource(crm.url, { change: exportsFrom(10_000) });
    await accounts.getOne('001000000000001AAA', never);
    await crm.fault({ kind: 'queryTimeout', path: '/services/data/v66.0/query' });
    await readRecords(accounts.listAll(null, never));
    expect(await jobsCreated()).toBe(1);
  });

  it('goes on in the middle in another process, with the same job and without a record twice', async () => {
    await crm.set({ largestBulkPart: 50 });
    const all = (await crm.walk('SELECT Id FROM Contact')).map(({ Id }) => String(Id));
    const read: string[] = [];
    let cursor: SourcePage['next'] = null;
    let processes = 0;
    do {
      processes += 1;
      const { contacts } = await openExport();
      for await (const page of contacts.listAll(throughJson(cursor), never)) {
        read.push(...idsOf(page.records));
        cursor = page.next;
        break;
      }
    } while (cursor !== null);
    expect(processes).toBeGreaterThan(5);
    expect([...read].sort()).toEqual([...all].sort());
    expect(await jobsCreated()).toBe(1);
  });

  it('comes back to the job that it waited for when it was interrupted', async () => {
    await crm.set({ bulkPollsUntilDone: 1_000_000 });
    const interrupted = new AbortController();
    const { contacts } = await openSource(crm.url, {
      change: exportsFrom(1),
      sleep: async (_ms, signal) => {
        interrupted.abort(new Error('the process is asked to stop'));
        signal.throwIfAborted();
      },
    });
    let cursor: SourcePage['next'] = null;
    const reading = async (): Promise<void> => {
      for await (const page of contacts.listAll(null, interrupted.signal)) cursor = page.next;
    };
    await expect(reading()).rejects.toThrow('the process is asked to stop');
    await crm.set({ bulkPollsUntilDone: 0 });
    const again = await openExport();
    expect(await readRecords(again.contacts.listAll(throughJson(cursor), never))).toHaveLength(302);
    expect(await jobsCreated()).toBe(1);
  });

  it('begins a new job where Salesforce no longer has the one that a checkpoint names', async () => {
    await crm.set({ largestBulkPart: 100 });
    const { contacts } = await openExport();
    const [first, second] = await readPages(contacts.listAll(null, never));
    // The first reading has deleted its job.
    for (const { next } of [first, second].filter((page) => page !== undefined)) {
      const again = await openExport();
      expect(await readRecords(again.contacts.listAll(throughJson(next), never))).toHaveLength(302);
    }
    expect(await jobsCreated()).toBe(3);
  });

  it('begins a new job where the one of a checkpoint was made by another version of the API', async () => {
    await crm.set({ largestBulkPart: 100 });
    const { contacts } = await openExport();
    let cursor: SourcePage['next'] = null;
    for await (const page of contacts.listAll(null, never)) {
      cursor = page.next;
      if (page.records.length > 0) break;
    }
    const newer = await openSource(crm.url, {
      change: exportsFrom(1),
      settings: { address: crm.url, clientId, clientSecret, apiVersion: '67.0' },
    });
    expect(await readRecords(newer.contacts.listAll(throughJson(cursor), never))).toHaveLength(302);
  });

  it('says why a job failed, deletes it, and begins a new one the next time', async () => {
    await crm.fault({ kind: 'failedJob', path: '/services/data/v66.0/jobs' });
    const { contacts } = await openExport();
    let cursor: SourcePage['next'] = null;
    const reading = async (): Promise<void> => {
      for await (const page of contacts.listAll(null, never)) cursor = page.next;
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'crm.export_failed',
      isRetryable: true,
      message: expect.stringContaining('InternalServerError') as string,
    });
    expect(await jobs()).toEqual([]);
    expect(await readRecords(contacts.listAll(throughJson(cursor), never))).toHaveLength(302);
  });

  it('says when somebody stopped the job', async () => {
    await crm.set({ bulkPollsUntilDone: 1_000_000 });
    const { contacts } = await openSource(crm.url, {
      change: exportsFrom(1),
      sleep: async () => {
        const [job] = await jobs();
        await crm.data(`/jobs/query/${job?.id ?? ''}`, { method: 'PATCH', json: { state: 'Aborted' } });
      },
    });
    await expect(readRecords(contacts.listAll(null, never))).rejects.toMatchObject({
      code: 'crm.export_failed',
      message: expect.stringContaining('stopped') as string,
    });
  });

  it('does not wait for ever', async () => {
    await crm.set({ bulkPollsUntilDone: 1_000_000 });
    const { contacts, slept } = await openSource(crm.url, { change: exportsFrom(1), oversleeps: 100 });
    await expect(readRecords(contacts.listAll(null, never))).rejects.toMatchObject({ code: 'crm.export_failed' });
    expect(slept.reduce((sum, ms) => sum + ms, 0) * 100).toBeGreaterThan(11 * 60 * 60_000);
  });

  it('outlives an ended session, a cut answer and a busy server on its way', async () => {
    await crm.set({ largestBulkPart: 50 });
    const { contacts } = await openExport();
    await contacts.getOne('003000000000001AAA', never);
    await crm.fault({ kind: 'unauthorised', path: '/services/data/v66.0/jobs' });
    await crm.fault({ kind: 'unavailable', path: '/services/data/v66.0/jobs' });
    await crm.fault({ kind: 'cutBody', after: 5, path: '/services/data/v66.0/jobs' });
    expect(new Set(idsOf(await readRecords(contacts.listAll(null, never)))).size).toBe(302);
  });

  it('is not there for who opens a connector without drivers: the REST API gives the same', async () => {
    const { contacts } = await openSource(crm.url, { change: exportsFrom(1), withoutDrivers: true });
    expect(await readRecords(contacts.listAll(null, never))).toHaveLength(302);
    expect(await jobsCreated()).toBe(0);
  });
});
