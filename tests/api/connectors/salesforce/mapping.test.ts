import type { JsonObject } from '../../../../api/src/crm/types.ts';
import type { CrmServer } from '../../crm/support/crm-server.ts';
import { never, openSource, readRecords, rowOf } from './support/open-source.ts';
import { startScriptedOrg } from './support/scripted-org.ts';

const everyLine = 'address1_line1,address1_line2,address1_line3';

describe('what becomes of a Salesforce record', () => {
  const map = async (table: 'account' | 'contact', fields: JsonObject) =>
    rowOf((await openSource('https://acme.my.salesforce.com')).connector.table(table), fields);
  const ruleFor = async (table: 'account' | 'contact', column: string) =>
    (await openSource('https://acme.my.salesforce.com')).connector.table(table).columns.find(({ to }) => to.includes(column));

  it('maps an account, all that Microsoft’s wizard maps and more', async () => {
    const account = {
      Name: 'Alfreds Futterkiste',
      AccountNumber: 'ALFKI',
      Phone: '030-0074321',
      Fax: '030-0076545',
      Website: 'www.alfreds.example',
      Description: 'First line\nSecond line',
      NumberOfEmployees: 12,
      AnnualRevenue: 1_200_000.5,
      Sic: '2048',
      TickerSymbol: 'ALFK',
      Type: 'Customer - Direct',
      Industry: 'Food & Beverage',
      BillingStreet: 'Obere Str. 57\nHinterhaus\n2. Stock\nTür 4',
      BillingCity: 'Berlin',
      BillingState: null,
      BillingPostalCode: '12209',
      BillingCountry: 'Germany',
    };
    expect(await map('account', account)).toMatchObject({
      name: 'Alfreds Futterkiste',
      accountnumber: 'ALFKI',
      telephone1: '030-0074321',
      fax: '030-0076545',
      websiteurl: 'https://www.alfreds.example',
      description: 'First line\nSecond line',
      numberofemployees: 12,
      revenue: 1_200_000.5,
      sic: '2048',
      tickersymbol: 'ALFK',
      customertypecode: 'Customer - Direct',
      industrycode: 'Food & Beverage',
      [everyLine]: ['Obere Str. 57', 'Hinterhaus', '2. Stock, Tür 4'],
      address1_city: 'Berlin',
      address1_stateorprovince: null,
      address1_postalcode: '12209',
      address1_country: 'Germany',
    });
    expect((await ruleFor('account', 'customertypecode'))?.choices).toMatchObject({ 'Customer - Direct': 3 });
    expect((await ruleFor('account', 'industrycode'))?.choices).toMatchObject({ 'Food & Beverage': 17 });
  });

  it('maps a contact, all that Microsoft’s wizard maps and more', async () => {
    const contact = {
      Salutation: 'Frau',
      FirstName: 'Maria',
      LastName: 'Anders',
      Title: 'Sales Representative',
      Department: 'Sales',
      Email: 'Maria.Anders@Example.com',
      Phone: '1',
      HomePhone: '2',
      OtherPhone: '3',
      MobilePhone: '4',
      Fax: '5',
      AssistantName: 'Ana',
      AssistantPhone: '6',
      Birthdate: '1990-05-04',
      HasOptedOutOfEmail: true,
      Description: null,
      MailingStreet: 'Obere Str. 57',
    };
    expect(await map('contact', contact)).toMatchObject({
      salutation: 'Frau',
      firstname: 'Maria',
      lastname: 'Anders',
      jobtitle: 'Sales Representative',
      department: 'Sales',
      emailaddress1: 'maria.anders@example.com',
      telephone1: '1',
      telephone2: '2',
      telephone3: '3',
      mobilephone: '4',
      fax: '5',
      assistantname: 'Ana',
      assistantphone: '6',
      birthdate: '1990-05-04',
      donotemail: true,
      description: null,
      [everyLine]: ['Obere Str. 57', null, null],
      // Not said, so not touched.
      middlename: undefined,
    });
  });

  it.each([
    ['account', 'name', 'truncate'],
    ['account', 'description', 'truncate'],
    ['account', 'address1_line1', 'truncate'],
    ['account', 'address1_stateorprovince', 'truncate'],
    ['contact', 'lastname', 'truncate'],
    ['contact', 'jobtitle', 'truncate'],
    ['account', 'accountnumber', 'skip'],
    ['account', 'tickersymbol', 'skip'],
    ['account', 'websiteurl', 'skip'],
    ['account', 'telephone1', 'reject'],
  ] as const)('does with a too long %s.%s: %s', async (table, column, whenTooLong) => {
    expect(await ruleFor(table, column)).toMatchObject({ whenTooLong });
  });

  it.each([
    ['account', 'industrycode'],
    ['account', 'customertypecode'],
    ['account', 'websiteurl'],
    ['contact', 'birthdate'],
  ] as const)('empties %s.%s where Dataverse has no such value, and the record goes on', async (table, column) => {
    expect(await ruleFor(table, column)).toMatchObject({ whenInvalid: 'clear' });
  });

  it('fails an account whose currency Dataverse does not have, instead of calling its revenue another amount', async () => {
    expect(await ruleFor('account', 'transactioncurrencyid')).toMatchObject({
      lookup: { table: 'transactioncurrency', by: 'isocurrencycode' },
    });
    expect((await ruleFor('account', 'transactioncurrencyid'))?.whenInvalid).toBeUndefined();
  });

  it('refuses a website that would run a script', async () => {
    await expect(map('account', { Website: 'javascript:alert(1)' })).rejects.toMatchObject({ code: 'mapping.value_refused' });
  });
});

