/** query/filter-rows.md, order-rows.md, count-rows.md, select-columns.md */
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('queries of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    const contoso = await dataverse.create('accounts', { name: 'Contoso', revenue: 5000, numberofemployees: 10, ccsync_sourcekey: 'n~1' });
    await dataverse.create('accounts', { name: 'Fabrikam (sample)', revenue: 100000, numberofemployees: 2000, ccsync_sourcekey: 'n~2' });
    await dataverse.create('accounts', {
      name: "Müller's 100% [x] Söhne",
      numberofemployees: 5,
      creditonhold: true,
      ccsync_sourcekey: 'n~3',
    });
    await dataverse.create('accounts', {
      name: 'Northwind',
      description: 'a, b; c',
      ccsync_lastsyncedon: '2026-01-31T08:00:00Z',
      'parentaccountid@odata.bind': `/accounts(${contoso})`,
    });
  });
  afterAll(() => dataverse.close());

  const find = async (filter: string, more = ''): Promise<readonly unknown[]> => {
    const answer = await dataverse.get(`accounts?$select=name&$filter=${encodeURIComponent(filter)}${more}`);
    expect([filter, answer.status, answer.error.message]).toEqual([filter, 200, '']);
    return answer.rows.map((row) => String(row.name).slice(0, 1));
  };

  it.each([
    [`name eq 'contoso'`, ['C']],
    [`name ne 'Contoso'`, ['F', 'M', 'N']],
    [`name eq 'muller''s 100% [x] sohne'`, ['M']],
    [`name gt 'Fabrikam (sample)'`, ['M', 'N']],
    [`numberofemployees ge 10 and numberofemployees le 2000`, ['C', 'F']],
    [`numberofemployees lt 10`, ['M']],
    [`revenue eq null`, ['M', 'N']],
    [`revenue ne null`, ['C', 'F']],
    [`revenue ne 5000`, ['F', 'M', 'N']],
    [`not (revenue gt 1)`, ['M', 'N']],
    [`not contains(name,'o')`, ['F']],
    [`creditonhold eq true`, ['M']],
    [`contains(name,'(SAMPLE)')`, ['F']],
    [`startswith(name,'n') or endswith(name,'oso')`, ['C', 'N']],
    [`(startswith(name,'n') or startswith(name,'c')) and revenue gt 1`, ['C']],
    [`startswith(name,'n') or startswith(name,'c') and revenue gt 1`, ['C', 'N']],
    [`contains(name,'C_nt')`, ['C']],
    [`contains(name,'f%k')`, ['F']],
    [`startswith(name,'[cf]')`, ['C', 'F']],
    [`startswith(name,'[^cf]')`, ['M', 'N']],
    [`ccsync_lastsyncedon ge 2026-01-31T08:00:00Z`, ['N']],
    [`ccsync_lastsyncedon lt 2026-01-31T09:00:00+02:00`, []],
    [`parentaccountid/name eq 'Contoso'`, ['N']],
    [`_parentaccountid_value ne null`, ['N']],
    [`name eq name`, ['C', 'F', 'M', 'N']],
    [`statecode eq 0 and statuscode eq 1`, ['C', 'F', 'M', 'N']],
    [`Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=["contoso","Northwind"])`, ['C', 'N']],
    [`Microsoft.Dynamics.CRM.NotIn(PropertyName='name',PropertyValues=['contoso','Northwind'])`, ['F', 'M']],
    [`Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=["5","10"])`, ['C', 'M']],
    [`Microsoft.Dynamics.CRM.Between(PropertyName='numberofemployees',PropertyValues=["5","2000"])`, ['C', 'F', 'M']],
    [`Microsoft.Dynamics.CRM.NotBetween(PropertyName='numberofemployees',PropertyValues=["5","10"])`, ['F', 'N']],
    [`ccsync_sourcekey eq 'N~1' or ccsync_sourcekey eq 'n~3' or ccsync_sourcekey eq 'n~9'`, ['C', 'M']],
    [`ccsync_sourcekey eq 'n~1' and revenue gt 1000000`, []],
    [`ccsync_sourcekey eq 'n~1' or revenue gt 50000`, ['C', 'F']],
    [`not (ccsync_sourcekey eq 'n~1')`, ['F', 'M', 'N']],
    [`Microsoft.Dynamics.CRM.In(PropertyName='ccsync_sourcekey',PropertyValues=["n~3","n~1","n~3"])`, ['C', 'M']],
  ])('%s', async (filter, expected) => {
    expect(await find(filter)).toEqual(expected);
  });

  it('values may stand in aliases', async () => {
    const filter = 'Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2) and name ne @p3';
    const aliases = `&@p1='name'&@p2=${encodeURIComponent('["Contoso","Müller\'s 100% [x] Söhne"]')}&@p3='Contoso'`;
    expect(await find(filter, aliases)).toEqual(['M']);
  });

  it('a chain of a thousand alternatives is answered', async () => {
    const chain = Array.from({ length: 1000 }, (_, index) => `ccsync_sourcekey eq 'n~${index}'`).join(' or ');
    const boundary = 'batch_1';
    const part = `GET accounts?$select=name&$filter=${encodeURIComponent(chain)} HTTP/1.1`;
    const body = `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${part}\r\n\r\n\r\n--${boundary}--\r\n`;
    const answer = await dataverse.post('$batch', body, { 'content-type': `multipart/mixed; boundary=${boundary}` });
    expect(answer.text.match(/"name"/g)).toHaveLength(3);
  });

  it('an address of 30 KB is read', async () => {
    const chain = Array.from({ length: 800 }, (_, index) => `ccsync_sourcekey eq 'n~${index}'`).join(' or ');
    expect(await find(chain)).toEqual(['C', 'F', 'M']);
  });

  it('$orderby sorts, nothing first, ties by primary key', async () => {
    const names = async (orderBy: string) =>
      (await dataverse.get(`accounts?$select=name&$orderby=${orderBy}`)).rows.map((row) => String(row.name).charAt(0)).join('');
    expect(await names('name')).toBe('CFMN');
    expect(await names('name desc')).toBe('NMFC');
    expect(await names('revenue asc')).toBe('MNCF');
    expect(await names('revenue desc,name desc')).toBe('FCNM');
    expect(await names('parentaccountid/name desc,name')).toBe('NCFM');
  });

  it('$count, /$count and $top', async () => {
    const answer = await dataverse.get('accounts?$select=name&$top=2&$count=true');
    expect(answer.rows).toHaveLength(2);
    expect(answer.json['@odata.count']).toBe(4);
    expect(answer.json).not.toHaveProperty('@odata.nextLink');
    expect((await dataverse.get('accounts/$count')).text).toBe('\uFEFF4');
    expect((await dataverse.get(`accounts/$count?$filter=name eq 'Contoso'`)).text).toBe('\uFEFF1');
    expect((await dataverse.get('accounts?$top=0')).rows).toEqual([]);
  });

  it('the context names what was selected', async () => {
    const answer = await dataverse.get('accounts?$select=name,revenue&$top=1');
    expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts(name,revenue)`);
  });

  it.each([
    ['$select=nosuch', "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.account'."],
    ['$select=parentcustomerid', "Could not find a property named 'parentcustomerid' on type 'Microsoft.Dynamics.CRM.account'."],
    [`$filter=nosuch eq 1`, "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.account'."],
    ['$orderby=nosuch', "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.account'."],
    ['$filter=parentaccountid/nosuch eq 1', "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.account'."],
    [`$filter=name eq 5`, 'A binary operator with incompatible types was detected'],
    [`$filter=revenue gt 'x'`, 'A binary operator with incompatible types was detected'],
    [`$filter=createdon gt 5`, 'A binary operator with incompatible types was detected'],
    [`$filter=name eq revenue`, 'A binary operator with incompatible types was detected'],
    [`$filter=contains(revenue,'1')`, 'No function signature'],
    [`$filter=name eq 'O'Brien'`, 'unterminated literal'],
    [`$filter=name eq`, 'Syntax error'],
    [`$filter=(name eq 'a'`, 'Syntax error'],
    [`$filter=name like 'a'`, "Unrecognized operator 'like'"],
    [`$filter=name in ('a','b')`, 'The query node In is not supported.'],
    [`$filter=tolower(name) eq 'a'`, "An unknown function with name 'tolower'"],
    [`$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=["a" "b"])`, 'Invalid JSON'],
    ['$filter=', 'Syntax error'],
    ['$skip=10', 'Skip Clause is not supported in CRM'],
    ['$top=-1', 'Invalid value'],
    ['$top=two', 'Invalid value'],
    ['$count=perhaps', 'Invalid value'],
    ['$nosuch=1', "The query parameter '$nosuch' is not supported."],
    ['$select=name&$select=revenue', 'was specified more than once'],
    ['$orderby=name sideways', 'Syntax error in $orderby'],
    ['$skiptoken=forged', 'Paging Cookie'],
  ])('%s is refused with 0x80060888', async (query, message) => {
    const answer = await dataverse.get(`accounts?${query}`);
    expect([answer.status, answer.error.code]).toEqual([400, '0x80060888']);
    expect(answer.error.message).toContain(message);
  });

  it('what is not built yet says so (501), rather than answering wrongly', async () => {
    for (const query of [
      '$search=x',
      '$format=json',
      '$compute=revenue%20as%20r',
      'savedQuery=00000000-0000-0000-00aa-000010001002',
      `$filter=Microsoft.Dynamics.CRM.EqualUserTeams(PropertyName='ownerid')`,
      '$apply=filter(revenue gt 1)',
      `fetchXml=${encodeURIComponent('<fetch><entity name="account"><link-entity name="contact" from="a" to="b" link-type="any"/></entity></fetch>')}`,
    ]) {
      expect([query, (await dataverse.get(`accounts?${query}`)).status]).toEqual([query, 501]);
    }
  });

  it('a client may add parameters of its own', async () => {
    expect((await dataverse.get('accounts?$top=1&tag=crm-sync')).status).toBe(200);
  });
});
