/** The walk-through of basic operations as Microsoft publishes it, step by step, with its statuses and bodies. */
import { anyEtag, anyText, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { allAnnotations, pages, standardHeaders } from './pages.ts';

/** The amount's currency, as every answer of the page with an amount has it. */
const currency = {
  '_transactioncurrencyid_value@OData.Community.Display.V1.FormattedValue': 'US Dollar',
  '_transactioncurrencyid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'transactioncurrencyid',
  '_transactioncurrencyid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'transactioncurrency',
  _transactioncurrencyid_value: anyText,
};

describe(pages.basicOperations, () => {
  let dataverse: TestDataverse;
  let rafel = '';
  let contoso = '';
  let fourthCoffee = '';
  let susie = '';
  let role = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());

  const call = (method: string, path: string, body?: unknown) => dataverse.call(method, path, { body, headers: standardHeaders });

  /** The address in OData-EntityId, relative to the service root. */
  async function create(set: string, body: unknown): Promise<string> {
    const answer = await call('POST', set, body);
    expect([set, answer.status, answer.text, answer.headers.get('odata-version')]).toEqual([set, 204, '', '4.0']);
    const address = answer.headers.get('odata-entityid') ?? '';
    expect(address).toMatch(new RegExp(`^${dataverse.root.replaceAll('.', '\\.')}${set}\\([0-9a-f-]{36}\\)$`));
    return address.slice(dataverse.root.length);
  }

  it('section 1, steps 1 and 2: a contact is created (204, OData-EntityId) and updated with If-Match: * (204)', async () => {
    rafel = await create('contacts', { firstname: 'Rafel', lastname: 'Shillo' });
    const answer = await dataverse.patch(
      rafel,
      { annualincome: 80000, jobtitle: 'Junior Developer' },
      { ...standardHeaders, 'If-Match': '*' },
    );
    expect([answer.status, answer.headers.get('odata-entityid')]).toEqual([204, `${dataverse.root}${rafel}`]);
  });

  it('section 1, step 3: it is retrieved with its full name, formatted income, currency and ETag', async () => {
    const answer = await dataverse.get(`${rafel}?$select=fullname,annualincome,jobtitle,description`, allAnnotations);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('preference-applied')).toBe('odata.include-annotations="*"');
    expect(answer.headers.get('etag')).toBe(answer.json['@odata.etag']);
    expect(answer.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#contacts(fullname,annualincome,jobtitle,description)/$entity`,
      '@odata.etag': anyEtag,
      fullname: 'Rafel Shillo',
      'annualincome@OData.Community.Display.V1.FormattedValue': '$80,000.00',
      annualincome: 80000,
      jobtitle: 'Junior Developer',
      description: null,
      ...currency,
      contactid: rafel.slice('contacts('.length, -1),
    });
  });

  it('section 1, steps 4 to 6: new values are set (204), one property by PUT (204), and read alone (200)', async () => {
    const changes = { jobtitle: 'Senior Developer', annualincome: 95000, description: 'Assignment to-be-determined' };
    expect((await dataverse.patch(rafel, changes, { ...standardHeaders, 'If-Match': '*' })).status).toBe(204);
    const put = await call('PUT', `${rafel}/telephone1`, { value: '555-0105' });
    expect([put.status, put.headers.get('odata-entityid')]).toEqual([204, null]);
    const read = await call('GET', `${rafel}/telephone1`);
    expect([read.status, read.json]).toEqual([
      200,
      { '@odata.context': `${dataverse.root}$metadata#${rafel}/telephone1`, value: '555-0105' },
    ]);
  });

  it('section 2: an account is created with a primary contact that is there, which $expand brings', async () => {
    contoso = await create('accounts', { name: 'Contoso Ltd', telephone1: '555-5555', 'primarycontactid@odata.bind': rafel });
    // The comma too many after `name` is in the page.
    const query = '?$select=name,&$expand=primarycontactid($select=fullname,jobtitle,annualincome)';
    const answer = await dataverse.get(`${contoso}${query}`, allAnnotations);
    expect(answer.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#accounts(name,primarycontactid(fullname,jobtitle,annualincome))/$entity`,
      '@odata.etag': anyEtag,
      name: 'Contoso Ltd',
      accountid: contoso.slice('accounts('.length, -1),
      primarycontactid: {
        '@odata.etag': anyEtag,
        fullname: 'Rafel Shillo',
        jobtitle: 'Senior Developer',
        'annualincome@OData.Community.Display.V1.FormattedValue': '$95,000.00',
        annualincome: 95000,
        ...currency,
        contactid: rafel.slice('contacts('.length, -1),
      },
    });
  });

  it('section 3: an account, its primary contact and her three tasks are created in one request (deep insert)', async () => {
    const task = (subject: string, description: string, day: number) => ({
      subject,
      description,
      scheduledstart: `2023-04-${day}T03:00:00+07:00`,
      scheduledend: `2023-04-${day}T04:00:00+07:00`,
      scheduleddurationminutes: 60,
    });
    fourthCoffee = await create('accounts', {
      name: 'Fourth Coffee',
      primarycontactid: {
        firstname: 'Susie',
        lastname: 'Curtis',
        jobtitle: 'Coffee Master',
        annualincome: 48000,
        Contact_Tasks: [
          task('Sign invoice', 'Invoice #12321', 19),
          task('Setup new display', 'Theme is - Spring is in the air', 20),
          task('Conduct training', 'Train team on making our new blended coffee', 21),
        ],
      },
    });
    const account = await dataverse.get(`${fourthCoffee}?$select=name&$expand=primarycontactid($select=fullname,jobtitle)`, allAnnotations);
    expect(account.json).toMatchObject({
      name: 'Fourth Coffee',
      primarycontactid: { fullname: 'Susie Curtis', jobtitle: 'Coffee Master' },
    });
    susie = `contacts(${String((account.json.primarycontactid as { contactid: string }).contactid)})`;

    const query = '?$select=fullname&$expand=Contact_Tasks($select=subject,description,scheduledstart,scheduledend)';
    const answer = await dataverse.get(`${susie}${query}`, allAnnotations);
    const tasks = answer.json.Contact_Tasks as readonly Record<string, unknown>[];
    expect(answer.json['@odata.context']).toBe(
      `${dataverse.root}$metadata#contacts(fullname,Contact_Tasks(subject,description,scheduledstart,scheduledend))/$entity`,
    );
    expect(tasks[0]).toEqual({
      '@odata.etag': anyEtag,
      subject: 'Sign invoice',
      description: 'Invoice #12321',
      // The page's user is seven hours behind UTC; the sandbox's users are in UTC.
      'scheduledstart@OData.Community.Display.V1.FormattedValue': '4/18/2023 8:00 PM',
      scheduledstart: '2023-04-18T20:00:00Z',
      'scheduledend@OData.Community.Display.V1.FormattedValue': '4/18/2023 9:00 PM',
      scheduledend: '2023-04-18T21:00:00Z',
      activityid: anyText,
    });
    expect(tasks.map(({ subject }) => subject)).toEqual(['Sign invoice', 'Setup new display', 'Conduct training']);
  });

  it('section 4, steps 1 to 3: a contact is added to an account by $ref (204), listed, and removed again (204)', async () => {
    const collection = `${fourthCoffee}/contact_customer_accounts`;
    const added = await call('POST', `${collection}/$ref`, { '@odata.id': `${dataverse.root}${rafel}` });
    expect([added.status, added.text]).toEqual([204, '']);
    const listed = await call('GET', `${collection}?$select=fullname,jobtitle`);
    expect(listed.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#contacts(fullname,jobtitle)`,
      value: [
        {
          '@odata.etag': anyEtag,
          fullname: 'Rafel Shillo',
          jobtitle: 'Senior Developer',
          contactid: rafel.slice('contacts('.length, -1),
        },
      ],
    });
    const removed = await call('DELETE', `${collection}(${rafel.slice('contacts('.length, -1)})/$ref`);
    expect(removed.status).toBe(204);
    expect((await call('GET', collection)).rows).toEqual([]);
  });

  it('section 4, steps 4 to 7: a security role is created, given to a user, found among the roles, and taken away', async () => {
    const me = await call('GET', 'WhoAmI');
    role = await create('roles', {
      'businessunitid@odata.bind': `businessunits(${String(me.json.BusinessUnitId)})`,
      name: 'Example Security Role',
    });
    const roleId = role.slice('roles('.length, -1);
    const collection = `systemusers(${String(me.json.UserId)})/systemuserroles_association`;
    const given = await call('POST', `${collection}/$ref`, { '@odata.id': `${dataverse.root}${role}` });
    expect(given.status).toBe(204);
    const found = await call('GET', `${collection}?$select=name&$filter=roleid%20eq%20${roleId}`);
    expect(found.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#roles(name)`,
      value: [{ '@odata.etag': anyEtag, name: 'Example Security Role', roleid: roleId }],
    });
    expect((await call('DELETE', `${collection}(${roleId})/$ref`)).status).toBe(204);
    expect((await call('GET', collection)).rows).toEqual([]);
  });

  it('section 5: every row is deleted (204)', async () => {
    for (const address of [rafel, contoso, fourthCoffee, susie, role]) {
      const answer = await call('DELETE', address);
      expect([address, answer.status, answer.text]).toEqual([address, 204, '']);
      expect((await call('GET', address)).status).toBe(404);
    }
    expect((await call('GET', 'tasks')).rows).toEqual([]);
  });
});
