import type { SourceConnector, SourcePage, TableName } from '../../../../api/src/crm/types.ts';
import { applicationUser, type Sandbox, startSandbox, tenantId } from '../../../support/sandbox.ts';
import { startCrm } from '../../crm/support/crm-server.ts';
import { idsOf, never, readPages, readRecords } from '../../crm/support/people-crm.ts';
import { openDocumented, readSample, rowOf } from '../support/documented-crm.ts';

/** The sandbox’s Dataverse stands where the other Dynamics 365 would. */
describe('Dynamics 365 through its manifest', () => {
  let sandbox: Sandbox;
  let connector: SourceConnector;
  const settings = (more: object = {}) => ({
    address: sandbox.dataverseUrl,
    signInAddress: sandbox.issuerUrl,
    tenantId,
    ...applicationUser,
    ...more,
  });

  beforeAll(async () => {
    sandbox = await startSandbox();
    ({ connector } = await openDocumented('dynamics', settings()));
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    await sandbox.dataverse.clearFaults();
    await sandbox.dataverse.reset();
  });

  const create = async (set: 'accounts' | 'contacts', rows: readonly object[]): Promise<readonly string[]> => {
    const type = `Microsoft.Dynamics.CRM.${set.slice(0, -1)}`;
    const { Ids } = await sandbox.dataverse.send<{ Ids: readonly string[] }>('POST', `${set}/Microsoft.Dynamics.CRM.CreateMultiple`, {
      Targets: rows.map((row) => ({ '@odata.type': type, ...row })),
    });
    return Ids;
  };
  const createPeople = (count: number) =>
    create(
      'contacts',
      Array.from({ length: count }, (_, position) => ({ lastname: `Number ${position}` })),
    );
  const createOne = async (set: 'accounts' | 'contacts', row: object): Promise<string> => (await create(set, [row]))[0] ?? '';
  const tokenOf = (pages: readonly SourcePage[]): string => pages.at(-1)?.changeToken ?? '';
  const changesAfter = (token: string, table: TableName = 'contact') =>
    connector.table(table).listChanges({ fromMs: 0, toMs: connector.nowMs(), token }, null, never);

  it('gives every contact once, those of one moment too, also while some are changed, made and deleted', async () => {
    const made = await createPeople(2300);
    const [first = '', second = ''] = made;
    const read: string[] = [];
    const pages: SourcePage[] = [];
    for await (const page of connector.table('contact').listAll(null, never)) {
      pages.push(page);
      read.push(...idsOf(page.records));
      if (pages.length > 1) continue;
      await sandbox.dataverse.send('PATCH', `contacts(${first})`, { jobtitle: 'Changed' });
      await sandbox.dataverse.send('DELETE', `contacts(${second})`);
    }
    expect(pages.map(({ records }) => records.length).slice(0, 2)).toEqual([1000, 1000]);
    expect([...new Set(read)].sort()).toEqual([...made].sort());
    expect(new Set(pages.flatMap(({ records }) => records).map(({ modifiedOnMs }) => modifiedOnMs)).size).toBeLessThan(10);
    const next = await readRecords(changesAfter(tokenOf(pages)));
    expect(next.find(({ id }) => id === second)).toMatchObject({ isDeleted: true });
    const seenLast = [...pages.flatMap(({ records }) => records), ...next].findLast(({ id }) => id === first);
    expect(seenLast?.fields).toMatchObject({ jobtitle: 'Changed' });
  });

  it('begins the next reading where the last one ended: changed, made, deactivated and deleted', async () => {
    const [untouched = '', changed = '', deactivated = '', deleted = ''] = await createPeople(4);
    const token = tokenOf(await readPages(connector.table('contact').listAll(null, never)));
    expect(await readRecords(changesAfter(token))).toEqual([]);
    await sandbox.dataverse.send('PATCH', `contacts(${changed})`, { jobtitle: 'Clerk' });
    await sandbox.dataverse.send('PATCH', `contacts(${deactivated})`, { statecode: 1, statuscode: 2 });
    await sandbox.dataverse.send('DELETE', `contacts(${deleted})`);
    const made = await createOne('contacts', { lastname: 'New' });
    const pages = await readPages(changesAfter(token));
    const states = new Map(pages.flatMap(({ records }) => records).map(({ id, isDeleted }) => [id, isDeleted]));
    expect(states).toEqual(
      new Map([
        [changed, false],
        [deactivated, true],
        [made, false],
        [deleted, true],
      ]),
    );
    expect(states.has(untouched)).toBe(false);
    expect(await readRecords(changesAfter(tokenOf(pages)))).toEqual([]);
    const left: string[] = [];
    for await (const { ids } of connector.table('contact').listIds(null, never)) left.push(...ids);
    expect(left.sort()).toEqual([untouched, changed, made].sort());
  });

  it('asks for a full run when the delta link is older than Dataverse keeps changes', async () => {
    await createPeople(1);
    const token = tokenOf(await readPages(connector.table('contact').listAll(null, never)));
    const expired = token.replace(/(deltatoken=\d+!).*$/, `$1${encodeURIComponent('01/01/2020 00:00:00')}`);
    expect(expired).not.toBe(token);
    await expect(readRecords(changesAfter(expired))).rejects.toMatchObject({ code: 'crm.history_expired' });
    expect(connector.table('contact').retentionMs).toBeLessThan(7 * 86_400_000);
  });

  it('finds one and many by id, in as many requests as it takes', async () => {
    const made = await createPeople(230);
    const missing = '99999999-9999-4999-8999-999999999999';
    const contacts = connector.table('contact');
    expect(await contacts.getOne(made[0] ?? '', never)).toMatchObject({ id: made[0], isDeleted: false });
    expect(await contacts.getOne(missing, never)).toBeNull();
    expect([...idsOf(await contacts.getMany([...made, missing], never))].sort()).toEqual([...made].sort());
  });

  it('binds a contact to its account, and to nothing where its company is another contact', async () => {
    const parent = await createOne('accounts', { name: 'Group' });
    const account = await createOne('accounts', { name: 'Company', 'parentaccountid@odata.bind': `/accounts(${parent})` });
    const boss = await createOne('contacts', { lastname: 'Boss', 'parentcustomerid_account@odata.bind': `/accounts(${account})` });
    const helper = await createOne('contacts', { lastname: 'Helper', 'parentcustomerid_contact@odata.bind': `/contacts(${boss})` });
    const parents = new Map((await readRecords(connector.table('contact').listAll(null, never))).map(({ id, parentId }) => [id, parentId]));
    expect(parents).toEqual(
      new Map([
        [boss, account],
        [helper, null],
      ]),
    );
    expect(await connector.table('account').getOne(account, never)).toMatchObject({ parentId: parent });
    expect(await connector.table('account').getOne(parent, never)).toMatchObject({ parentId: null });
  });

  it('maps an account column by column and says where to open it', async () => {
    const columns = {
      name: 'Alfreds Futterkiste',
      accountnumber: 'A-1',
      telephone1: '030-0074321',
      fax: '030-0076545',
      emailaddress1: 'office@alfreds.example',
      websiteurl: 'https://alfreds.example',
      numberofemployees: 12,
      description: 'Two\nlines',
      address1_line1: 'Obere Str. 57',
      address1_line2: null,
      address1_line3: null,
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: '12209',
      address1_country: 'Germany',
    };
    const id = await createOne('accounts', columns);
    const record = await connector.table('account').getOne(id, never);
    expect(rowOf(connector, 'account', record)).toEqual(columns);
    expect(record?.url).toBe(`${sandbox.dataverseUrl}/main.aspx?etn=account&pagetype=entityrecord&id=${id}`);
  });

  it('reads the documented answer of a delta link, with its deleted contact', async () => {
    const body = await readSample<object>('dynamics', 'contacts-delta');
    const token = { token_type: 'Bearer', expires_in: 3599, access_token: 'the-token' };
    const crm = await startCrm(({ path, headers }) => {
      if (path.endsWith('/oauth2/v2.0/token')) return { body: token };
      const isRight = headers.authorization === 'Bearer the-token' && headers.prefer === 'odata.track-changes,odata.maxpagesize=1000';
      if (path.endsWith('/WhoAmI')) return { body: { OrganizationId: '3d8b1f0e-0000-4000-8000-000000000001' } };
      return isRight ? { headers: { 'content-type': 'application/json; odata.metadata=minimal' }, body } : { status: 401, body: {} };
    });
    try {
      const { connector: opened } = await openDocumented('dynamics', settings({ address: crm.url, signInAddress: crm.url }));
      const [page] = await readPages(opened.table('contact').listAll(null, never));
      expect(page?.records).toMatchObject([
        { id: '2e7e5c27-8a34-4ed1-8e2c-8c0d0f6c1a01', isDeleted: false, modifiedOnMs: Date.UTC(2026, 7, 22, 8, 20, 11) },
        { id: '2e7e5c27-8a34-4ed1-8e2c-8c0d0f6c1a02', isDeleted: true },
      ]);
      expect(page?.changeToken).toContain('$deltatoken=919058');
      expect(rowOf(opened, 'contact', page?.records[0] ?? null)).toEqual({
        firstname: 'Monte',
        lastname: 'Orton',
        emailaddress1: 'monte@example.com',
        birthdate: '1980-02-29',
        donotemail: false,
        address1_country: 'Austria',
      });
    } finally {
      await crm.stop();
    }
  });

  it('names a wrong secret as such, and signs in again when its token is refused', async () => {
    const { connector: wrong } = await openDocumented('dynamics', settings({ clientSecret: 'wrong' }));
    await expect(wrong.check(never)).rejects.toMatchObject({ code: 'crm.sign_in_refused' });
    await sandbox.dataverse.addFault({ kind: 'unauthorised', count: 1, path: 'contacts' });
    expect(await readRecords(connector.table('contact').listAll(null, never))).toEqual([]);
  });

  it('waits as long as Dataverse says when its limits are reached', async () => {
    const { connector: opened, slept } = await openDocumented('dynamics', settings());
    await sandbox.dataverse.addFault({ kind: 'throttle', count: 1, retryAfterSeconds: 30, path: 'contacts' });
    expect(await readRecords(opened.table('contact').listAll(null, never))).toEqual([]);
    expect(slept).toContain(30_000);
  });
});
