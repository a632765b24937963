/** The walk-through of querying data as Microsoft publishes it, section by section; section 9 (views) is refused with 501. */
import { type Answer, anyEtag, anyText, type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { sendBatch } from '../batch-text.ts';
import { allAnnotations, pages, standardHeaders } from './pages.ts';

const tasks = (whose: string, minutes: number) =>
  [1, 2, 3].map((number) => ({
    subject: `Task ${number} for ${whose}`,
    description: `Task ${number} for ${whose} description`,
    actualdurationminutes: minutes,
  }));
const person = (firstname: string, lastname: string, jobtitle: string, annualincome: number, minutes: number) => ({
  firstname,
  lastname: `${lastname} (sample)`,
  jobtitle,
  annualincome,
  Contact_Tasks: tasks(`${firstname} ${lastname}`, minutes),
});
const sampleData = {
  name: 'Contoso, Ltd. (sample)',
  Account_Tasks: tasks('Contoso, Ltd.', 10),
  primarycontactid: person('Yvonne', 'McKay', 'Coffee Master', 45000, 5),
  contact_customer_accounts: [
    person('Susanna', 'Stubberod', 'Senior Purchaser', 52000, 3),
    person('Nancy', 'Anderson', 'Activities Manager', 55500, 4),
    person('Maria', 'Cambell', 'Accounts Manager', 31000, 5),
    person('Scott', 'Konersmann', 'Accounts Manager', 38000, 6),
    person('Robert', 'Lyon', 'Senior Technician', 78000, 7),
    person('Paul', 'Cannon', 'Ski Instructor', 68500, 8),
    person('Rene', 'Valdes', 'Data Analyst III', 86000, 9),
    person('Jim', 'Glynn', 'Senior International Sales Manager', 81400, 10),
  ],
};

describe(pages.queryData, () => {
  let dataverse: TestDataverse;
  let accountId = '';
  let yvonneId = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    accountId = await dataverse.create('accounts', sampleData);
    const account = await dataverse.get(`accounts(${accountId})?$select=_primarycontactid_value`);
    yvonneId = String(account.json._primarycontactid_value);
  });
  afterAll(() => dataverse.close());

  const select = '$select=fullname,jobtitle,annualincome';
  const belongs = () => `_parentcustomerid_value eq ${accountId}`;
  const query = (options: string, headers: Readonly<Record<string, string>> = allAnnotations) =>
    dataverse.get(`contacts?${select}&${options}`, headers);
  const firstNames = (answer: Answer) => answer.rows.map(({ fullname }) => String(fullname).split(' ')[0]);
  const incomeOf = (fullname: string, jobtitle: string, annualincome: number, formatted: string) => ({
    '@odata.etag': anyEtag,
    fullname,
    jobtitle,
    'annualincome@OData.Community.Display.V1.FormattedValue': formatted,
    annualincome,
    '_transactioncurrencyid_value@OData.Community.Display.V1.FormattedValue': 'US Dollar',
    '_transactioncurrencyid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'transactioncurrencyid',
    '_transactioncurrencyid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'transactioncurrency',
    _transactioncurrencyid_value: anyText,
    contactid: anyText,
  });

  it('section 1: one contact with selected properties, formatted and not', async () => {
    const answer = await dataverse.get(`contacts(${yvonneId})?${select}`, allAnnotations);
    expect(answer.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#contacts(fullname,jobtitle,annualincome)/$entity`,
      ...incomeOf('Yvonne McKay (sample)', 'Coffee Master', 45000, '$45,000.00'),
    });
  });

  it('section 2: contains() gives the eight contacts, and the annotations about the whole', async () => {
    const answer = await query(`$filter=contains(fullname,'(sample)') and ${belongs()}`);
    expect(answer.headers.get('preference-applied')).toBe('odata.include-annotations="*"');
    expect(answer.json).toMatchObject({
      '@odata.context': `${dataverse.root}$metadata#contacts(fullname,jobtitle,annualincome)`,
      '@Microsoft.Dynamics.CRM.totalrecordcount': -1,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
      '@Microsoft.Dynamics.CRM.globalmetadataversion': anyText,
    });
    expect(answer.rows[0]).toEqual(incomeOf('Susanna Stubberod (sample)', 'Senior Purchaser', 52000, '$52,000.00'));
    expect(firstNames(answer)).toEqual(['Susanna', 'Nancy', 'Maria', 'Scott', 'Robert', 'Paul', 'Rene', 'Jim']);
  });

  it("section 2: Dataverse's LastXHours finds what was created within the last hour", async () => {
    const created = `Microsoft.Dynamics.CRM.LastXHours(PropertyName='createdon',PropertyValue='1')`;
    expect(firstNames(await query(`$filter=${created} and ${belongs()}`))).toHaveLength(8);
  });

  it('section 2: operators and parentheses', async () => {
    const sample = `contains(fullname,'(sample)')`;
    expect(firstNames(await query(`$filter=${sample} and annualincome gt 55000 and ${belongs()}`))).toEqual([
      'Nancy',
      'Robert',
      'Paul',
      'Rene',
      'Jim',
    ]);
    const either = `(contains(jobtitle, 'senior') or contains(jobtitle,'manager'))`;
    expect(firstNames(await query(`$filter=${sample} and ${either} and annualincome gt 55000 and ${belongs()}`))).toEqual([
      'Nancy',
      'Robert',
      'Jim',
    ]);
  });

  it('section 3: order by two properties, and the same with parameter aliases', async () => {
    const expected = ['Scott', 'Maria', 'Nancy', 'Rene', 'Jim', 'Susanna', 'Robert', 'Paul'];
    const filter = `$filter=contains(fullname,'(sample)') and ${belongs()}`;
    expect(firstNames(await query(`${filter}&$orderby=jobtitle asc, annualincome desc`))).toEqual(expected);
    const aliased = `$filter=contains(@p1,'(sample)') and @p2 eq @p3&$orderby=@p4 asc, @p5 desc`;
    const aliases = `@p1=fullname&@p2=_parentcustomerid_value&@p3=${accountId}&@p4=jobtitle&@p5=annualincome`;
    expect(firstNames(await query(`${aliased}&${aliases}`))).toEqual(expected);
  });

  it('section 4: the top five, the count of the collection, and the count beside the rows', async () => {
    const top = await query(`$filter=contains(fullname,'(sample)') and ${belongs()}&$top=5`);
    expect(firstNames(top)).toEqual(['Susanna', 'Nancy', 'Maria', 'Scott', 'Robert']);
    expect((await dataverse.get('contacts/$count', standardHeaders)).text).toBe('\uFEFF9');
    const counted = await query(`$filter=(contains(jobtitle,'senior') or contains(jobtitle, 'manager')) and ${belongs()}&$count=true`);
    expect(counted.json).toMatchObject({ '@odata.count': 6, '@Microsoft.Dynamics.CRM.totalrecordcount': 6 });
    expect(firstNames(counted)).toEqual(['Susanna', 'Nancy', 'Maria', 'Scott', 'Robert', 'Jim']);
  });

  it('section 5: pages of four, with the count, by the next link', async () => {
    const headers = { ...standardHeaders, Prefer: 'odata.maxpagesize=4; odata.include-annotations="*"' };
    const first = await query(`$filter=contains(fullname,'(sample)')&$count=true`, headers);
    expect([first.json['@odata.count'], firstNames(first)]).toEqual([9, ['Yvonne', 'Susanna', 'Nancy', 'Maria']]);
    const second = await dataverse.get(String(first.json['@odata.nextLink']), headers);
    expect(firstNames(second)).toEqual(['Scott', 'Robert', 'Paul', 'Rene']);
    const third = await dataverse.get(String(second.json['@odata.nextLink']), headers);
    expect([firstNames(third), third.json['@odata.nextLink']]).toEqual([['Jim'], undefined]);
  });

  it('section 6: $expand on a lookup, on its partner, on a collection, and on several at once', async () => {
    const account = `accounts(${accountId})?$select=name&$expand=`;
    const lookup = await dataverse.get(`${account}primarycontactid(${select})`, allAnnotations);
    expect(lookup.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#accounts(name,primarycontactid(fullname,jobtitle,annualincome))/$entity`,
      '@odata.etag': anyEtag,
      name: 'Contoso, Ltd. (sample)',
      accountid: accountId,
      primarycontactid: incomeOf('Yvonne McKay (sample)', 'Coffee Master', 45000, '$45,000.00'),
    });
    const partner = await dataverse.get(`contacts(${yvonneId})?${select}&$expand=account_primary_contact($select=name)`, standardHeaders);
    expect(partner.json.account_primary_contact).toEqual([
      { '@odata.etag': anyEtag, name: 'Contoso, Ltd. (sample)', accountid: accountId },
    ]);
    const several = await dataverse.get(
      `${account}primarycontactid(${select}),contact_customer_accounts(${select}),Account_Tasks($select=subject,description)`,
      allAnnotations,
    );
    expect(several.json['@odata.context']).toBe(
      `${dataverse.root}$metadata#accounts(name,primarycontactid(fullname,jobtitle,annualincome),` +
        'contact_customer_accounts(fullname,jobtitle,annualincome),Account_Tasks(subject,description))/$entity',
    );
    expect(several.json.contact_customer_accounts).toHaveLength(8);
    expect((several.json.Account_Tasks as readonly Json[])[0]).toEqual({
      '@odata.etag': anyEtag,
      subject: 'Task 1 for Contoso, Ltd.',
      description: 'Task 1 for Contoso, Ltd. description',
      activityid: anyText,
    });
    expect(Object.keys(several.json)).not.toContain('Account_Tasks@odata.nextLink');
  });

  it('section 6: multi-level expands from the task to its contact, its account and who created that', async () => {
    const expand =
      'regardingobjectid_contact_task($select=fullname;$expand=parentcustomerid_account($select=name;$expand=createdby($select=fullname)))';
    const answer = await dataverse.get(
      `tasks?$select=subject&$filter=regardingobjectid_contact_task/_accountid_value eq ${accountId}&$expand=${expand}`,
      allAnnotations,
    );
    expect(answer.json['@odata.context']).toBe(
      `${dataverse.root}$metadata#tasks(subject,regardingobjectid_contact_task(fullname,parentcustomerid_account(name,createdby(fullname))))`,
    );
    expect(answer.rows).toHaveLength(24);
    expect(answer.rows[0]).toEqual({
      '@odata.etag': anyEtag,
      subject: 'Task 1 for Susanna Stubberod',
      activityid: anyText,
      regardingobjectid_contact_task: {
        fullname: 'Susanna Stubberod (sample)',
        contactid: anyText,
        parentcustomerid_account: {
          name: 'Contoso, Ltd. (sample)',
          accountid: accountId,
          createdby: { fullname: '# CRM Sync', systemuserid: anyText, ownerid: anyText },
        },
      },
    });
  });

  it('section 7: average, sum, minimum and maximum of the contacts of an account', async () => {
    const terms = ['average as average', 'sum as total', 'min as minimum', 'max as maximum'].map((term) => `annualincome with ${term}`);
    const address = `accounts(${accountId})/contact_customer_accounts?$apply=aggregate(${terms.join(', ')})`;
    const value = (name: string, number: number, formatted: string) => ({
      [`${name}@OData.Community.Display.V1.AttributeName`]: 'annualincome',
      [`${name}@OData.Community.Display.V1.FormattedValue`]: formatted,
      [name]: number,
    });
    // The page's answer also has every column of contact as null.
    expect((await dataverse.get(address, allAnnotations)).rows).toEqual([
      {
        ...value('average', 61300, '$61,300.00'),
        ...value('total', 490400, '$490,400.00'),
        ...value('minimum', 31000, '$31,000.00'),
        ...value('maximum', 86000, '$86,000.00'),
      },
    ]);
  });

  const fetch = (paging: string) =>
    `<fetch mapping="logical" output-format="xml-platform" version="1.0" distinct="false"${paging}>
      <entity name="contact">
        <attribute name="fullname" />
        <attribute name="jobtitle" />
        <attribute name="annualincome" />
        <order descending="true" attribute="fullname" />
        <filter type="and">
          <condition value="%(sample)%" attribute="fullname" operator="like" />
          <condition value="${accountId}" attribute="parentcustomerid" operator="eq" />
        </filter>
      </entity>
    </fetch>`;
  /** As the page encodes it: spaces as pluses. */
  const fetchAddress = (paging: string) => `contacts?fetchXml=${encodeURIComponent(fetch(paging)).replaceAll('%20', '+')}&$count=true`;
  const fetched = ['Susanna', 'Scott', 'Robert', 'Rene', 'Paul', 'Nancy', 'Maria', 'Jim'];

  it('section 8: FetchXML in a batch, in descending order', async () => {
    const { parts } = await sendBatch(dataverse, [
      { method: 'GET', url: `/api/data/v9.2/${fetchAddress('')}`, headers: { Prefer: 'odata.include-annotations="*"' } },
    ]);
    const body = JSON.parse(parts[0]?.text ?? '{}') as Json & { readonly value: readonly Json[] };
    expect(body).toMatchObject({ '@odata.count': 8, '@Microsoft.Dynamics.CRM.totalrecordcount': 8 });
    expect(body.value.map(({ fullname }) => String(fullname).split(' ')[0])).toEqual(fetched);
    expect(body.value[0]).toEqual(incomeOf('Susanna Stubberod (sample)', 'Senior Purchaser', 52000, '$52,000.00'));
  });

  it('section 8: the second page of four, and a third without rows', async () => {
    expect(firstNames(await dataverse.get(fetchAddress(' count="4" page="2"'), allAnnotations))).toEqual(fetched.slice(4));
    expect(firstNames(await dataverse.get(fetchAddress(' count="4" page="3"'), allAnnotations))).toEqual([]);
  });

  it('section 9: predefined queries are not there (501)', async () => {
    for (const name of ['savedQuery', 'userQuery']) {
      const answer = await dataverse.get(`accounts?${name}=00000000-0000-0000-00aa-000010001002`);
      expect([answer.status, answer.error.message]).toEqual([501, `The query option ${name} isn't implemented.`]);
    }
  });

  it('section 10: the account is deleted, and what belongs to it goes along', async () => {
    expect((await dataverse.delete(`accounts(${accountId})`)).status).toBe(204);
    expect((await dataverse.get('contacts?$select=fullname')).rows.map(({ contactid }) => contactid)).toEqual([yvonneId]);
    expect((await dataverse.get('tasks/$count')).text).toBe('\uFEFF3');
  });
});
