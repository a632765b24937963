/** The walk-through of conditional operations as Microsoft publishes it, step by step, with its statuses and bodies. */
import { anyText, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { pages } from './pages.ts';

const headers = { 'OData-MaxVersion': '4.0', 'OData-Version': '4.0', Accept: 'application/json' } as const;
const select = '?$select=name,revenue,telephone1,description';

describe(pages.conditionalOperations, () => {
  let dataverse: TestDataverse;
  let account = '';
  let initialEtag = '';
  let updatedEtag = '';
  beforeAll(async () => {
    dataverse = await startTestDataverse();
    account = `accounts(${await dataverse.create('accounts', {
      name: 'Contoso Ltd',
      revenue: 5000000,
      telephone1: '555-0000',
      description: 'Parent company of Contoso Pharmaceuticals, etc.',
    })})`;
    initialEtag = (await dataverse.get(`${account}${select}`)).headers.get('etag') ?? '';
  });
  afterAll(() => dataverse.close());

  const send = (method: string, condition: Readonly<Record<string, string>>, body?: unknown, path = account) =>
    dataverse.call(method, path, { body, headers: { ...headers, ...condition } });
  const read = (condition: Readonly<Record<string, string>> = {}) => send('GET', condition, undefined, `${account}${select}`);
  const state = (telephone1: string, revenue: number, etag: string) => ({
    '@odata.context': `${dataverse.root}$metadata#accounts(name,revenue,telephone1,description)/$entity`,
    '@odata.etag': etag,
    name: 'Contoso Ltd',
    revenue,
    telephone1,
    description: 'Parent company of Contoso Pharmaceuticals, etc.',
    accountid: account.slice('accounts('.length, -1),
    _transactioncurrencyid_value: anyText,
  });

  it('conditional GET, step 1: what has not changed since the ETag is 304 with no body', async () => {
    const answer = await read({ 'If-None-Match': initialEtag });
    expect([answer.status, answer.text]).toEqual([304, '']);
  });

  it('conditional GET, steps 2 and 3: after PUT of one property (204) the same request gives the row and a new ETag', async () => {
    expect((await send('PUT', {}, { value: '555-0001' }, `${account}/telephone1`)).status).toBe(204);
    const answer = await read({ 'If-None-Match': initialEtag });
    updatedEtag = answer.headers.get('etag') ?? '';
    expect(updatedEtag).not.toBe(initialEtag);
    expect([answer.status, answer.json]).toEqual([200, state('555-0001', 5000000, updatedEtag)]);
  });

  it('optimistic concurrency, steps 1 and 2: DELETE and PATCH with the old ETag are 412 and change nothing', async () => {
    const deleted = await send('DELETE', { 'If-Match': initialEtag });
    const patched = await send('PATCH', { 'If-Match': initialEtag }, { telephone1: '555-0002', revenue: 6000000 });
    for (const answer of [deleted, patched]) {
      expect([answer.status, answer.error.message]).toEqual([
        412,
        "The version of the existing record doesn't match the RowVersion property provided.",
      ]);
    }
    expect((await read()).json).toEqual(state('555-0001', 5000000, updatedEtag));
  });

  it('optimistic concurrency, steps 3 and 4: PATCH with the current ETag is 204, and the row has a newer one', async () => {
    expect((await send('PATCH', { 'If-Match': updatedEtag }, { telephone1: '555-0003', revenue: 6000000 })).status).toBe(204);
    const answer = await read();
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).not.toBe(updatedEtag);
    expect(answer.json).toEqual(state('555-0003', 6000000, etag));
  });

  it('controlling upsert, step 1: If-None-Match: * on a row that is there is 412', async () => {
    const answer = await send('PATCH', { 'If-None-Match': '*' }, { telephone1: '555-0004', revenue: 7500000 });
    expect([answer.status, answer.error.message]).toEqual([412, 'A record with matching key values already exists.']);
  });

  it('controlling upsert, steps 2 and 3: If-Match: * on a row that is there updates it', async () => {
    expect((await send('PATCH', { 'If-Match': '*' }, { telephone1: '555-0005', revenue: 7500000 })).status).toBe(204);
    expect((await read()).json).toMatchObject({ telephone1: '555-0005', revenue: 7500000 });
  });

  it('controlling upsert, steps 4 to 6: of a deleted row, If-Match: * is 404 and creates nothing', async () => {
    expect((await send('DELETE', {})).status).toBe(204);
    const answer = await send('PATCH', { 'If-Match': '*' }, { telephone1: '555-0006', revenue: 7500000 });
    expect([answer.status, answer.error.message]).toEqual([
      404,
      `account With Id = ${account.slice('accounts('.length, -1)} Does Not Exist`,
    ]);
    expect((await read()).status).toBe(404);
  });
});

describe(pages.conditional, () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());

  it('a retrieve with $expand or with annotations never answers 304', async () => {
    const account = `accounts(${await dataverse.create('accounts', { name: 'A' })})`;
    const etag = (await dataverse.get(account)).headers.get('etag') ?? '';
    expect((await dataverse.get(account, { 'If-None-Match': etag })).status).toBe(304);
    expect((await dataverse.get(`${account}?$expand=primarycontactid`, { 'If-None-Match': etag })).status).toBe(200);
    expect((await dataverse.get(account, { 'If-None-Match': etag, Prefer: 'odata.include-annotations="*"' })).status).toBe(200);
  });

  it('If-None-Match: * creates a row with the id of the address when there is none (204)', async () => {
    const address = 'accounts(00000000-0000-0000-0000-000000000001)';
    expect((await dataverse.patch(address, { name: 'A' }, { 'If-None-Match': '*' })).status).toBe(204);
    expect((await dataverse.get(address)).json).toMatchObject({ name: 'A' });
  });
});