describe('an organisation that has more or less than the usual', () => {
  let org: CrmServer;
  afterEach(() => org.stop());

  const stamps = { IsDeleted: false, SystemModstamp: '2026-05-01T10:00:00.000+0000' };
  const person = { ...stamps, IsPersonAccount: true };
  const personFields = [
    { name: 'IsPersonAccount', type: 'boolean' },
    { name: 'AccountId', type: 'reference' },
    { name: 'ParentId', type: 'reference' },
  ];

  it('brings a person account as a contact without an account, and not as an account', async () => {
    org = await startScriptedOrg({
      fields: personFields,
      records: [
        { ...person, Id: '003000000000001AAA', AccountId: '001000000000001AAA' },
        { ...person, Id: '003000000000002AAA', AccountId: '001000000000002AAA', IsPersonAccount: false },
      ],
      answer: ({ query }) => ((query.get('q') ?? '').includes('COUNT()') ? { body: { totalSize: 2 } } : undefined),
    });
    const { accounts, contacts } = await openSource(org.url);
    const read = await readRecords(contacts.listAll(null, never));
    expect(read.map(({ parentId, isSkipped }) => [parentId, isSkipped])).toEqual([
      [null, false],
      ['001000000000002AAA', false],
    ]);
    expect((await readRecords(accounts.listAll(null, never))).map(({ isSkipped }) => isSkipped)).toEqual([true, false]);
    expect(org.requests.some(({ query }) => /SELECT .*IsPersonAccount.* FROM Account/.test(query.get('q') ?? ''))).toBe(true);
  });

  it('is not asked for fields that it hides; their columns are left alone, and the check names them', async () => {
    org = await startScriptedOrg({
      fields: [{ name: 'LastName', type: 'string' }],
      records: [{ ...stamps, Id: '003000000000001AAA', LastName: 'A' }],
    });
    const { connector, contacts } = await openSource(org.url, { withoutDrivers: true });
    const [record] = await readRecords(contacts.listAll(null, never));
    const asked = org.requests.map(({ query }) => query.get('q') ?? '').find((q) => q.includes('FROM Contact'));
    expect(asked).toBe('SELECT IsDeleted,Id,SystemModstamp,LastName FROM Contact ORDER BY Id');
    expect(rowOf(contacts, record?.fields ?? {})).toMatchObject({ lastname: 'A', emailaddress1: undefined });
    const { notes } = await connector.check(never);
    expect(notes.join('\n')).toMatch(/fields of contact.*Email/);
    expect(notes.join('\n')).not.toContain('IsPersonAccount');
  });

  it('is asked again which fields it has after a quarter of an hour', async () => {
    org = await startScriptedOrg({});
    let nowMs = Date.now();
    const { contacts } = await openSource(org.url, { clock: { nowMs: () => nowMs } });
    const described = () => org.requests.filter(({ path }) => path.endsWith('/Contact/describe')).length;
    await Promise.all([contacts.getOne('003000000000001AAA', never), contacts.getOne('003000000000002AAA', never)]);
    nowMs += 14 * 60_000;
    await contacts.getOne('003000000000001AAA', never);
    expect(described()).toBe(1);
    nowMs += 2 * 60_000;
    await contacts.getOne('003000000000001AAA', never);
    expect(described()).toBe(2);
  });
});
