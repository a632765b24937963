import { AppError } from '../../../api/src/errors/app-error.ts';
import { people, startServer, type TestServer } from './support/server.ts';

const rowId = '0d5e9f2c-1111-4222-8333-abcdefabcdef';

describe('records over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it.each([
    [`/api/records/contact/${rowId}`, { table: 'contact', rowId }],
    ['/api/records/account/by-key/northwind~_a_l_f_k_i', { table: 'account', sourceKey: 'northwind~_a_l_f_k_i' }],
    [`/api/records/contact/by-key/${'k'.repeat(250)}`, { table: 'contact', sourceKey: 'k'.repeat(250) }],
  ])('gives the status of %s, read as the caller', async (path, address) => {
    const response = await server.as('agent', path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ state: 'inSync', source: { id: 'northwind' } });
    expect(server.services.recordCalls).toEqual([{ address, asUser: people.agent.objectId }]);
  });

  it.each([
    [`/api/records/contact/${rowId}/sync`, { table: 'contact', rowId }],
    ['/api/records/contact/by-key/northwind~100001/sync', { table: 'contact', sourceKey: 'northwind~100001' }],
  ])('syncs %s without a body, and says what changed', async (path, address) => {
    const response = await server.post('agent', path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      outcome: 'changed',
      isDryRun: false,
      changes: [{ column: 'telephone1', before: '1', after: '2' }],
    });
    expect(server.services.recordCalls).toEqual([{ address, asUser: people.agent.objectId, isDryRun: false }]);
  });

  it.each([
    [`/api/records/contact/${rowId}/check`, { table: 'contact', rowId }],
    ['/api/records/contact/by-key/northwind~100001/check', { table: 'contact', sourceKey: 'northwind~100001' }],
  ])('asks for %s whether the CRM has changed, as the caller', async (path, address) => {
    const response = await server.post('agent', path);
    expect(await response.json()).toMatchObject({ state: 'outOfDate' });
    expect(server.services.recordCalls).toEqual([{ address, asUser: people.agent.objectId }]);
  });

  it('searches for the record of a row by what the row says, or by words, as the caller', async () => {
    const path = `/api/records/contact/${rowId}/candidates`;
    const common = { address: { table: 'contact', rowId }, asUser: people.agent.objectId };
    expect(await (await server.post('agent', path)).json()).toMatchObject({ candidates: [{ recordId: '7' }], unsearched: [] });
    await server.post('agent', path, { words: 'ada' });
    expect(server.services.recordCalls).toEqual([common, { ...common, words: 'ada' }]);
  });

  it('links a row as the caller, whatever the body says of others', async () => {
    const path = `/api/records/contact/${rowId}/link`;
    const to = { sourceId: 'northwind', recordId: '7' };
    expect(await (await server.post('agent', path, to)).json()).toMatchObject({ outcome: 'changed' });
    expect(server.services.recordCalls).toEqual([{ address: { table: 'contact', rowId }, asUser: people.agent.objectId, linkTo: to }]);
    expect((await server.post('agent', path, { ...to, asUser: people.admin.objectId })).status).toBe(400);
  });

  it.each([
    ['words too short to search for', 'candidates', { words: 'a' }],
    ['more words than a name has', 'candidates', { words: 'a'.repeat(101) }],
    ['a link to nothing', 'link', {}],
    ['a link to an empty id', 'link', { sourceId: 'northwind', recordId: '' }],
  ])('refuses %s', async (_what, door, body) => {
    expect((await server.post('agent', `/api/records/contact/${rowId}/${door}`, body)).status).toBe(400);
    expect(server.services.recordCalls).toEqual([]);
  });

  it('reads the row as the admin too: a role of ours gives no right in Dataverse', async () => {
    await server.post('admin', `/api/records/contact/${rowId}/sync`, { isDryRun: true });
    expect(server.services.recordCalls).toEqual([{ address: { table: 'contact', rowId }, asUser: people.admin.objectId, isDryRun: true }]);
  });

  it('says nothing about a row that the caller may not read', async () => {
    server.services.failure = new AppError('record.not_found');
    const response = await server.as('agent', `/api/records/contact/${rowId}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'record.not_found' });
  });

  it.each([
    ['a table that is not ours', `/api/records/lead/${rowId}`, 'table'],
    ['an id that is no GUID', '/api/records/contact/100001', 'rowId'],
    ['a key longer than the column', `/api/records/contact/by-key/${'k'.repeat(251)}`, 'sourceKey'],
  ])('refuses %s and names the part of the address', async (_case, path, field) => {
    const response = await server.as('agent', path);
    expect(response.status).toBe(400);
    const body = (await response.json()) as { readonly title: string };
    expect(body.title).toContain(`${field} (in the address)`);
    expect(server.services.recordCalls).toEqual([]);
  });

  it('refuses a body with anything but isDryRun', async () => {
    const response = await server.post('agent', `/api/records/contact/${rowId}/sync`, { asUser: people.admin.objectId });
    expect(response.status).toBe(400);
  });
});
