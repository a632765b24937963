import { clientId, clientSecret } from '../../../../api/sandbox/src/salesforce/data/identity.ts';
import type { SourcePage } from '../../../../api/src/crm/types.ts';
import type { CrmServer } from '../../crm/support/crm-server.ts';
import { type OpenSalesforce, openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { idsOf, never, openSource, readRecords } from './support/open-source.ts';
import { problem, startScriptedOrg } from './support/scripted-org.ts';

const quarterMs = 15 * 60_000;

describe('a Salesforce that says no', () => {
  let crm: OpenSalesforce;
  beforeEach(async () => {
    crm = await openSalesforce({ accounts: 5, contacts: 100 });
    await crm.set({ largestPage: 20 });
  });
  afterEach(() => crm.close());

  it('is left alone for a quarter of an hour when four fifths of the day’s requests are used, but not by who waits for one record', async () => {
    const { connector, contacts, slept } = await openSource(crm.url, { withoutDrivers: true });
    await crm.set({ dailyApiRequests: 10 });
    const pages = contacts.listAll(null, never)[Symbol.asyncIterator]();
    // With whose data it is and which fields there are, these make eight.
    for (let page = 0; page < 6; page += 1) await pages.next();
    await connector.table('contact', 'person').getOne('003000000000001AAA', never);
    expect(slept).toEqual([]);
    const { value } = (await pages.next()) as IteratorYieldResult<SourcePage>;
    expect(value.records).not.toHaveLength(0);
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThan(quarterMs - 10_000);
  });

  it('is asked again a quarter of an hour later when the day’s requests are spent, though it does not say when', async () => {
    const { contacts, slept } = await openSource(crm.url, { withoutDrivers: true });
    await contacts.getOne('003000000000001AAA', never);
    await crm.fault({ kind: 'limitExceeded' });
    expect(await readRecords(contacts.listAll(null, never))).not.toHaveLength(0);
    expect(slept).toContain(quarterMs);
  });

  it('is asked again when it is busy, cuts its answer or ends our session', async () => {
    const { contacts } = await openSource(crm.url, { withoutDrivers: true });
    for (const kind of ['unavailable', 'throttle', 'cutBody', 'unauthorised'])
      await crm.fault({ kind, path: '/services/data/v66.0/query' });
    expect(new Set(idsOf(await readRecords(contacts.listAll(null, never)))).size).toBe(142);
  });

  it('is not followed in a circle, and an empty page is not taken for the last one', async () => {
    const { contacts } = await openSource(crm.url, { withoutDrivers: true });
    await contacts.getOne('003000000000001AAA', never);
    await crm.fault({ kind: 'emptyPage', path: '/services/data/v66.0/query' });
    expect(await readRecords(contacts.listAll(null, never))).toHaveLength(142);
    await crm.fault({ kind: 'repeatedCursor', count: 9, path: '/services/data/v66.0/query' });
    await expect(readRecords(contacts.listAll(null, never))).rejects.toMatchObject({ code: 'crm.paging_stuck' });
  });
});

describe('a refusal that an admin can do something about', () => {
  let org: CrmServer;
  afterEach(() => org.stop());

  it.each([
    [410, 'UNSUPPORTED_API_VERSION', 'Set apiVersion to a newer one'],
    [400, 'INVALID_FIELD', 'Give the user the right to read the field'],
    [400, 'INVALID_TYPE', 'may not read this object'],
    [403, 'API_DISABLED_FOR_ORG', 'API Enabled'],
  ])('says what to do about HTTP %i %s, and takes no record for removed', async (status, code, words) => {
    org = await startScriptedOrg({ answer: ({ path }) => (path.includes('/Contact/003') ? problem(status, code) : undefined) });
    const { contacts } = await openSource(org.url);
    await expect(contacts.getOne('003000000000001AAA', never)).rejects.toMatchObject({
      code: 'crm.explained_refusal',
      message: expect.stringContaining(words) as string,
    });
  });

  it('is no record when Salesforce says that there is none', async () => {
    org = await startScriptedOrg({});
    const { contacts } = await openSource(org.url, { settings: { address: org.url, clientId, clientSecret } });
    expect(await contacts.getOne('003000000000001AAA', never)).toBeNull();
  });
});
