import { createHostPolicy } from '../../../../api/src/crm/http/allowed-hosts.ts';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { createDeepLink } from '../../../../api/src/crm/reader/deep-link.ts';
import { type OpenSalesforce, openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { idsOf, manifestFile, never, openSource, type OpenedSource, readPages, readRecords } from './support/open-source.ts';

describe('a Salesforce organisation through its connector', () => {
  let crm: OpenSalesforce;
  let source: OpenedSource;
  beforeAll(async () => {
    crm = await openSalesforce({ accounts: 60, contacts: 500 });
    await crm.set({ largestPage: 50 });
    source = await openSource(crm.url);
  });
  afterAll(() => crm.close());

  const allIds = async (object: string): Promise<readonly unknown[]> => (await crm.walk(`SELECT Id FROM ${object}`)).map(({ Id }) => Id);

  it('can be reached', async () => {
    expect(await source.connector.check(never)).toMatchObject({ isReachable: true });
  });

  it.each([
    ['account', 'Account'],
    ['contact', 'Contact'],
  ] as const)('gives every %s once, page after page, and knows how many there are', async (table, object) => {
    const pages = await readPages(source.connector.table(table).listAll(null, never));
    const ids = idsOf(pages.flatMap(({ records }) => records));
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual([...(await allIds(object))].sort());
    expect(pages[0]?.expectedRecords).toBe(ids.length);
  });

  it('lists the ids alone for noticing what is gone', async () => {
    const ids: string[] = [];
    for await (const page of source.contacts.listIds(null, never)) ids.push(...page.ids);
    expect(ids.sort()).toEqual([...(await allIds('Contact'))].sort());
  });

  it('reads one record by either form of its id, and tells a missing and a deleted one from a failure', async () => {
    const [row] = await crm.rows('SELECT Id, AccountId FROM Contact WHERE AccountId != null LIMIT 1');
    const id = String(row?.Id);
    expect(source.contacts.readId(id.slice(0, 15))).toBe(id);
    const record = await source.contacts.getOne(id, never);
    expect(record).toMatchObject({ id, parentId: row?.AccountId, isDeleted: false, url: `${crm.url}/lightning/r/Contact/${id}/view` });
    expect(await source.contacts.getOne('003000000000001AAA', never)).toBeNull();
    const { body } = await crm.data('/sobjects/Contact', { json: { LastName: 'Here for a moment' } });
    await crm.data(`/sobjects/Contact/${String(body.id)}`, { method: 'DELETE' });
    expect(await source.contacts.getOne(String(body.id), never)).toBeNull();
  });

  it('reads hundreds of records by id in one request, leaving out those that are gone', async () => {
    const ids = idsOf(await readRecords(source.contacts.listAll(null, never))).slice(0, 300);
    await crm.control('DELETE', 'statistics');
    const found = await source.contacts.getMany([...ids, '003000000000001AAA'], never);
    expect([...idsOf(found)].sort()).toEqual([...ids].sort());
    const { body } = await crm.control('GET', 'statistics');
    expect(body.requestsByRoute).toEqual({
      'POST /services/data/:version/composite/sobjects/:object': 1,
      'GET /services/data/:version/sobjects/:object/:id': 1,
    });
  });

  it('opens records in Lightning, whose host goes by another name than the API’s', async () => {
    const { defaults, connection } = await loadManifest(manifestFile);
    const address = 'https://acme--test.sandbox.my.salesforce.com';
    const policy = createHostPolicy({ baseUrl: address, hosts: connection.hosts ?? [], allowPrivateNetwork: false });
    const link = createDeepLink(defaults?.link, { address }, policy, 'Account');
    expect(link('001000000000001AAA', {})).toBe(
      'https://acme--test.sandbox.lightning.force.com/lightning/r/Account/001000000000001AAA/view',
    );
  });
});
