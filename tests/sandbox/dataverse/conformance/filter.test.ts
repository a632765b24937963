import { startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { pages } from './pages.ts';

/** Saturday, in the first quarter. */
const now = Date.UTC(2026, 0, 31, 12, 30);

describe(pages.filter, () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse({ now: () => now });
  });
  afterAll(() => dataverse.close());

  const find = async (set: string, filter: string, name: string): Promise<string> => {
    const answer = await dataverse.get(`${set}?$select=${name}&$filter=${encodeURIComponent(filter)}`);
    expect([filter, answer.status, answer.error.message]).toEqual([filter, 200, '']);
    return answer.rows.map((row) => String(row[name])).join('');
  };

  describe('Filter based on related data values', () => {
    let accountId = '';
    beforeAll(async () => {
      dataverse.reset();
      accountId = await dataverse.create('accounts', {
        name: 'A Inc.',
        primarycontactid: { firstname: 'Susanna', lastname: 'S' },
        contact_customer_accounts: [
          { lastname: 'X', jobtitle: 'Boss', opportunity_customer_contacts: [{ name: 'O', description: 'Big' }] },
          { lastname: 'Y', jobtitle: 'Clerk' },
        ],
        Account_Emails: [{ subject: 'about sometext' }],
        Account_Tasks: [{ subject: 'T1', statecode: 1, statuscode: 5 }],
      });
      await dataverse.create('accounts', { name: 'B', Account_Tasks: [{ subject: 'T2' }, { subject: 'T3', statecode: 1 }] });
      await dataverse.create('accounts', { name: 'C', 'parentaccountid@odata.bind': `accounts(${accountId})` });
    });

    it.each([
      [`primarycontactid/fullname eq 'Susanna S'`, 'A Inc.'],
      [`primarycontactid/createdby/fullname eq '# CRM Sync'`, 'A Inc.'],
      [`parentaccountid/primarycontactid/lastname eq 'S'`, 'C'],
      [`parentaccountid/name ne 'A Inc.'`, 'A Inc.B'],
      [`Account_Emails/any(e:contains(e/subject,'sometext'))`, 'A Inc.'],
      [`Account_Emails/any(e:contains(e/subject,'sometext') and e/statecode eq 1)`, ''],
      [`Account_Emails/any()`, 'A Inc.'],
      [`not Account_Emails/any()`, 'BC'],
      // All of none is true.
      [`Account_Tasks/all(t:t/statecode eq 1)`, 'A Inc.C'],
      [`Account_Tasks/any(t:t/statecode eq 1) and Account_Tasks/any(t: t/statecode eq 0)`, 'B'],
      [
        `(contact_customer_accounts/any(c:c/jobtitle eq 'Boss' and c/opportunity_customer_contacts/any(o:o/description ne 'N/A'))) and endswith(name,'Inc.')`,
        'A Inc.',
      ],
      [`contact_customer_accounts/any(c:Microsoft.Dynamics.CRM.In(PropertyName='c/lastname',PropertyValues=['Y','Z']))`, 'A Inc.'],
      [`contact_customer_accounts/any(c:c/parentcustomerid_account/name eq 'A Inc.')`, 'A Inc.'],
    ])('%s', async (filter, expected) => {
      expect(await find('accounts', filter, 'name')).toBe(expected);
    });

    it('a filtered collection gives the same rows as a filter on the lookup', async () => {
      const byCollection = await dataverse.get(`accounts(${accountId})/contact_customer_accounts?$select=lastname`);
      const byLookup = await dataverse.get(`contacts?$select=lastname&$filter=_parentcustomerid_value eq ${accountId}`);
      expect(byCollection.rows).toEqual(byLookup.rows);
      const owner = await dataverse.get('WhoAmI');
      const owned = await dataverse.get(`systemusers(${String(owner.json.UserId)})/user_accounts?$select=name`);
      expect(owned.rows).toHaveLength(3);
    });

    it.each([
      [`primarycontactid/account_primary_contact/any(a:a/name eq 'A')`, 'nested in a lookup'],
      [`Account_Tasks/any(t:subject eq 'T')`, "Could not find a property named 'subject'"],
      [`Account_Tasks/any(t:t/nosuch eq 1)`, "Could not find a property named 'nosuch'"],
      [`nosuch/any(t:t/x eq 1)`, "Could not find a property named 'nosuch'"],
      [`Account_Tasks/any(t:t/subject eq 5)`, 'incompatible types'],
      [`Account_Tasks/all()`, 'Syntax error'],
      [`Account_Tasks/none(t:t/subject eq 'x')`, 'An unknown function'],
    ])('%s is refused with 0x80060888', async (filter, message) => {
      const answer = await dataverse.get(`accounts?$filter=${encodeURIComponent(filter)}`);
      expect([answer.status, answer.error.code]).toEqual([400, '0x80060888']);
      expect(answer.error.message).toContain(message);
    });
  });

  describe('Dataverse query functions: dates', () => {
    beforeAll(async () => {
      dataverse.reset();
      const moments = {
        a: '2024-12-31T23:59:59Z',
        b: '2025-01-31T12:00:00Z',
        c: '2025-12-15T00:00:00Z',
        d: '2026-01-24T23:59:59Z',
        e: '2026-01-25T00:00:00Z',
        f: '2026-01-30T23:59:59Z',
        g: '2026-01-31T00:00:00Z',
        h: '2026-01-31T12:00:00Z',
        i: '2026-01-31T23:59:59Z',
        j: '2026-02-01T00:00:00Z',
        k: '2026-02-28T10:00:00Z',
        l: '2026-04-01T00:00:00Z',
        m: '2027-06-01T00:00:00Z',
      };
      for (const [subject, scheduledstart] of Object.entries(moments)) await dataverse.create('tasks', { subject, scheduledstart });
      await dataverse.create('tasks', { subject: 'n' });
    });

    it.each([
      ['Today', '', 'ghi'],
      ['Yesterday', '', 'f'],
      ['Tomorrow', '', 'j'],
      ['Last7Days', '', 'defgh'],
      ['Next7Days', '', 'ij'],
      ['ThisWeek', '', 'efghi'],
      ['LastWeek', '', 'd'],
      ['NextWeek', '', 'j'],
      ['ThisMonth', '', 'defghi'],
      ['LastMonth', '', 'c'],
      ['NextMonth', '', 'jk'],
      ['ThisYear', '', 'defghijkl'],
      ['LastYear', '', 'bc'],
      ['NextYear', '', 'm'],
      ['ThisFiscalPeriod', '', 'defghijk'],
      ['LastFiscalPeriod', '', 'c'],
      ['NextFiscalPeriod', '', 'l'],
      ['ThisFiscalYear', '', 'defghijkl'],
      ['LastFiscalYear', '', 'bc'],
      ['NextFiscalYear', '', 'm'],
      ['LastXHours', '1', 'h'],
      ['LastXHours', '24', 'fgh'],
      ['LastXDays', '1', 'fgh'],
      ['LastXWeeks', '1', 'defgh'],
      ['LastXMonths', '2', 'cdefgh'],
      ['LastXYears', '1', 'bcdefgh'],
      ['LastXFiscalPeriods', '1', 'c'],
      ['LastXFiscalYears', '2', 'abc'],
      ['NextXHours', '12', 'ij'],
      ['NextXDays', '1', 'ij'],
      ['NextXWeeks', '1', 'ij'],
      // 31 January and a month is 28 February.
      ['NextXMonths', '1', 'ijk'],
      ['NextXYears', '2', 'ijklm'],
      ['NextXFiscalPeriods', '1', 'l'],
      ['NextXFiscalYears', '1', 'm'],
      ['OlderThanXMinutes', '60', 'abcdefg'],
      ['OlderThanXHours', '12', 'abcdefg'],
      ['OlderThanXDays', '1', 'abcde'],
      ['OlderThanXWeeks', '1', 'abc'],
      ['OlderThanXMonths', '1', 'abc'],
      ['OlderThanXYears', '1', 'a'],
      ['On', `'2026-01-31'`, 'ghi'],
      ['OnOrAfter', `'2026-02-01'`, 'jklm'],
      ['OnOrBefore', `'2025-12-15T18:00:00Z'`, 'abc'],
      ['InFiscalYear', '2026', 'defghijkl'],
      ['InFiscalPeriod', '2', 'lm'],
    ])('%s %s', async (name, value, expected) => {
      const more = value === '' ? '' : `,PropertyValue=${value}`;
      expect(await find('tasks', `Microsoft.Dynamics.CRM.${name}(PropertyName='scheduledstart'${more})`, 'subject')).toBe(expected);
    });

    it.each([
      ['InFiscalPeriodAndYear', 'defghijk'],
      ['InOrAfterFiscalPeriodAndYear', 'defghijklm'],
      ['InOrBeforeFiscalPeriodAndYear', 'abcdefghijk'],
    ])('%s takes a period and a year', async (name, expected) => {
      const call = `Microsoft.Dynamics.CRM.${name}(PropertyName='scheduledstart',PropertyValue1=1,PropertyValue2=2026)`;
      expect(await find('tasks', call, 'subject')).toBe(expected);
    });

    it('a date without a time is its first moment', async () => {
      await dataverse.create('contacts', { lastname: 'X', birthdate: '2026-01-31' });
      expect(await find('contacts', `Microsoft.Dynamics.CRM.Today(PropertyName='birthdate')`, 'lastname')).toBe('X');
      expect(await find('contacts', `Microsoft.Dynamics.CRM.LastXHours(PropertyName='birthdate',PropertyValue=1)`, 'lastname')).toBe('');
      expect(await find('contacts', 'birthdate eq 2026-01-31', 'lastname')).toBe('X');
    });

    it.each([
      ["LastXDays(PropertyName='scheduledstart')", 400],
      ["LastXDays(PropertyName='scheduledstart',PropertyValue=0)", 400],
      ["LastXDays(PropertyName='scheduledstart',PropertyValue='soon')", 400],
      ["LastXDays(PropertyName='subject',PropertyValue=1)", 400],
      ["Today(PropertyName='scheduledstart',PropertyValue=1)", 400],
      ["Today(PropertyName='nosuch')", 400],
      ["On(PropertyName='scheduledstart',PropertyValue='2026-02-31x')", 400],
      ["InFiscalPeriod(PropertyName='scheduledstart',PropertyValue=5)", 400],
      ["ContainValues(PropertyName='prioritycode',PropertyValues=['1'])", 400],
      ["NoSuchFunction(PropertyName='scheduledstart')", 400],
      ["EqualUserTeams(PropertyName='ownerid')", 501],
      ["EqualUserOrUserHierarchy(PropertyName='_ownerid_value')", 501],
    ])('%s is refused with %d', async (call, status) => {
      const answer = await dataverse.get(`tasks?$filter=${encodeURIComponent(`Microsoft.Dynamics.CRM.${call}`)}`);
      expect([answer.status, answer.error.code]).toEqual([status, status === 501 ? '0x8006088a' : '0x80060888']);
    });
  });

  describe('Dataverse query functions: id values and hierarchy', () => {
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      dataverse.reset();
      for (const [name, parent] of [
        ['A', null],
        ['B', 'A'],
        ['C', 'A'],
        ['D', 'C'],
        ['E', null],
      ] as const) {
        const bind = parent === null ? {} : { 'parentaccountid@odata.bind': `accounts(${ids[parent] ?? ''})` };
        ids[name] = await dataverse.create('accounts', { name, ...bind });
      }
    });

    it.each([
      ['Under', 'A', 'BCD'],
      ['UnderOrEqual', 'C', 'CD'],
      ['NotUnder', 'C', 'ABCE'],
      ['Above', 'D', 'AC'],
      ['AboveOrEqual', 'D', 'ACD'],
    ])(`${pages.hierarchy}: %s %s`, async (name, from, expected) => {
      const call = `Microsoft.Dynamics.CRM.${name}(PropertyName='accountid',PropertyValue='${ids[from] ?? ''}')`;
      expect(await find('accounts', call, 'name')).toBe(expected);
    });

    it('a table without a hierarchical relationship is refused', async () => {
      const call = `Microsoft.Dynamics.CRM.Under(PropertyName='contactid',PropertyValue='${ids.A ?? ''}')`;
      expect((await dataverse.get(`contacts?$filter=${encodeURIComponent(call)}`)).status).toBe(400);
    });

    it('EqualUserId and EqualBusinessId compare with who is asking', async () => {
      await dataverse.call('POST', 'accounts', { body: { name: 'Z' }, as: 'ada' });
      const call = (name: string, column: string) => `Microsoft.Dynamics.CRM.${name}(PropertyName='${column}')`;
      expect(await find('accounts', call('NotEqualUserId', '_ownerid_value'), 'name')).toBe('Z');
      expect(await find('accounts', call('EqualUserId', '_createdby_value'), 'name')).toBe('ABCDE');
      expect(await find('accounts', call('NotEqualBusinessId', '_owningbusinessunit_value'), 'name')).toBe('');
    });
  });
});
