import { anyEtag, anyText, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { pages, standardHeaders } from './pages.ts';

const missingId = '00000000-0000-0000-0000-0000000000ff';

describe('rows and their relationships', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const counts = async () =>
    Object.fromEntries(
      await Promise.all(
        ['accounts', 'contacts', 'opportunities', 'tasks'].map(async (set) => [set, (await dataverse.get(set)).rows.length] as const),
      ),
    );
  const call = (method: string, path: string, body?: unknown) => dataverse.call(method, path, { body, headers: standardHeaders });

  describe(pages.create, () => {
    const deep = {
      name: 'Sample Account',
      primarycontactid: { firstname: 'John', lastname: 'Smith' },
      opportunity_customer_accounts: [
        { name: 'Opportunity associated to Sample Account', Opportunity_Tasks: [{ subject: 'Task associated to opportunity' }] },
      ],
    };

    it('Create with data returned: 201 with the row, without the OData-EntityId header', async () => {
      const select = 'name,creditonhold,address1_latitude,description,revenue,accountcategorycode,createdon';
      const body = { name: 'Sample Account', address1_latitude: 47.639583, revenue: 5000000, accountcategorycode: 1 };
      const answer = await dataverse.post(`accounts?$select=${select}`, body, { Prefer: 'return=representation' });
      expect([answer.status, answer.headers.get('preference-applied'), answer.headers.get('odata-entityid')]).toEqual([
        201,
        'return=representation',
        null,
      ]);
      expect(answer.json).toEqual({
        '@odata.context': anyText,
        '@odata.etag': anyEtag,
        accountid: anyText,
        accountcategorycode: 1,
        description: null,
        address1_latitude: 47.63958,
        creditonhold: false,
        name: 'Sample Account',
        createdon: anyText,
        revenue: 5000000,
        _transactioncurrencyid_value: anyText,
      });
    });

    it('Create related table rows in one operation: four rows come of one request', async () => {
      expect((await dataverse.post('accounts', deep)).status).toBe(204);
      expect(await counts()).toEqual({ accounts: 1, contacts: 1, opportunities: 1, tasks: 1 });
      const expand = '$expand=customerid_account($select=name;$expand=primarycontactid($select=fullname))';
      expect((await dataverse.get(`opportunities?$select=name&${expand}`)).rows).toMatchObject([
        { customerid_account: { name: 'Sample Account', primarycontactid: { fullname: 'John Smith' } } },
      ]);
    });

    it('when one of the rows is refused, none is created', async () => {
      const wrong = { ...deep, opportunity_customer_accounts: [{ name: 'O', Opportunity_Tasks: [{ subject: 'x'.repeat(201) }] }] };
      const answer = await dataverse.post('accounts', wrong);
      expect([answer.status, answer.error.code]).toEqual([400, '0x80044331']);
      expect(await counts()).toEqual({ accounts: 0, contacts: 0, opportunities: 0, tasks: 0 });
    });

    it('Associate table rows on create: a lookup and a collection are bound, and returned', async () => {
      const contact = await dataverse.create('contacts', { firstname: 'Yvonne', lastname: 'McKay (sample)' });
      const tasks = [await dataverse.create('tasks', { subject: 'Task 1' }), await dataverse.create('tasks', { subject: 'Task 2' })];
      const answer = await dataverse.post(
        'accounts?$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)',
        {
          name: 'Sample Account',
          'primarycontactid@odata.bind': `/contacts(${contact})`,
          'Account_Tasks@odata.bind': tasks.map((id) => `/tasks(${id})`),
        },
        { Prefer: 'return=representation' },
      );
      expect([answer.status, answer.json]).toEqual([
        201,
        {
          '@odata.context': `${dataverse.root}$metadata#accounts(name,primarycontactid(fullname),Account_Tasks(subject))/$entity`,
          '@odata.etag': anyEtag,
          name: 'Sample Account',
          accountid: anyText,
          primarycontactid: { '@odata.etag': anyEtag, fullname: 'Yvonne McKay (sample)', contactid: contact },
          Account_Tasks: [
            { '@odata.etag': anyEtag, subject: 'Task 1', activityid: tasks[0] },
            { '@odata.etag': anyEtag, subject: 'Task 2', activityid: tasks[1] },
          ],
        },
      ]);
    });

    it.each([
      [{ Account_Tasks: {} }],
      [{ Account_Tasks: ['x'] }],
      [{ Account_Tasks: null }],
      [{ primarycontactid: [] }],
      [{ primarycontactid: 'x' }],
      [{ 'Account_Tasks@odata.bind': 'tasks(1)' }],
      [{ 'Account_Tasks@odata.bind': [5] }],
    ])('%j is refused with 0x80048d19', async (body) => {
      const answer = await dataverse.post('accounts', { name: 'A', ...body });
      expect([answer.status, answer.error.code]).toEqual([400, '0x80048d19']);
      expect(await counts()).toMatchObject({ accounts: 0 });
    });

    it('a collection bound to a row of another table, or to none, is refused whole', async () => {
      const contact = await dataverse.create('contacts', { lastname: 'X' });
      for (const [address, status] of [
        [`contacts(${contact})`, 400],
        [`tasks(${missingId})`, 404],
      ] as const) {
        expect((await dataverse.post('accounts', { name: 'A', 'Account_Tasks@odata.bind': [address] })).status).toBe(status);
      }
      expect(await counts()).toMatchObject({ accounts: 0 });
    });

    it('what the client leaves out has its default: a task is open, not started and of normal priority', async () => {
      const id = await dataverse.create('tasks', { subject: 'T' });
      expect((await dataverse.get(`tasks(${id})`)).json).toMatchObject({
        activitytypecode: 'task',
        statecode: 0,
        statuscode: 2,
        prioritycode: 1,
        _owningbusinessunit_value: anyText,
      });
    });
  });

  describe(pages.update, () => {
    it('Update with data returned: 200 with the row; $expand is ignored', async () => {
      const id = await dataverse.create('accounts', { name: 'A', primarycontactid: { lastname: 'X' } });
      const answer = await dataverse.patch(
        `accounts(${id})?$select=name&$expand=primarycontactid($select=fullname)`,
        { name: 'Updated Sample Account' },
        { Prefer: 'return=representation', 'If-Match': '*' },
      );
      expect([answer.status, answer.json]).toEqual([
        200,
        {
          '@odata.context': `${dataverse.root}$metadata#accounts(name)/$entity`,
          '@odata.etag': anyEtag,
          name: 'Updated Sample Account',
          accountid: id,
        },
      ]);
    });

    it('Update and delete a single property value (204), also a number and a choice', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      for (const [property, value] of [
        ['revenue', 5],
        ['accountcategorycode', 2],
        ['name', 'B'],
      ] as const) {
        expect((await call('PUT', `accounts(${id})/${property}`, { value })).status).toBe(204);
        expect((await call('GET', `accounts(${id})/${property}`)).json.value).toBe(value);
      }
      expect((await call('DELETE', `accounts(${id})/revenue`)).status).toBe(204);
      expect((await call('GET', `accounts(${id})/revenue`)).status).toBe(204);
    });

    it('DELETE of a lookup as a property does not disassociate: $ref does', async () => {
      const id = await dataverse.create('accounts', { name: 'A', primarycontactid: { lastname: 'X' } });
      expect((await call('DELETE', `accounts(${id})/primarycontactid`)).status).toBe(405);
      expect((await call('DELETE', `accounts(${id})/primarycontactid/$ref`)).status).toBe(204);
      expect((await call('GET', `accounts(${id})/primarycontactid`)).status).toBe(204);
    });

    it('rows cannot be created within an update', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      for (const body of [{ primarycontactid: { lastname: 'X' } }, { Account_Tasks: [] }, { 'Account_Tasks@odata.bind': [] }]) {
        expect((await dataverse.patch(`accounts(${id})`, body)).error.code).toBe('0x80048d19');
      }
    });

    it('an upsert that creates takes related rows along', async () => {
      const body = { name: 'A', Account_Tasks: [{ subject: 'T' }] };
      expect((await dataverse.patch(`accounts(ccsync_sourcekey='northwind~1')`, body)).status).toBe(204);
      expect(await counts()).toMatchObject({ accounts: 1, tasks: 1 });
    });

    it('deleting a row takes along what belongs to it, and loosens what only points to it', async () => {
      const account = await dataverse.create('accounts', {
        name: 'A',
        primarycontactid: { lastname: 'Stays' },
        contact_customer_accounts: [{ lastname: 'Goes', Contact_Tasks: [{ subject: 'Goes too' }] }],
        account_parent_account: [{ name: 'Child' }],
        opportunity_customer_accounts: [{ name: 'O', opportunitycompetitors_association: [{ name: 'Rival' }] }],
      });
      expect((await call('DELETE', `accounts(${account})`)).status).toBe(204);
      expect((await dataverse.get('contacts?$select=lastname')).rows).toMatchObject([{ lastname: 'Stays' }]);
      expect((await dataverse.get('accounts?$select=_parentaccountid_value')).rows).toMatchObject([{ _parentaccountid_value: null }]);
      expect(await counts()).toEqual({ accounts: 1, contacts: 1, opportunities: 0, tasks: 0 });
      expect((await dataverse.get('competitors')).rows).toHaveLength(1);
      expect((await dataverse.get('opportunitycompetitorscollection')).rows).toEqual([]);
    });
  });
});
