/**
 * The sandbox as an independent client sees it: the npm package dynamics-web-api, which many projects read and write Dataverse with.
 * It composes the addresses, headers and batches by itself and reads the answers in its own way, over HTTP.
 */
import { DynamicsWebApi } from 'dynamics-web-api';
import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

interface Account {
  readonly accountid: string;
  readonly name: string;
  readonly telephone1: string | null;
  readonly revenue: number | null;
}
interface Contact {
  readonly contactid: string;
  readonly fullname: string;
  readonly lastname: string;
}

describe('dynamics-web-api 2.5.0', () => {
  let dataverse: TestDataverse;
  let client: DynamicsWebApi;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    client = new DynamicsWebApi({
      serverUrl: dataverse.url,
      dataApi: { version: '9.2' },
      onTokenRefresh: async () => 'application',
    });
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const createAccount = (data: Readonly<Record<string, unknown>>) =>
    client.create<Readonly<Record<string, unknown>>, string>({ collection: 'accounts', data });
  const retrieveAccount = (key: string, select: string[] = ['name', 'telephone1', 'revenue']) =>
    client.retrieve<Account>({ collection: 'accounts', key, select });
  /** What the library throws. */
  const failure = async (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  it('creates a row and gets its id, or the row itself', async () => {
    const id = await createAccount({ name: 'Contoso' });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const row = await client.create<Readonly<Record<string, unknown>>, Account>({
      collection: 'accounts',
      data: { name: 'Fabrikam', revenue: 5000 },
      returnRepresentation: true,
      select: ['name', 'revenue'],
    });
    expect(row).toMatchObject({ name: 'Fabrikam', revenue: 5000 });
  });

  it('creates a row with its related rows (deep insert)', async () => {
    const id = await createAccount({
      name: 'Contoso',
      primarycontactid: { firstname: 'Yvonne', lastname: 'McKay' },
      Account_Tasks: [{ subject: 'One' }, { subject: 'Two' }],
    });
    const row = await client.retrieve({
      collection: 'accounts',
      key: id,
      select: ['name'],
      expand: [
        { property: 'primarycontactid', select: ['fullname'] },
        { property: 'Account_Tasks', select: ['subject'], orderBy: ['subject desc'], top: 1 },
      ],
    });
    expect(row).toMatchObject({ primarycontactid: { fullname: 'Yvonne McKay' }, Account_Tasks: [{ subject: 'Two' }] });
  });

  it('retrieves a row by id and by alternate key, with formatted values', async () => {
    const id = await createAccount({ name: 'Contoso', revenue: 20000, ccsync_sourcekey: 'northwind~1' });
    for (const key of [id, `ccsync_sourcekey='northwind~1'`]) {
      const row = await client.retrieve<Account & { readonly revenue_Formatted: string }>({
        collection: 'accounts',
        key,
        select: ['name', 'revenue'],
        includeAnnotations: '*',
      });
      expect(row).toMatchObject({ accountid: id, name: 'Contoso', revenue: 20000, revenue_Formatted: '$20,000.00' });
    }
  });

  it('reports an error with the status and message of Dataverse', async () => {
    const missing = '00000000-0000-0000-0000-0000000000ff';
    expect(await failure(retrieveAccount(missing))).toMatchObject({
      status: 404,
      code: '0x80040217',
      message: `account With Id = ${missing} Does Not Exist`,
    });
    expect(await failure(createAccount({ nosuch: 1 }))).toMatchObject({ status: 400, code: '0x80048d19' });
  });

  it('updates a row, and only one that is there', async () => {
    const id = await createAccount({ name: 'Contoso' });
    await client.update({ collection: 'accounts', key: id, data: { telephone1: '1' } });
    expect(await retrieveAccount(id)).toMatchObject({ name: 'Contoso', telephone1: '1' });
    const missing = '00000000-0000-0000-0000-0000000000ff';
    expect(await failure(client.update({ collection: 'accounts', key: missing, data: { name: 'X' } }))).toMatchObject({ status: 404 });
  });

  it('sets and clears a single property', async () => {
    const id = await createAccount({ name: 'Contoso' });
    await client.updateSingleProperty({ collection: 'accounts', key: id, fieldValuePair: { telephone1: '2' } });
    expect(await retrieveAccount(id)).toMatchObject({ telephone1: '2' });
    await client.deleteRecord({ collection: 'accounts', key: id, property: 'telephone1' });
    expect(await retrieveAccount(id)).toMatchObject({ telephone1: null });
  });

  it('upserts by alternate key, and can be told to create or to update only', async () => {
    const upsert = (name: string, condition: { readonly ifmatch?: string; readonly ifnonematch?: string } = {}) =>
      client.upsert<{ name: string }, Account>({
        collection: 'accounts',
        key: `ccsync_sourcekey='northwind~1'`,
        data: { name },
        returnRepresentation: true,
        select: ['name'],
        ...condition,
      });
    const created = await upsert('One');
    const updated = await upsert('Two');
    expect([created.name, updated.name, updated.accountid]).toEqual(['One', 'Two', created.accountid]);
    // The library gives null where its condition was not met.
    await upsert('Three', { ifnonematch: '*' });
    expect(await retrieveAccount(created.accountid)).toMatchObject({ name: 'Two' });
    await client.deleteRecord({ collection: 'accounts', key: created.accountid });
    await upsert('Four', { ifmatch: '*' });
    expect(await client.count({ collection: 'accounts' })).toBe(0);
  });

  it('deletes a row by id and by alternate key', async () => {
    const id = await createAccount({ name: 'One' });
    await createAccount({ name: 'Two', ccsync_sourcekey: 'northwind~2' });
    await client.deleteRecord({ collection: 'accounts', key: id });
    await client.deleteRecord({ collection: 'accounts', key: `ccsync_sourcekey='northwind~2'` });
    expect(await client.count({ collection: 'accounts' })).toBe(0);
  });

  it('queries with filter, order, count, top and aggregates', async () => {
    for (const [name, revenue] of [
      ['A', 1],
      ['B', 2],
      ['C', 3],
    ] as const)
      await createAccount({ name, revenue });
    const found = await client.retrieveMultiple<Account>({
      collection: 'accounts',
      select: ['name'],
      filter: 'revenue gt 1',
      orderBy: ['name desc'],
      count: true,
    });
    expect([found.value.map(({ name }) => name), found.oDataCount]).toEqual([['C', 'B'], 2]);
    expect((await client.retrieveMultiple<Account>({ collection: 'accounts', select: ['name'], top: 1 })).value).toHaveLength(1);
    const sum = await client.retrieveMultiple({ collection: 'accounts', apply: 'aggregate(revenue with sum as total)' });
    expect(sum.value).toEqual([{ total: 6 }]);
  });

  it('reads page after page, and all of them by itself', async () => {
    for (let number = 1; number <= 7; number += 1) await createAccount({ name: `N${number}` });
    const request = { collection: 'accounts', select: ['name'], maxPageSize: 3, orderBy: ['name'] };
    const first = await client.retrieveMultiple<Account>(request);
    const second = await client.retrieveMultiple<Account>(request, first.oDataNextLink);
    expect([first.value, second.value].map((page) => page.map(({ name }) => name))).toEqual([
      ['N1', 'N2', 'N3'],
      ['N4', 'N5', 'N6'],
    ]);
    expect((await client.retrieveAll<Account>(request)).value.map(({ name }) => name)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7']);
    expect(await client.countAll({ collection: 'accounts', select: ['name'] })).toBe(7);
    expect(await client.count({ collection: 'accounts', filter: `name ge 'N5'` })).toBe(3);
  });

  it('associates and disassociates through collections and through lookups', async () => {
    const account = await createAccount({ name: 'Contoso' });
    const contact = await client.create<Readonly<Record<string, unknown>>, string>({ collection: 'contacts', data: { lastname: 'X' } });
    const contacts = async () =>
      (await client.retrieveMultiple<Contact>({ collection: `accounts(${account})/contact_customer_accounts`, select: ['lastname'] }))
        .value;
    await client.associate({
      collection: 'accounts',
      primaryKey: account,
      relationshipName: 'contact_customer_accounts',
      relatedCollection: 'contacts',
      relatedKey: contact,
    });
    expect(await contacts()).toMatchObject([{ contactid: contact }]);
    await client.disassociate({
      collection: 'accounts',
      primaryKey: account,
      relationshipName: 'contact_customer_accounts',
      relatedKey: contact,
    });
    expect(await contacts()).toEqual([]);

    const lookup = { collection: 'accounts', primaryKey: account, navigationProperty: 'primarycontactid' };
    await client.associateSingleValued({ ...lookup, relatedCollection: 'contacts', relatedKey: contact });
    const followed = await client.retrieve<Contact>({
      collection: 'accounts',
      key: account,
      navigationProperty: 'primarycontactid',
      select: ['fullname'],
    });
    expect(followed.fullname).toBe('X');
    await client.disassociateSingleValued(lookup);
    expect(await retrieveAccount(account, ['_primarycontactid_value'])).toMatchObject({ _primarycontactid_value: null });
  });

  it('sends a batch of its own making, with a change set and references in it', async () => {
    client.startBatch();
    void client.create({ collection: 'contacts', data: { lastname: 'X' }, contentId: '1' });
    void client.create({ collection: 'accounts', data: { name: 'Contoso', 'primarycontactid@odata.bind': '$1' } });
    void client.retrieveMultiple({
      collection: 'accounts',
      select: ['name'],
      expand: [{ property: 'primarycontactid', select: ['lastname'] }],
      inChangeSet: false,
    });
    const answers: unknown[] = await client.executeBatch();
    expect(answers).toHaveLength(3);
    expect(answers[2]).toMatchObject({ value: [{ name: 'Contoso', primarycontactid: { lastname: 'X' } }] });
  });

  it('goes through the pages of a FetchXML query by paging cookie', async () => {
    for (let number = 1; number <= 5; number += 1) await createAccount({ name: `N${number}` });
    const fetchXml = '<fetch count="2"><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>';
    const first = await client.fetch<Account>({ collection: 'accounts', fetchXml, includeAnnotations: '*' });
    expect(first.value.map(({ name }) => name)).toEqual(['N1', 'N2']);
    const all = await client.fetchAll<Account>({ collection: 'accounts', fetchXml, includeAnnotations: '*' });
    expect(all.value.map(({ name }) => name)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
  });

  it('calls functions and reads metadata', async () => {
    await createAccount({ name: 'Contoso' });
    expect(await client.callFunction<{ UserId: string }>('WhoAmI')).toMatchObject({ UserId: expect.any(String) as unknown });
    const counted = await client.callFunction<{ EntityRecordCountCollection: unknown }>({
      name: 'RetrieveTotalRecordCount',
      parameters: { EntityNames: ['account'] },
    });
    expect(counted.EntityRecordCountCollection).toMatchObject({ Count: 1, Keys: ['account'], Values: [1] });
    const tables = await client.retrieveEntities<{ LogicalName: string }>({ select: ['LogicalName'], filter: `LogicalName eq 'contact'` });
    expect(tables.value).toMatchObject([{ LogicalName: 'contact' }]);
    const columns = await client.retrieveAttributes<{ LogicalName: string; MaxLength: number }>({
      entityKey: `LogicalName='contact'`,
      castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      select: ['LogicalName', 'MaxLength'],
    });
    expect(columns.value).toContainEqual(expect.objectContaining({ LogicalName: 'lastname', MaxLength: 50 }));
  });
});
