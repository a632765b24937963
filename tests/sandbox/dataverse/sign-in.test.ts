/** compose-http-requests-handle-errors.md, impersonate-another-user-web-api.md */
import { anyText, people, startTestDataverse, type TestDataverse } from './dataverse-client.ts';

describe('signing in to Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());

  it('a request without a token is answered 401 and told where to get one', async () => {
    const answer = await dataverse.call('GET', 'WhoAmI', { as: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.json).toHaveProperty('error.message');
  });

  it('a token that is no good is answered 401', async () => {
    expect((await dataverse.call('GET', 'WhoAmI', { as: 'forged' })).status).toBe(401);
  });

  it('a verifier that breaks down lets nobody in', async () => {
    const broken = await startTestDataverse({ verifyToken: () => Promise.reject(new Error('no keys')) });
    const answer = await broken.get('WhoAmI');
    await broken.close();
    expect(answer.status).toBe(401);
  });

  it('a good token of someone who is no user is answered 403', async () => {
    const answer = await dataverse.call('GET', 'WhoAmI', { as: 'stranger' });
    expect(answer.status).toBe(403);
    expect(answer.error.code).toBe('0x80072560');
  });

  it('WhoAmI tells user, business unit and organization', async () => {
    const answer = await dataverse.get('WhoAmI');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      UserId: anyText,
      BusinessUnitId: anyText,
      OrganizationId: anyText,
    });
  });

  it('WhoAmI is a function: POST is answered 404', async () => {
    const answer = await dataverse.post('WhoAmI', {});
    expect(answer.status).toBe(404);
    expect(answer.error.message).toContain('No HTTP resource was found');
  });

  it('every answer, a refusal too, carries the recommended parallelism and an id for support', async () => {
    const answers = [await dataverse.get('WhoAmI'), await dataverse.get('nosuchset'), await dataverse.call('GET', 'WhoAmI', { as: null })];
    for (const answer of answers) {
      expect(answer.headers.get('x-ms-dop-hint')).toBe('4');
      expect(answer.headers.get('x-ms-service-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get('req_id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get('odata-version')).toBe('4.0');
    }
  });

  describe('impersonation by CallerObjectId', () => {
    it('a row made for someone else is created by them, on behalf by the caller', async () => {
      const created = await dataverse.post(
        'accounts',
        { name: 'Impersonated' },
        { CallerObjectId: people.ada, Prefer: 'return=representation' },
      );
      const row = await dataverse.get(
        `accounts(${String(created.json.accountid)})?$select=name&$expand=createdby($select=fullname),createdonbehalfby($select=fullname),owninguser($select=fullname)`,
      );
      expect(row.json).toMatchObject({
        createdby: { fullname: 'Ada Admin' },
        createdonbehalfby: { fullname: '# CRM Sync' },
        owninguser: { fullname: 'Ada Admin' },
      });
    });

    it('who may not read contacts is answered 403 with the missing privilege', async () => {
      const id = await dataverse.create('contacts', { lastname: 'Secret' });
      for (const path of [`contacts(${id})`, 'contacts', 'contacts/$count', `contacts(${id})/lastname`]) {
        const answer = await dataverse.get(path, { CallerObjectId: people.robin });
        expect([path, answer.status, answer.error.code]).toEqual([path, 403, '0x80040220']);
        expect(answer.error.message).toContain('prvReadContact');
      }
    });

    it('a related row is no way around a missing privilege', async () => {
      const answer = await dataverse.call('GET', 'systemusers?$top=1', { as: 'robin' });
      expect(answer.status).toBe(200);
      const expanded = await dataverse.call('GET', 'accounts?$expand=contact_customer_accounts', { as: 'robin' });
      expect(expanded.status).toBe(403);
    });

    it('an unknown object id is refused and not ignored', async () => {
      const answer = await dataverse.get('contacts', { CallerObjectId: '99999999-9999-4999-8999-999999999999' });
      expect([answer.status, answer.error.code]).toEqual([403, '0x80072560']);
    });

    it('an object id that is no GUID is a bad request', async () => {
      expect((await dataverse.get('contacts', { CallerObjectId: 'ada' })).status).toBe(400);
    });

    it('a person without the privilege to act for others may not impersonate', async () => {
      const answer = await dataverse.call('GET', 'contacts', { as: 'alex', headers: { CallerObjectId: people.ada } });
      expect([answer.status, answer.error.code]).toEqual([403, '0x80040220']);
      expect(answer.error.message).toContain('prvActOnBehalfOfAnotherUser');
    });

    it('a person may name themselves', async () => {
      expect((await dataverse.call('GET', 'contacts', { as: 'alex', headers: { CallerObjectId: people.alex } })).status).toBe(200);
    });
  });

  it('an agent may read and write but not delete', async () => {
    const id = await dataverse.create('accounts', { name: 'Kept' });
    expect((await dataverse.call('PATCH', `accounts(${id})`, { as: 'alex', body: { name: 'Changed' } })).status).toBe(204);
    const answer = await dataverse.call('DELETE', `accounts(${id})`, { as: 'alex' });
    expect([answer.status, answer.error.code]).toEqual([403, '0x80040220']);
    expect(answer.error.message).toContain('prvDeleteAccount');
  });
});
