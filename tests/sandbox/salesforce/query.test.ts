import { type OpenSalesforce, type Problem, type QueryPage, openSalesforce } from './salesforce.ts';
import { handClock } from '../support/hand-clock.ts';

const clock = handClock('2026-05-01T10:00:00.000Z');
let crm: OpenSalesforce;
beforeAll(async () => {
  crm = await openSalesforce({ now: clock.now, accounts: 20, contacts: 3_000 });
});
afterAll(() => crm.close());

const refusal = async (soql: string) => {
  const { status, body } = await crm.query<Problem>(soql);
  return { status, code: body[0]?.errorCode, message: body[0]?.message };
};
const names = async (soql: string) => (await crm.rows(soql)).map(({ Name }) => Name);

describe('a SOQL query (api_rest: resources_query)', () => {
  it('answers with records that say what they are, times without a colon in their offset, and null for nothing', async () => {
    const { status, body } = await crm.query(
      "SELECT Id, Name, BillingState, SystemModstamp, IsDeleted FROM Account WHERE AccountNumber = 'ALFKI'",
    );
    expect(status).toBe(200);
    const id = String(body.records[0]?.Id);
    expect(body).toEqual({
      totalSize: 1,
      done: true,
      records: [
        {
          attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id}` },
          Id: id,
          Name: 'Alfreds Futterkiste',
          BillingState: null,
          SystemModstamp: '2025-01-15T08:00:00.000+0000',
          IsDeleted: false,
        },
      ],
    });
    expect(id).toMatch(/^001[A-Za-z0-9]{15}$/);
  });

  it('nests the fields of parents, and gives null where there is none', async () => {
    const [person] = await crm.rows(
      "SELECT Name, Account.Name, Account.Owner.Username FROM Contact WHERE Account.Name = 'alfreds futterkiste' LIMIT 1",
    );
    expect(person).toMatchObject({
      Account: { attributes: { type: 'Account' }, Name: 'Alfreds Futterkiste', Owner: { Username: 'integration@northwind.example' } },
    });
    const [orphan] = await crm.rows('SELECT Account.Name FROM Contact WHERE AccountId = null LIMIT 1');
    expect(orphan?.Account).toBeNull();
  });

  it('gives an address whole, which cannot be filtered by', async () => {
    const [account] = await crm.rows("SELECT BillingAddress FROM Account WHERE AccountNumber = 'ALFKI'");
    expect(account?.BillingAddress).toMatchObject({ street: 'Obere Str. 57', city: 'Berlin', state: null, country: 'Germany' });
    expect(await refusal("SELECT Id FROM Account WHERE BillingAddress = 'x'")).toMatchObject({ status: 400, code: 'INVALID_FIELD' });
  });

  it('compares text without case, ids in either form, and times as moments', async () => {
    const [{ Id: id } = { Id: '' }] = await crm.rows("SELECT Id FROM Account WHERE Name LIKE 'ALFREDS%'");
    expect(await names(`SELECT Name FROM Account WHERE Id = '${String(id).slice(0, 15)}'`)).toEqual(['Alfreds Futterkiste']);
    expect(await names(`SELECT Name FROM Account WHERE Id IN ('${String(id)}', '001000000000000AAA')`)).toHaveLength(1);
    expect(
      await names("SELECT Name FROM Account WHERE NOT (Name LIKE '%e%' OR Name LIKE '%o%') AND AccountNumber != 'SONNE'"),
    ).not.toContain('Alfreds Futterkiste');
    for (const moment of ['2025-01-15T08:00:00Z', '2025-01-15T09:00:00+01:00', '2025-01-15T08:00:00.000+0000']) {
      expect(await crm.rows(`SELECT Id FROM Account WHERE SystemModstamp = ${moment}`)).toHaveLength(42);
    }
    expect(
      await crm.rows('SELECT Id FROM Account WHERE SystemModstamp > 2025-01-15T08:00:00Z AND SystemModstamp < 2025-01-15T08:00:01Z'),
    ).toEqual([]);
  });

  it('reads a quote, a backslash and a line break inside of text', async () => {
    const { body } = await crm.data('/sobjects/Account', { json: { Name: "O'Neil \\ Sons" } });
    expect(await names("SELECT Name FROM Account WHERE Name = 'O\\'Neil \\\\ Sons'")).toEqual(["O'Neil \\ Sons"]);
    await crm.data(`/sobjects/Account/${String(body.id)}`, { method: 'DELETE' });
  });

  it('counts', async () => {
    expect((await crm.query('SELECT COUNT() FROM Contact WHERE Email = null')).body).toMatchObject({ done: true, records: [] });
    expect((await crm.query('SELECT COUNT() FROM Account')).body.totalSize).toBe(62);
  });

  it('orders by several fields, nothing first, and takes LIMIT and OFFSET', async () => {
    const sorted = await crm.rows('SELECT Id, BillingState FROM Account ORDER BY BillingState, Id DESC');
    expect(sorted[0]?.BillingState).toBeNull();
    expect((await crm.rows('SELECT Id, BillingState FROM Account ORDER BY BillingState NULLS LAST')).at(-1)?.BillingState).toBeNull();
    expect(await crm.rows('SELECT Id, BillingState FROM Account ORDER BY BillingState, Id DESC LIMIT 5 OFFSET 3')).toEqual(
      sorted.slice(3, 8),
    );
  });

  it('knows FIELDS(), of which ALL needs a limit of 200', async () => {
    expect(Object.keys((await crm.rows('SELECT FIELDS(STANDARD) FROM Contact LIMIT 1'))[0] ?? {})).toEqual(
      expect.arrayContaining(['MailingStreet', 'SystemModstamp']),
    );
    expect(await crm.rows('SELECT FIELDS(ALL) FROM Contact LIMIT 200')).toHaveLength(200);
    expect(await refusal('SELECT FIELDS(ALL) FROM Contact')).toMatchObject({ code: 'MALFORMED_QUERY' });
  });

  it('tells which organisation it is', async () => {
    expect(await crm.rows('SELECT Id, IsSandbox FROM Organization')).toEqual([
      expect.objectContaining({ IsSandbox: true, Id: expect.stringMatching(/^00D/) }),
    ]);
  });

  it.each([
    ['SELECT Nothing FROM Account', 'INVALID_FIELD'],
    ['SELECT IsPersonAccount FROM Account', 'INVALID_FIELD'],
    ['SELECT Id, id FROM Account', 'INVALID_FIELD'],
    ['SELECT Id FROM Nothing', 'INVALID_TYPE'],
    ['SELECT Id FROM', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE Name = 'open", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
    ['SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01T00:00:00', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE SystemModstamp > 2026-01-01T00:00:00 00:00', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Id = 'short'", 'INVALID_FIELD'],
    ['SELECT Id FROM Account LIMIT 5 OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE'],
    ['DELETE FROM Account', 'MALFORMED_QUERY'],
  ])('refuses %s as %s', async (soql, code) => {
    expect(await refusal(soql)).toMatchObject({ status: 400, code, message: expect.any(String) });
  });

  it('refuses an address beyond 16 KB with 414', async () => {
    expect((await crm.query(`SELECT Id FROM Account WHERE Name = '${'x'.repeat(17_000)}'`)).status).toBe(414);
  });
});

describe('the pages of a query (api_rest: dome_query, headers_queryoptions)', () => {
  it('hold 2,000 records, or as few as 200, and every record comes exactly once', async () => {
    const { body } = await crm.query('SELECT Id FROM Contact ORDER BY SystemModstamp, Id');
    expect(body).toMatchObject({ totalSize: 3_042, done: false });
    expect(body.records).toHaveLength(2_000);
    expect(body.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/0r8\w{15}-2000$/);
    for (const batchSize of [50, 500, 9_999]) {
      const found = await crm.walk('SELECT Id FROM Contact ORDER BY SystemModstamp, Id', {
        'sforce-query-options': `batchSize=${batchSize}`,
      });
      expect(new Set(found.map(({ Id }) => Id)).size).toBe(3_042);
      expect(found).toHaveLength(3_042);
    }
    const small = await crm.query('SELECT Id FROM Contact', { headers: { 'Sforce-Query-Options': 'batchSize=50' } });
    expect(small.body.records).toHaveLength(200);
  });

  it('are cut shorter when rows are wide, whatever was asked for', async () => {
    await crm.set({ largestPage: 70 });
    const found = await crm.walk('SELECT Id FROM Contact LIMIT 300');
    await crm.set({ largestPage: 2_000 });
    expect(found).toHaveLength(300);
  });

  it('show what the query found, even when records change and leave while somebody turns them', async () => {
    const first = (await crm.query('SELECT Id, Title FROM Contact ORDER BY Id')).body;
    const last = (await crm.rows('SELECT Id, Title FROM Contact ORDER BY Id DESC LIMIT 1'))[0];
    await crm.data(`/sobjects/Contact/${String(last?.Id)}`, { method: 'PATCH', json: { Title: 'Changed in between' } });
    const second = (await crm.send<QueryPage>(String(first.nextRecordsUrl))).body;
    expect(second.records.at(-1)?.Title).toEqual(last?.Title);
    expect(await crm.rows("SELECT Id FROM Contact WHERE Title = 'Changed in between'")).toHaveLength(1);
  });

  it('end after two days with INVALID_QUERY_LOCATOR', async () => {
    const next = String((await crm.query('SELECT Id FROM Contact')).body.nextRecordsUrl);
    clock.passMs(2 * 86_400_000);
    await crm.signInAgain();
    const { status, body } = await crm.send<Problem>(next);
    expect(status).toBe(400);
    expect(body[0]?.errorCode).toBe('INVALID_QUERY_LOCATOR');
    expect((await crm.data('/query/01g0000000000000AA-2000')).status).toBe(400);
  });
});
