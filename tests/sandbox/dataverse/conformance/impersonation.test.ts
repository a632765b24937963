/** impersonate-another-user-web-api.md */
import { people, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';

const alexId = '0a6a4d62-0000-4000-8000-000000000004';
const danaId = '0a6a4d62-0000-4000-8000-000000000006';

describe('impersonation over the Web API (impersonate-another-user-web-api.md)', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  const users =
    'createdby($select=fullname),createdonbehalfby($select=fullname),modifiedby($select=fullname),modifiedonbehalfby($select=fullname)';
  const whoOf = async (id: string) => {
    const { json } = await dataverse.get(`contacts(${id})?$select=lastname&$expand=${users}`);
    const name = (user: unknown) => (user as { fullname: string } | null)?.fullname ?? null;
    return [json.createdby, json.createdonbehalfby, json.modifiedby, json.modifiedonbehalfby].map(name);
  };

  it.each([
    ['CallerObjectId with the Entra object id', { CallerObjectId: people.alex }],
    ['MSCRMCallerID with the systemuserid', { MSCRMCallerID: alexId }],
  ])('%s: the row names who it is for and who really called', async (_header, headers) => {
    const created = await dataverse.post('contacts', { lastname: 'A' }, { ...headers, Prefer: 'return=representation' });
    const id = String(created.json.contactid);
    expect(await whoOf(id)).toEqual(['Alex Agent', '# CRM Sync', 'Alex Agent', '# CRM Sync']);
    await dataverse.patch(`contacts(${id})`, { lastname: 'B' });
    expect(await whoOf(id)).toEqual(['Alex Agent', '# CRM Sync', '# CRM Sync', null]);
  });

  it('WhoAmI answers for the one who is impersonated', async () => {
    expect((await dataverse.get('WhoAmI', { CallerObjectId: people.alex })).json.UserId).toBe(alexId);
  });

  it('what may be done is what both may: an agent cannot delete, whoever calls', async () => {
    const id = await dataverse.create('contacts', { lastname: 'A' });
    const answer = await dataverse.delete(`contacts(${id})`, { CallerObjectId: people.alex });
    expect([answer.status, answer.error.code]).toEqual([403, '0x80040220']);
    expect(answer.error.message).toContain('prvDeleteContact');
    expect((await dataverse.delete(`contacts(${id})`)).status).toBe(204);
  });

  it.each([
    ['an unknown user', { CallerObjectId: '99999999-9999-4999-8999-999999999999' }, '0x80072560'],
    ['a disabled user, by object id', { CallerObjectId: people.dana }, '0x80040225'],
    ['a disabled user, by systemuserid', { MSCRMCallerID: danaId }, '0x80040225'],
  ])('%s is refused with 403, and nothing is written', async (_who, headers, code) => {
    const answer = await dataverse.post('contacts', { lastname: 'A' }, headers);
    expect([answer.status, answer.error.code]).toEqual([403, code]);
    expect((await dataverse.get('contacts/$count')).text).toBe('\uFEFF0');
  });

  it('a disabled user is refused with their own token too', async () => {
    const answer = await dataverse.call('GET', 'WhoAmI', { as: 'dana' });
    expect([answer.status, answer.error.code]).toEqual([403, '0x80040225']);
  });

  it('each application is a user of its own, and may impersonate', async () => {
    const ids = await Promise.all(
      ['application', 'application2', 'application3'].map(async (as) => (await dataverse.call('GET', 'WhoAmI', { as })).json.UserId),
    );
    expect(new Set(ids).size).toBe(3);
    const created = await dataverse.call('POST', 'contacts', {
      as: 'application2',
      body: { lastname: 'A' },
      headers: { CallerObjectId: people.ada, Prefer: 'return=representation' },
    });
    expect(await whoOf(String(created.json.contactid))).toEqual(['Ada Admin', '# CRM Sync 2', 'Ada Admin', '# CRM Sync 2']);
    const { rows } = await dataverse.get('systemusers?$select=fullname&$filter=applicationid ne null');
    expect(rows.map(({ fullname }) => fullname).toSorted()).toEqual(['# CRM Sync', '# CRM Sync 2', '# CRM Sync 3']);
  });
});
