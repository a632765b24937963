import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { allAnnotations, pages } from './pages.ts';

describe('FetchXML', () => {
  let dataverse: TestDataverse;
  let accountA = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    const account = (name: string, more: Readonly<Record<string, unknown>> = {}) => dataverse.create('accounts', { name, ...more });
    accountA = await account('A', {
      revenue: 10,
      customertypecode: 1,
      contact_customer_accounts: [{ firstname: 'Ann', lastname: 'X', Contact_Tasks: [{ subject: 'T' }] }, { lastname: 'Y' }],
    });
    await account('B', { revenue: 30, customertypecode: 3, contact_customer_accounts: [{ lastname: 'Z' }] });
    await account('C', { customertypecode: 2, 'parentaccountid@odata.bind': `accounts(${accountA})` });
  });
  afterAll(() => dataverse.close());

  const send = (set: string, fetchXml: string, headers: Readonly<Record<string, string>> = {}) =>
    dataverse.get(`${set}?fetchXml=${encodeURIComponent(fetchXml)}`, headers);
  const rows = async (set: string, fetchXml: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly Json[]> => {
    const answer = await send(set, fetchXml, headers);
    expect([fetchXml, answer.status, answer.error.message]).toEqual([fetchXml, 200, '']);
    return answer.rows;
  };
  const find = async (inside: string) =>
    (await rows('accounts', `<fetch><entity name="account"><attribute name="name"/>${inside}</entity></fetch>`))
      .map(({ name }) => name)
      .join('');
  const condition = (attributes: string) => find(`<filter><condition ${attributes}/></filter>`);

  it.each([
    [`attribute="name" operator="eq" value="a"`, 'A'],
    [`attribute="name" operator="ne" value="A"`, 'BC'],
    [`attribute="name" operator="like" value="[ab]%"`, 'AB'],
    [`attribute="name" operator="not-like" value="a%"`, 'BC'],
    [`attribute="name" operator="begins-with" value="b"`, 'B'],
    [`attribute="name" operator="ends-with" value="c"`, 'C'],
    [`attribute="revenue" operator="gt" value="10"`, 'B'],
    [`attribute="revenue" operator="null"`, 'C'],
    [`attribute="revenue" operator="not-null"`, 'AB'],
    [`attribute="creditonhold" operator="eq" value="0"`, 'ABC'],
    [`attribute="createdon" operator="today"`, 'ABC'],
    [`attribute="createdon" operator="last-x-days" value="1"`, 'ABC'],
    [`attribute="createdon" operator="last-seven-days"`, 'ABC'],
    [`attribute="createdon" operator="olderthan-x-minutes" value="5"`, ''],
    [`attribute="createdon" operator="on-or-after" value="2999-01-01"`, ''],
    [`attribute="ownerid" operator="eq-userid"`, 'ABC'],
    [`attribute="customertypecode" operator="eq" valueof="statuscode"`, 'A'],
  ])('condition %s', async (attributes, expected) => {
    expect(await condition(attributes)).toBe(expected);
  });

  it('in, between, a lookup, a hierarchy, and filters within filters', async () => {
    const values = '<value>1</value><value>2</value>';
    expect(await find(`<filter><condition attribute="customertypecode" operator="in">${values}</condition></filter>`)).toBe('AC');
    expect(await find(`<filter><condition attribute="customertypecode" operator="not-between">${values}</condition></filter>`)).toBe('B');
    expect(await condition(`attribute="parentaccountid" operator="eq" value="${accountA}"`)).toBe('C');
    expect(await condition(`attribute="accountid" operator="eq-or-under" value="${accountA}"`)).toBe('AC');
    const either =
      '<filter type="or"><condition attribute="name" operator="eq" value="C"/><filter><condition attribute="name" operator="ne" value="A"/>' +
      '<condition attribute="revenue" operator="ge" value="30"/></filter></filter>';
    expect(await find(either)).toBe('BC');
  });

  it('orders, choices by their label, and top', async () => {
    expect(await find('<order attribute="revenue" descending="true"/>')).toBe('BAC');
    // Competitor, Consultant, Customer.
    expect(await find('<order attribute="customertypecode"/>')).toBe('ACB');
    const top =
      '<fetch top="1"><entity name="account"><attribute name="name"/><order attribute="name" descending="true"/></entity></fetch>';
    expect(await rows('accounts', top)).toMatchObject([{ name: 'C' }]);
  });

  it(`${pages.fetchSelect}: columns, aliases, all columns when none is named`, async () => {
    const one = await rows('accounts', '<fetch top="1"><entity name="account"><attribute name="name" alias="title"/></entity></fetch>');
    expect(one[0]).toEqual({ '@odata.etag': expect.any(String) as unknown, accountid: accountA, title: 'A' });
    const all = await rows('accounts', '<fetch top="1"><entity name="account"/></fetch>');
    expect(all[0]).toMatchObject({ name: 'A', revenue: 10, statecode: 0 });
  });

  it('link-entity joins inner and outer, with columns under its alias', async () => {
    const link = (type: string) =>
      `<fetch><entity name="account"><attribute name="name"/><order attribute="name"/>
        <link-entity name="contact" from="parentcustomerid" to="accountid" alias="c" link-type="${type}">
          <attribute name="lastname"/><attribute name="createdby"/><order attribute="lastname"/>
          <filter><condition attribute="lastname" operator="ne" value="Z"/></filter>
        </link-entity></entity></fetch>`;
    const pairs = (list: readonly Json[]) => list.map((row) => [row.name, row['c.lastname']]);
    expect(pairs(await rows('accounts', link('inner')))).toEqual([
      ['A', 'X'],
      ['A', 'Y'],
    ]);
    expect(pairs(await rows('accounts', link('outer')))).toEqual([
      ['A', 'X'],
      ['A', 'Y'],
      ['B', undefined],
      ['C', undefined],
    ]);
    expect((await rows('accounts', link('inner'), allAnnotations))[0]).toMatchObject({
      'c.createdby@OData.Community.Display.V1.FormattedValue': '# CRM Sync',
      'c.createdby@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
    });
  });

  it('links go from the child to its parent, through several tables, and through an intersect table', async () => {
    const chain = `<fetch><entity name="task"><attribute name="subject"/>
      <link-entity name="contact" from="contactid" to="regardingobjectid" alias="c">
        <link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name" alias="company"/></link-entity>
      </link-entity></entity></fetch>`;
    expect(await rows('tasks', chain)).toMatchObject([{ subject: 'T', company: 'A' }]);
    const role = await dataverse.create('roles', { name: 'R' });
    const me = String((await dataverse.get('WhoAmI')).json.UserId);
    await dataverse.post(`systemusers(${me})/systemuserroles_association/$ref`, { '@odata.id': `roles(${role})` });
    const roles = `<fetch><entity name="role"><attribute name="name"/>
      <link-entity name="systemuserroles" from="roleid" to="roleid" intersect="true">
        <link-entity name="systemuser" from="systemuserid" to="systemuserid" alias="u">
          <filter><condition attribute="systemuserid" operator="eq-userid"/></filter>
        </link-entity>
      </link-entity></entity></fetch>`;
    expect(await rows('roles', roles)).toMatchObject([{ name: 'R' }]);
  });

  it('a filter of the entity may ask about a link by its alias', async () => {
    const none = `<fetch><entity name="account"><attribute name="name"/>
      <filter><condition entityname="c" attribute="contactid" operator="null"/></filter>
      <link-entity name="contact" from="parentcustomerid" to="accountid" alias="c" link-type="outer"/></entity></fetch>`;
    expect(await rows('accounts', none)).toMatchObject([{ name: 'C' }]);
  });

  it('distinct gives every combination once', async () => {
    const names = `<fetch distinct="true"><entity name="account"><attribute name="name"/>
      <link-entity name="contact" from="parentcustomerid" to="accountid" alias="c"/></entity></fetch>`;
    expect(await rows('accounts', names)).toHaveLength(2);
  });

  it('aggregates over groups', async () => {
    const total = `<fetch aggregate="true"><entity name="account"><attribute name="revenue" aggregate="sum" alias="total"/>
      <attribute name="revenue" aggregate="avg" alias="mean"/><attribute name="accountid" aggregate="count" alias="n"/>
      <attribute name="revenue" aggregate="countcolumn" alias="filled"/></entity></fetch>`;
    expect(await rows('accounts', total)).toEqual([{ total: 40, mean: 20, n: 3, filled: 2 }]);
    const perCompany = `<fetch aggregate="true"><entity name="account"><attribute name="name" groupby="true" alias="company"/>
      <order alias="contacts" descending="true"/>
      <link-entity name="contact" from="parentcustomerid" to="accountid"><attribute name="contactid" aggregate="count" alias="contacts"/></link-entity>
      </entity></fetch>`;
    expect(await rows('accounts', perCompany)).toEqual([
      { company: 'A', contacts: 2 },
      { company: 'B', contacts: 1 },
    ]);
  });

  it(`${pages.fetchPages}: pages by number, with a cookie and whether there are more`, async () => {
    const page = (number: number, cookie = '') =>
      `<fetch count="2" page="${number}"${cookie}><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>`;
    const first = await send('accounts', page(1), allAnnotations);
    expect(first.json['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
    const outer = /pagingcookie="([^"]*)"/.exec(String(first.json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']))?.[1] ?? '';
    const cookie = decodeURIComponent(decodeURIComponent(outer));
    expect(cookie).toMatch(/^<cookie page="1"><accountid last="\{[0-9a-f-]+\}" first="\{[0-9a-f-]+\}" \/><\/cookie>$/);
    const encoded = cookie.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    const second = await send('accounts', page(2, ` paging-cookie="${encoded}"`), allAnnotations);
    expect(second.rows).toMatchObject([{ name: 'C' }]);
    expect(second.json['@Microsoft.Dynamics.CRM.morerecords']).toBe(false);
    expect(second.json).not.toHaveProperty('@Microsoft.Dynamics.CRM.fetchxmlpagingcookie');
    expect((await send('accounts', page(1))).json).not.toHaveProperty('@Microsoft.Dynamics.CRM.morerecords');
  });

  it.each([
    ['<fetch>', 400, 'not well formed'],
    ['<query/>', 400, "the root element is 'query'"],
    ['<fetch><entity name="contact"/></fetch>', 400, "is not 'account'"],
    ['<fetch><entity name="account"><attribute name="nosuch"/></entity></fetch>', 400, "doesn't contain attribute with Name = 'nosuch'"],
    ['<fetch><entity name="account"><nosuch/></entity></fetch>', 400, "the element 'nosuch' is not expected"],
    ['<fetch><entity name="account"><filter><condition attribute="name" operator="sounds"/></filter></entity></fetch>', 400, "'sounds'"],
    [
      '<fetch><entity name="account"><filter><condition attribute="revenue" operator="eq" value="x"/></filter></entity></fetch>',
      400,
      'not valid',
    ],
    ['<fetch top="1" count="1"><entity name="account"/></fetch>', 400, 'top attribute'],
    ['<fetch><entity name="account"><link-entity name="nosuch" from="a" to="b"/></entity></fetch>', 400, 'was not found'],
    [
      '<fetch><entity name="account"><link-entity name="contact" from="contactid" to="primarycontactid" link-type="exists"/></entity></fetch>',
      501,
      'exists',
    ],
    ['<fetch late-materialize="true"><entity name="account"/></fetch>', 501, 'late-materialize'],
    [
      '<fetch aggregate="true"><entity name="account"><attribute name="createdon" groupby="true" dategrouping="month" alias="m"/></entity></fetch>',
      501,
      'dategrouping',
    ],
  ])('%s is refused with %d', async (fetchXml, status, message) => {
    const answer = await send('accounts', fetchXml);
    expect(answer.status).toBe(status);
    expect(answer.error.message).toContain(message);
  });

  it('fetchXml beside other query options is refused', async () => {
    const fetchXml = encodeURIComponent('<fetch><entity name="account"/></fetch>');
    expect((await dataverse.get(`accounts?fetchXml=${fetchXml}&$select=name`)).status).toBe(400);
  });
});
