import { startServer, type TestServer } from './support/server.ts';

const rowId = '0d5e9f2c-1111-4222-8333-abcdefabcdef';
const key = 'the key of the webhook';

describe('Dataverse’s webhook for request rows', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const knock = (body: object, headers: Record<string, string> = { 'x-ccsync-key': key }) =>
    fetch(`${server.url}/dataverse/sync-requests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('is heard with its key, and of what it sends only the row’s id is taken', async () => {
    const context = {
      PrimaryEntityName: 'ccsync_syncrequest',
      PrimaryEntityId: rowId.toUpperCase(),
      InputParameters: [{ key: 'Target' }],
      Depth: 1,
    };
    expect((await knock(context)).status).toBe(202);
    expect(server.services.knocks).toEqual([rowId]);
  });

  it.each([
    ['without a key', {}],
    ['with another key', { 'x-ccsync-key': 'guessed' }],
  ])('is refused %s, before anything else is looked at', async (_how, headers) => {
    for (const body of [{ PrimaryEntityName: 'ccsync_syncrequest', PrimaryEntityId: rowId }, { PrimaryEntityName: 'account' }]) {
      const response = await knock(body, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'webhook.unauthorised' });
    }
    expect(server.services.knocks).toEqual([]);
  });

  it.each([
    ['another table', { PrimaryEntityName: 'account', PrimaryEntityId: rowId }],
    ['no row', { PrimaryEntityName: 'ccsync_syncrequest', PrimaryEntityId: "'; drop" }],
  ])('is not understood when it tells of %s', async (_what, body) => {
    expect((await knock(body)).status).toBe(400);
    expect(server.services.knocks).toEqual([]);
  });
});
