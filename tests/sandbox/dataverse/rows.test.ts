/** create-entity-web-api.md, retrieve-entity-using-web-api.md */
import { anyEtag, anyNumber, anything, anyText, startTestDataverse, type TestDataverse } from './dataverse-client.ts';

const missingId = '00000000-0000-0000-0000-0000000000ff';

describe('rows of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse({ now: () => Date.UTC(2026, 0, 31, 8, 0, 0, 750) });
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  describe('create', () => {
    it('is answered 204 with the address of the row', async () => {
      const answer = await dataverse.post('accounts', { name: 'Contoso' });
      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
      expect(answer.headers.get('odata-entityid')).toMatch(/\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/);
    });

    it('with return=representation is answered 201 with the row', async () => {
      const answer = await dataverse.post('accounts?$select=name', { name: 'Contoso' }, { Prefer: 'return=representation' });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('preference-applied')).toBe('return=representation');
      expect(answer.json).toMatchObject({
        name: 'Contoso',
        accountid: anyText,
        '@odata.etag': anyEtag,
      });
      expect(answer.json).not.toHaveProperty('revenue');
    });

    it('takes a primary key that the client chose, once', async () => {
      expect((await dataverse.post('accounts', { accountid: missingId, name: 'Mine' })).status).toBe(204);
      expect((await dataverse.get(`accounts(${missingId})?$select=name`)).json).toMatchObject({ name: 'Mine' });
      const again = await dataverse.post('accounts', { accountid: missingId, name: 'Again' });
      expect([again.status, again.error.code]).toEqual([412, '0x80040237']);
    });

    it('refuses a second row with the same alternate key, whatever the case', async () => {
      await dataverse.create('contacts', { lastname: 'One', ccsync_sourcekey: 'northwind~1a' });
      const answer = await dataverse.post('contacts', { lastname: 'Two', ccsync_sourcekey: 'NORTHWIND~1A' });
      expect([answer.status, answer.error.code]).toEqual([412, '0x80060892']);
    });

    it('rows without a value in the key column do not collide', async () => {
      await dataverse.create('contacts', { lastname: 'One' });
      await dataverse.create('contacts', { lastname: 'Two', ccsync_sourcekey: null });
      expect((await dataverse.get('contacts')).rows).toHaveLength(2);
    });

    it('fills in states, times, owner, full name and the currency of an amount', async () => {
      const id = await dataverse.create('contacts', { firstname: 'Zoë', lastname: 'Núñez', annualincome: 10 });
      expect((await dataverse.get(`contacts(${id})`)).json).toMatchObject({
        fullname: 'Zoë Núñez',
        statecode: 0,
        statuscode: 1,
        createdon: '2026-01-31T08:00:00Z',
        modifiedon: '2026-01-31T08:00:00Z',
        _transactioncurrencyid_value: anyText,
        _ownerid_value: anyText,
        versionnumber: anyNumber,
      });
    });

    it('needs a body of JSON', async () => {
      for (const body of ['', '{', '[]', '"text"']) {
        const answer = await dataverse.post('accounts', body);
        expect([body, answer.status, answer.error.code]).toEqual([body, 400, '0x80048d19']);
      }
    });
  });

  describe('retrieve', () => {
    it('by primary key and by alternate key gives the same row', async () => {
      const id = await dataverse.create('accounts', { name: "O'Brien", ccsync_sourcekey: 'northwind~_a_l' });
      const byId = await dataverse.get(`accounts(${id})`);
      const byKey = await dataverse.get(`accounts(ccsync_sourcekey='northwind~_a_l')`);
      const byNamedId = await dataverse.get(`accounts(accountid=${id})`);
      expect(byKey.json).toEqual(byId.json);
      expect(byNamedId.json).toEqual(byId.json);
    });

    it('a quote in a key is doubled, and other characters are percent-encoded', async () => {
      await dataverse.create('accounts', { name: 'A', ccsync_sourcekey: "it's ünique" });
      expect((await dataverse.get(`accounts(ccsync_sourcekey='it''s%20%C3%BCnique')`)).json).toMatchObject({ name: 'A' });
    });

    it.each(['/', '<', '>', '*', '%', '&', ':', '\\', '?', '+'])('a key with %s cannot be addressed', async (character) => {
      await dataverse.create('accounts', { name: 'A', ccsync_sourcekey: `a${character}b` });
      const answer = await dataverse.get(`accounts(ccsync_sourcekey='a${encodeURIComponent(character)}b')`);
      expect(answer.status).toBe(400);
      expect(answer.error.message).toContain('potentially dangerous Request.Path');
    });

    it('$select limits the properties; the primary key always comes along', async () => {
      const id = await dataverse.create('accounts', { name: 'A', revenue: 1 });
      const answer = await dataverse.get(`accounts(${id})?$select=name`);
      expect(Object.keys(answer.json).sort()).toEqual(['@odata.context', '@odata.etag', 'accountid', 'name']);
      expect(answer.json['@odata.context']).toBe(`${dataverse.root}$metadata#accounts(name)/$entity`);
    });

    it('an amount brings its currency', async () => {
      const id = await dataverse.create('accounts', { name: 'A', revenue: 20000 });
      const answer = await dataverse.get(`accounts(${id})?$select=revenue`);
      expect(answer.json).toMatchObject({ revenue: 20000, _transactioncurrencyid_value: anyText });
    });

    it('a missing row is 404 with the code of the way it was addressed', async () => {
      const byId = await dataverse.get(`accounts(${missingId})`);
      expect([byId.status, byId.error.code, byId.error.message]).toEqual([
        404,
        '0x80040217',
        `account With Id = ${missingId} Does Not Exist`,
      ]);
      const byKey = await dataverse.get(`accounts(ccsync_sourcekey='none')`);
      expect([byKey.status, byKey.error.code, byKey.error.message]).toEqual([
        404,
        '0x80060891',
        'A record with the specified key values does not exist in account entity',
      ]);
    });

    it('columns that are no key are refused as an address', async () => {
      const answer = await dataverse.get(`accounts(name='A')`);
      expect([answer.status, answer.error.code]).toEqual([400, '0x80060890']);
    });

    it('one property alone, raw or wrapped; none is 204', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      expect((await dataverse.get(`accounts(${id})/name`)).json).toMatchObject({ value: 'A' });
      expect((await dataverse.get(`accounts(${id})/name/$value`)).text).toBe('A');
      expect((await dataverse.get(`accounts(${id})/fax`)).status).toBe(204);
    });

    it('formatted values, when asked for', async () => {
      const id = await dataverse.create('accounts', { name: 'A', revenue: 1234.5, ccsync_syncstatus: 863400001, creditonhold: true });
      const answer = await dataverse.get(`accounts(${id})?$select=revenue,ccsync_syncstatus,statecode,createdon,creditonhold`, {
        Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
      });
      const formatted = (name: string) => answer.json[`${name}@OData.Community.Display.V1.FormattedValue`];
      expect(['revenue', 'ccsync_syncstatus', 'statecode', 'createdon', 'creditonhold'].map(formatted)).toEqual([
        '$1,234.50',
        'Waiting for its account',
        'Active',
        '1/31/2026 8:00 AM',
        'Yes',
      ]);
      expect(answer.json).not.toHaveProperty('_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname');
    });
  });

  describe('wrong addresses and methods', () => {
    it('an unknown set is 404; names are case-sensitive', async () => {
      for (const set of ['incidents', 'Accounts', 'account']) {
        const answer = await dataverse.get(set);
        expect([answer.status, answer.error]).toEqual([
          404,
          { code: '0x8006088a', message: `Resource not found for the segment '${set}'.` },
        ]);
      }
    });

    it('PATCH and DELETE of a whole table, and POST to a row, are 405', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      expect((await dataverse.patch('accounts', {})).status).toBe(405);
      expect((await dataverse.delete('accounts')).status).toBe(405);
      expect((await dataverse.post(`accounts(${id})`, {})).status).toBe(405);
    });

    it('addresses that make no sense are refused, not answered 500', async () => {
      const wrong = [
        'accounts(',
        'accounts(1)',
        "accounts(ccsync_sourcekey='a)",
        "accounts(ccsync_sourcekey='a'b')",
        'accounts(ccsync_sourcekey=a)',
        'accounts(%ZZ)',
        "accounts(nosuch='a')",
        'accounts/nothing',
        `accounts(${missingId})/a/b/c`,
        'WhoAmI/x/y/..',
        "accounts(ccsync_sourcekey='a',ccsync_sourcekey='b')",
        'accounts?$filter=%ZZ',
        '$batch',
        'accounts/Microsoft.Dynamics.CRM.Nothing',
      ];
      for (const path of wrong) {
        const answer = await dataverse.get(path);
        expect([path, answer.status >= 400 && answer.status < 500, answer.json]).toEqual([path, true, { error: anything }]);
      }
    });

    it('a system table cannot be written', async () => {
      const answer = await dataverse.post('systemusers', { fullname: 'Eve' });
      expect([answer.status, answer.error.code]).toEqual([405, '0x80040800']);
    });
  });
});
