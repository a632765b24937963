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
