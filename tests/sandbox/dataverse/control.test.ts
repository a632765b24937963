/** The sandbox's own switches: faults, statistics, reset. */
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('the switches of the Dataverse sandbox', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse({ limits: { dopHint: 7 }, attachTo: (app) => app.get('/form', async () => ({ isForm: true })) });
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const statistics = async () => (await dataverse.control('GET', 'statistics')).json;
  const fault = (body: unknown) => dataverse.control('POST', 'faults', body);

  it('is another environment with every start, as it keeps nothing', async () => {
    const restarted = await startTestDataverse();
    const idOf = async (sandbox: TestDataverse) => (await sandbox.get('WhoAmI')).json.OrganizationId;
    expect(await idOf(restarted)).not.toBe(await idOf(dataverse));
    await restarted.close();
  });

  it('throttles as many requests as asked for, with Retry-After, and then no more', async () => {
    await fault({ kind: 'throttle', count: 2, retryAfterSeconds: 3 });
    const answers = [await dataverse.get('accounts'), await dataverse.post('accounts', { name: 'A' }), await dataverse.get('accounts')];
    expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('3');
    expect(answers[0]?.error.code).toBe('0x80072322');
    expect(answers[2]?.rows).toEqual([]);
  });

  it('is unavailable', async () => {
    await fault({ kind: 'unavailable', count: 1 });
    expect((await dataverse.get('WhoAmI')).status).toBe(503);
    expect((await dataverse.get('WhoAmI')).status).toBe(200);
  });

  it.each([
    ['sqlTimeout', '0x80044151'],
    ['deadlock', '0x80044150'],
  ])('%s meets writes only, and they write nothing', async (kind, code) => {
    await fault({ kind, count: 1 });
    expect((await dataverse.get('accounts')).status).toBe(200);
    const answer = await dataverse.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
      Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' }],
    });
    expect([answer.status, answer.error.code]).toEqual([500, code]);
    expect(await statistics()).toMatchObject({ writesByTable: { account: 0 } });
    expect((await dataverse.post('accounts', { name: 'A' })).status).toBe(204);
  });

  it('faults that make no sense are refused, and pending ones can be called off', async () => {
    expect((await fault({ kind: 'earthquake', count: 1 })).status).toBe(400);
    expect((await fault({ kind: 'throttle', count: 0 })).status).toBe(400);
    await fault({ kind: 'throttle', count: 5 });
    expect((await dataverse.control('DELETE', 'faults')).status).toBe(204);
    expect((await dataverse.get('accounts')).status).toBe(200);
  });

  it('counts requests, operations and row writes', async () => {
    const id = await dataverse.create('accounts', { name: 'A' });
    await dataverse.patch(`accounts(${id})`, { name: 'B' });
    await dataverse.get(`accounts(${id})`);
    await dataverse.get('accounts');
    await dataverse.delete(`accounts(${id})`);
    await dataverse.get('nosuchset');
    expect(await statistics()).toMatchObject({
      requests: 6,
      batches: 0,
      batchParts: 0,
      throttled: 0,
      rowsUpserted: 1,
      operationsByKind: { create: 1, upsert: 1, retrieve: 1, query: 2, delete: 1 },
      writesByTable: { account: 3, contact: 0 },
      writes: { account: { created: 1, updated: 1, deleted: 1 }, contact: { created: 0, updated: 0, deleted: 0 } },
    });
  });

  it('reads and refused writes count no row writes', async () => {
    await dataverse.get('accounts');
    await dataverse.post('accounts', { name: 'x'.repeat(161) });
    expect(await statistics()).toMatchObject({ writesByTable: { account: 0, contact: 0 } });
  });

  it('DELETE of statistics keeps the rows, DELETE of rows keeps nothing', async () => {
    await dataverse.create('accounts', { name: 'A' });
    await dataverse.control('DELETE', 'statistics');
    expect(await statistics()).toMatchObject({ requests: 0, writesByTable: { account: 0 } });
    expect((await dataverse.get('accounts')).rows).toHaveLength(1);
    await dataverse.control('DELETE', 'rows');
    expect((await dataverse.get('accounts')).rows).toHaveLength(0);
    expect((await dataverse.get('systemusers')).rows.length).toBeGreaterThan(0);
  });

  it('recommends the parallelism that it was started with', async () => {
    expect((await dataverse.get('WhoAmI')).headers.get('x-ms-dop-hint')).toBe('7');
  });

  it('carries the routes that were attached to it', async () => {
    expect(await (await fetch(`${dataverse.url}/form`)).json()).toEqual({ isForm: true });
  });

  it('after closing nobody answers', async () => {
    const short = await startTestDataverse();
    await short.get('WhoAmI');
    await short.close();
    await expect(fetch(`${short.url}/api/data/v9.2/WhoAmI`)).rejects.toThrow();
  });
});
