/** use-change-tracking-synchronize-data-external-systems.md */
import { type Json, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

describe('change tracking (use-change-tracking-synchronize-data-external-systems.md)', () => {
  let dataverse: TestDataverse;
  let nowMs = Date.UTC(2026, 10, 26, 8);
  beforeAll(async () => {
    dataverse = await startTestDataverse({ now: () => nowMs });
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const tracking = { Prefer: 'odata.track-changes' };
  const start = () => dataverse.get('accounts?$select=name,telephone1', tracking);
  const deltaLink = (json: Json) => String(json['@odata.deltaLink']);
  const names = (rows: readonly Json[]) => rows.map((row) => row.name ?? row.reason);

  it('the first read gives all rows and a delta link with a token', async () => {
    await dataverse.create('accounts', { name: 'Monte Orton', telephone1: '555000' });
    const answer = await start();
    expect(answer.headers.get('preference-applied')).toBe('odata.track-changes');
    expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts(name,telephone1)`);
    expect(deltaLink(answer.json)).toMatch(/accounts\?\$select=name,telephone1&\$deltatoken=\d+!11%2F26%2F2026%2008%3A00%3A00$/);
    expect(answer.rows).toMatchObject([{ name: 'Monte Orton', telephone1: '555000' }]);
  });

  it('the link gives new and changed rows by their versions, then the deleted ones with the reason, and another link', async () => {
    const changed = await dataverse.create('accounts', { name: 'Changed' });
    const deleted = await dataverse.create('accounts', { name: 'Deleted' });
    await dataverse.create('accounts', { name: 'Same' });
    const link = deltaLink((await start()).json);
    await dataverse.delete(`accounts(${deleted})`);
    await dataverse.create('accounts', { name: 'New' });
    await dataverse.patch(`accounts(${changed})`, { name: 'Changed again' });

    const answer = await dataverse.get(link);
    expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts(name,telephone1)/$delta`);
    expect(names(answer.rows)).toEqual(['New', 'Changed again', 'deleted']);
    expect(answer.rows.at(-1)).toEqual({
      '@odata.context': `${dataverse.root}$metadata#accounts/$deletedEntity`,
      id: deleted,
      reason: 'deleted',
    });
    expect((await dataverse.get(deltaLink(answer.json))).rows).toEqual([]);
  });

  it('a row that came and went in between is told as deleted; a write that was rolled back is not told', async () => {
    const link = deltaLink((await start()).json);
    const id = await dataverse.create('accounts', { name: 'Short' });
    await dataverse.delete(`accounts(${id})`);
    await dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
      Targets: [
        { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'Good' },
        { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'x'.repeat(161) },
      ],
    });
    expect(names((await dataverse.get(link)).rows)).toEqual(['deleted']);
  });

  it('/$count with the token counts the changes', async () => {
    const kept = await dataverse.create('accounts', { name: 'Kept' });
    const gone = await dataverse.create('accounts', { name: 'Gone' });
    const token = /\$deltatoken=(.+)$/.exec(deltaLink((await start()).json))?.[1] ?? '';
    await dataverse.patch(`accounts(${kept})`, { name: 'Kept on' });
    await dataverse.delete(`accounts(${gone})`);
    expect((await dataverse.get(`accounts/$count?$deltatoken=${token}`)).text).toBe('\uFEFF2');
  });

  it('pages are turned by the next link; the last one has the delta link, from which nothing is missed', async () => {
    for (const name of ['A', 'B', 'C']) await dataverse.create('accounts', { name });
    const paging = { Prefer: 'odata.track-changes,odata.maxpagesize=2' };
    const first = await dataverse.get('accounts?$select=name', paging);
    expect([names(first.rows), first.json['@odata.deltaLink']]).toEqual([['A', 'B'], undefined]);
    await dataverse.create('accounts', { name: 'D' });
    const second = await dataverse.get(String(first.json['@odata.nextLink']), paging);
    expect(names(second.rows)).toContain('C');
    const later = await dataverse.get(deltaLink(second.json));
    expect(new Set([...names(second.rows), ...names(later.rows)])).toEqual(new Set(['C', 'D']));
  });

  it.each([
    ['$filter', `$filter=name eq 'A'`, 'filter'],
    ['$orderby', '$orderby=name', 'orderby'],
    ['$expand', '$expand=primarycontactid', 'expand'],
    ['$top', '$top=1', 'top'],
  ])('%s is refused with the documented message', async (_option, query, name) => {
    const answer = await dataverse.get(`accounts?${query}`, tracking);
    expect(answer.status).toBe(400);
    expect(answer.error.message).toBe(`The "\${${name}}" query parameter isn't supported when Change Tracking is enabled.`);
  });

  it('a token lasts seven days', async () => {
    const link = deltaLink((await start()).json);
    const startedMs = nowMs;
    nowMs = startedMs + 7 * 86_400_000;
    expect((await dataverse.get(link)).status).toBe(200);
    nowMs += 1000;
    const answer = await dataverse.get(link);
    expect([answer.status, answer.error.code, answer.error.message]).toEqual([
      400,
      '0x80044352',
      'Version stamp associated with the client has expired. Please perform a full sync.',
    ]);
    expect((await dataverse.get('accounts?$deltatoken=yesterday')).status).toBe(400);
  });

  it('a table without change tracking is refused, and the definitions tell which have it', async () => {
    const refused = await dataverse.get('tasks', tracking);
    expect([refused.status, refused.error.message]).toEqual([400, 'Change tracking is not enabled for this entity.']);
    const { rows } = await dataverse.get('EntityDefinitions?$select=SchemaName&$filter=ChangeTrackingEnabled eq true');
    expect(rows.map((row) => row.SchemaName)).toEqual(['Account', 'Contact']);
    const cannot = 'ChangeTrackingEnabled eq false and CanChangeTrackingBeEnabled/Value eq false';
    expect((await dataverse.get(`EntityDefinitions?$select=SchemaName&$filter=${cannot}`)).rows.length).toBeGreaterThan(0);
  });

  it('it takes the right to read the table', async () => {
    expect((await dataverse.call('GET', 'accounts', { as: 'robin', headers: tracking })).error.code).toBe('0x80040220');
  });
});
