/** query/page-results.md */
import * as fc from 'fast-check';
import { type Answer, startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('pages of Dataverse', () => {
  let dataverse: TestDataverse;
  const rowCount = 23;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    const lastNames = ['Ångström', 'angstrom', 'Zoe', null, "O'Neil & <sons>"];
    const targets = Array.from({ length: rowCount }, (_, index) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.contact',
      firstname: `F${index}`,
      lastname: lastNames[index % lastNames.length],
    }));
    await dataverse.post('contacts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: targets });
  });
  afterAll(() => dataverse.close());

  const pageSize = (size: number) => ({ Prefer: `odata.maxpagesize=${size}` });

  async function readAll(query: string, size: number): Promise<{ pages: readonly Answer[]; ids: readonly unknown[] }> {
    const pages: Answer[] = [];
    let next: unknown = query;
    while (typeof next === 'string') {
      const page: Answer = await dataverse.get(next, pageSize(size));
      expect([next, page.status]).toEqual([next, 200]);
      pages.push(page);
      next = page.json['@odata.nextLink'];
    }
    return { pages, ids: pages.flatMap((page) => page.rows.map((row) => row.contactid)) };
  }

  it('odata.maxpagesize is obeyed and echoed', async () => {
    const answer = await dataverse.get('contacts?$select=fullname', pageSize(2));
    expect(answer.rows).toHaveLength(2);
    expect(answer.headers.get('preference-applied')).toBe('odata.maxpagesize=2');
    expect(answer.json['@odata.nextLink']).toContain('contacts?$select=fullname&$skiptoken=%3Ccookie%20pagenumber%3D%222%22');
  });

  it('the last page has no next link, even when it is full', async () => {
    const { pages } = await readAll('contacts?$select=fullname', rowCount);
    expect(pages).toHaveLength(1);
  });

  it('every row comes once and in order, whatever the page size and the order', async () => {
    const query = fc.constantFrom(
      '$orderby=lastname',
      '$orderby=lastname desc,firstname',
      '$select=fullname',
      `$filter=startswith(firstname,'F1')`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: rowCount + 2 }), query, async (size, options) => {
        const whole = (await dataverse.get(`contacts?${options}`)).rows.map((row) => row.contactid);
        expect((await readAll(`contacts?${options}`, size)).ids).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('rows that come and go meanwhile neither repeat nor hide others', async () => {
    const first = await dataverse.get('contacts?$orderby=firstname', pageSize(10));
    const last = first.rows.at(-1);
    await dataverse.delete(`contacts(${String(last?.contactid)})`);
    const newcomer = await dataverse.create('contacts', { firstname: 'A', lastname: 'Newcomer' });
    const rest = await readAll(String(first.json['@odata.nextLink']), 10);
    expect(new Set([...first.rows.map((row) => row.contactid), ...rest.ids]).size).toBe(rowCount);
    expect(rest.ids).not.toContain(newcomer);
    await dataverse.delete(`contacts(${newcomer})`);
    await dataverse.create('contacts', { firstname: String(last?.firstname), lastname: 'Back' });
  });

  it('$count counts all pages', async () => {
    const answer = await dataverse.get('contacts?$count=true', { Prefer: 'odata.maxpagesize=5,odata.include-annotations="*"' });
    expect(answer.json).toMatchObject({
      '@odata.count': rowCount,
      '@Microsoft.Dynamics.CRM.totalrecordcount': rowCount,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
    });
  });

  it('$top beside maxpagesize is ignored', async () => {
    const answer = await dataverse.get('contacts?$top=3', pageSize(5));
    expect(answer.rows).toHaveLength(5);
    expect(answer.json['@odata.nextLink']).toBeDefined();
  });

  it('a token of another order is refused', async () => {
    const first = await dataverse.get('contacts?$orderby=lastname', pageSize(5));
    const token = /\$skiptoken=(.*)$/.exec(String(first.json['@odata.nextLink']))?.[1] ?? '';
    const answer = await dataverse.get(`contacts?$skiptoken=${token}`);
    expect([answer.status, answer.error.message]).toEqual([400, 'Malformed XML in the Paging Cookie']);
  });

  it('a page size that is none is refused', async () => {
    expect((await dataverse.get('contacts', { Prefer: 'odata.maxpagesize=0' })).status).toBe(400);
  });
});

describe('a table of more than 5,000 rows', () => {
  it('comes in pages of 5,000, and counting stops at 5,000', async () => {
    const dataverse = await startTestDataverse();
    for (let batch = 0; batch < 6; batch += 1) {
      const Targets = Array.from({ length: 1000 }, () => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' }));
      await dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets });
    }
    const first = await dataverse.get('accounts?$select=name&$count=true', {
      Prefer: 'odata.maxpagesize=100000,odata.include-annotations="*"',
    });
    const second = await dataverse.get(String(first.json['@odata.nextLink']));
    const counted = await dataverse.get('accounts/$count');
    await dataverse.close();
    expect([first.rows.length, second.rows.length]).toEqual([5000, 1000]);
    expect(first.json).toMatchObject({ '@odata.count': 5000, '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': true });
    expect(counted.text).toBe('\uFEFF5000');
  });
});
