import { anyEtag, anyText, type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { pages, standardHeaders } from './pages.ts';

describe(pages.join, () => {
  let dataverse: TestDataverse;
  let litware = '';
  let adventure = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    litware = await dataverse.create('accounts', {
      name: 'Litware',
      primarycontactid: { firstname: 'Susanna', lastname: 'Stubberod' },
      contact_customer_accounts: [{ lastname: 'A', Contact_Tasks: [{ subject: 'For A' }] }],
      Account_Tasks: [{ subject: 'Task 1' }, { subject: 'Task 2' }, { subject: 'Other 3' }],
    });
    adventure = await dataverse.create('accounts', { name: 'Adventure' });
  });
  afterAll(() => dataverse.close());

  const query = (options: string, size?: number) =>
    dataverse.get(
      `accounts?${options}`,
      size === undefined ? standardHeaders : { ...standardHeaders, Prefer: `odata.maxpagesize=${size}` },
    );
  const subjects = (row: Json | undefined) => (row?.Account_Tasks as readonly Json[]).map(({ subject }) => subject);

  it('$expand takes $select, $filter and $orderby, separated by semicolons', async () => {
    const answer = await query(
      `$select=name&$expand=Account_Tasks($select=subject;$filter=contains(subject,'Task');$orderby=subject desc)`,
    );
    expect(subjects(answer.rows[0])).toEqual(['Task 2', 'Task 1']);
    expect(answer.rows[1]).toEqual({
      '@odata.etag': anyEtag,
      name: 'Adventure',
      accountid: adventure,
      Account_Tasks: [],
      'Account_Tasks@odata.nextLink': anyText,
    });
  });

  it('single $expand: collections are whole, and come with a link to the collection without paging information', async () => {
    const answer = await query('$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)', 1);
    expect(answer.headers.get('preference-applied')).toBe('odata.maxpagesize=1');
    expect(answer.json).toEqual({
      '@odata.context': `${dataverse.root}$metadata#accounts(name,primarycontactid(fullname),Account_Tasks(subject))`,
      value: [
        {
          '@odata.etag': anyEtag,
          name: 'Litware',
          accountid: litware,
          primarycontactid: { fullname: 'Susanna Stubberod', contactid: anyText },
          Account_Tasks: ['Task 1', 'Task 2', 'Other 3'].map((subject) => ({
            '@odata.etag': anyEtag,
            subject,
            _regardingobjectid_value: litware,
            activityid: anyText,
          })),
          'Account_Tasks@odata.nextLink': `${dataverse.root}accounts(${litware})/Account_Tasks?$select=subject`,
        },
      ],
      '@odata.nextLink': anyText,
    });
    const link = String(answer.rows[0]?.['Account_Tasks@odata.nextLink']);
    expect((await dataverse.get(link)).rows).toHaveLength(3);
  });

  it('nested $expand: maxpagesize holds for expanded collections, and their links give the next rows', async () => {
    const nested = 'contact_customer_accounts($select=fullname;$expand=owninguser($select=fullname))';
    const answer = await query(`$select=name&$expand=Account_Tasks($select=subject),${nested}`, 1);
    const [row] = answer.rows;
    expect(row?.Account_Tasks).toEqual([{ subject: 'Task 1', activityid: anyText }]);
    expect(row?.contact_customer_accounts).toEqual([
      { fullname: 'A', contactid: anyText, owninguser: { fullname: '# CRM Sync', systemuserid: anyText, ownerid: anyText } },
    ]);
    const found: unknown[] = [];
    let link: unknown = row?.['Account_Tasks@odata.nextLink'];
    while (typeof link === 'string') {
      expect(link).toContain(`accounts(${litware})/Account_Tasks?$select=subject&$skiptoken=%3Ccookie`);
      const page = await dataverse.get(link, { Prefer: 'odata.maxpagesize=1' });
      found.push(...page.rows.map(({ subject }) => subject));
      link = page.json['@odata.nextLink'];
    }
    expect(found).toEqual(['Task 2', 'Other 3']);
  });

  it.each([
    'primarycontactid($top=1)',
    'primarycontactid($orderby=fullname)',
    'Account_Tasks($top=1),contact_customer_accounts($expand=owninguser)',
    'contact_customer_accounts($expand=Contact_Tasks($orderby=subject))',
    'contact_customer_accounts($top=1;$expand=Contact_Tasks)',
  ])('$expand=%s: $top and $orderby are for collections that nothing is nested in', async (expand) => {
    const answer = await query(`$expand=${expand}`);
    expect([answer.status, answer.error]).toEqual([
      400,
      {
        code: '0x80060888',
        message:
          'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
      },
    ]);
  });

  it('/$ref gives the address of the row that a lookup points to, and is refused on collections', async () => {
    const answer = await query('$select=name&$expand=primarycontactid/$ref');
    const contactId = String(answer.rows[0]?._primarycontactid_value);
    expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts(name,primarycontactid/$ref())`);
    expect(answer.rows[0]?.primarycontactid).toEqual({ '@odata.id': `${dataverse.root}contacts(${contactId})` });
    expect(answer.rows[1]).toMatchObject({ _primarycontactid_value: null, primarycontactid: null });
    const refused = await query('$expand=Account_Tasks/$ref');
    expect([refused.status, refused.error.message]).toEqual([
      400,
      'Expand with $ref is only supported on lookup type navigation property.',
    ]);
  });

  it.each(['$skip=1', '$count=true', '$search=x', '$levels=2', '$apply=x', 'nonsense=1'])(
    '%s is not supported inside $expand',
    async (option) => {
      expect((await query(`$expand=Account_Tasks(${option})`)).status).toBe(400);
    },
  );

  it('up to 15 $expand options are taken', async () => {
    const chain = (depth: number): string => (depth === 1 ? 'parentaccountid' : `parentaccountid($expand=${chain(depth - 1)})`);
    expect((await query(`$expand=${chain(15)}`)).status).toBe(200);
    expect((await query(`$expand=${chain(16)}`)).status).toBe(400);
  });

  it('a $filter on a lookup hides the row that does not pass', async () => {
    const answer = await query(`$select=name&$expand=primarycontactid($select=fullname;$filter=lastname eq 'Nobody')`);
    expect(answer.rows[0]?.primarycontactid).toBeNull();
  });

  it('a parameter alias cannot be used inside the $expand option', async () => {
    expect((await query(`$expand=Account_Tasks($filter=subject eq @p1)&@p1='x'`)).status).toBe(400);
  });

  it('many-to-many relationships can be expanded beside each other, and neither nested nor combined with others', async () => {
    const opportunity = await dataverse.create('opportunities', {
      name: 'O',
      opportunitycompetitors_association: [{ name: 'Rival' }],
      'customerid_account@odata.bind': `accounts(${litware})`,
    });
    const address = `opportunities(${opportunity})?$select=name&$expand=opportunitycompetitors_association($select=name)`;
    expect((await dataverse.get(address)).json.opportunitycompetitors_association).toMatchObject([{ name: 'Rival' }]);
    expect((await dataverse.get(`${address},customerid_account`)).status).toBe(400);
    const nested = 'opportunity_customer_accounts($expand=opportunitycompetitors_association)';
    expect((await query(`$expand=${nested}`)).status).toBe(400);
  });

  it('who may not read the related table may not expand it', async () => {
    expect((await dataverse.call('GET', 'accounts?$expand=Account_Tasks', { as: 'robin' })).status).toBe(403);
  });
});
