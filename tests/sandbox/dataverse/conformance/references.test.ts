import { anyEtag, anyText, startTestDataverse, type TestDataverse } from '../dataverse-client.ts';
import { pages, standardHeaders } from './pages.ts';

const missingId = '00000000-0000-0000-0000-0000000000ff';

describe('references between rows', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse();
  });
  afterAll(() => dataverse.close());
  beforeEach(() => dataverse.reset());

  const call = (method: string, path: string, body?: unknown) => dataverse.call(method, path, { body, headers: standardHeaders });

  describe(pages.associate, () => {
    it.each(['with $id', 'with the key in the path'])('a reference is added to a collection and removed again, %s', async (way) => {
      const account = await dataverse.create('accounts', { name: 'A' });
      const opportunity = await dataverse.create('opportunities', { name: 'O' });
      const collection = `accounts(${account})/opportunity_customer_accounts`;
      const reference = { '@odata.id': `${dataverse.root}opportunities(${opportunity})` };
      expect((await call('POST', `${collection}/$ref`, reference)).status).toBe(204);
      expect((await call('GET', `${collection}/$ref`)).json).toEqual({
        '@odata.context': `${dataverse.root}$metadata#Collection($ref)`,
        value: [reference],
      });
      const removal = way === 'with $id' ? `${collection}/$ref?$id=${reference['@odata.id']}` : `${collection}(${opportunity})/$ref`;
      expect((await call('DELETE', removal)).status).toBe(204);
      expect((await call('GET', `${collection}/$count`)).text).toBe('\uFEFF0');
    });

    it('a many-to-many relationship is associated from either side, once', async () => {
      const opportunity = await dataverse.create('opportunities', { name: 'O' });
      const competitor = await dataverse.create('competitors', { name: 'C' });
      const here = `opportunities(${opportunity})/opportunitycompetitors_association`;
      const there = `competitors(${competitor})/opportunitycompetitors_association`;
      expect((await call('POST', `${there}/$ref`, { '@odata.id': `opportunities(${opportunity})` })).status).toBe(204);
      expect((await call('GET', `${here}?$select=name`)).rows).toMatchObject([{ name: 'C' }]);
      const again = await call('POST', `${here}/$ref`, { '@odata.id': `competitors(${competitor})` });
      expect([again.status, again.error.code]).toEqual([412, '0x80040237']);
      expect((await call('DELETE', `${here}/$ref?$id=competitors(${competitor})`)).status).toBe(204);
      expect((await call('GET', there)).rows).toEqual([]);
    });

    it('PUT of $ref changes a lookup, and PATCH with null clears it by either name', async () => {
      const account = await dataverse.create('accounts', { name: 'A' });
      const opportunity = await dataverse.create('opportunities', { name: 'O' });
      const lookup = `opportunities(${opportunity})/customerid_account`;
      for (const clear of [{ 'customerid_account@odata.bind': null }, { customerid_account: null }]) {
        expect((await call('PUT', `${lookup}/$ref`, { '@odata.id': `accounts(${account})` })).status).toBe(204);
        expect((await call('GET', `${lookup}?$select=name`)).json).toMatchObject({ name: 'A' });
        expect((await call('PATCH', `opportunities(${opportunity})`, clear)).status).toBe(204);
        expect((await call('GET', lookup)).status).toBe(204);
      }
    });

    it('the pairs of a many-to-many relationship cannot be written directly', async () => {
      const answer = await call('POST', 'systemuserrolescollection', { roleid: missingId });
      expect([answer.status, answer.error.code]).toEqual([405, '0x80040800']);
    });

    it('wrong references are refused with the reason', async () => {
      const account = await dataverse.create('accounts', { name: 'A' });
      const collection = `accounts(${account})/contact_customer_accounts`;
      const statuses = [
        (await call('POST', `${collection}/$ref`, {})).status,
        (await call('POST', `${collection}/$ref`, { '@odata.id': `accounts(${account})` })).status,
        (await call('POST', `${collection}/$ref`, { '@odata.id': `contacts(${missingId})` })).status,
        (await call('POST', `accounts(${missingId})/contact_customer_accounts/$ref`, { '@odata.id': 'x' })).status,
        (await call('DELETE', `${collection}/$ref`)).status,
        (await call('DELETE', `${collection}(${missingId})/$ref`)).status,
        (await call('PUT', `${collection}/$ref`, { '@odata.id': `contacts(${missingId})` })).status,
      ];
      expect(statuses).toEqual([400, 400, 404, 404, 400, 404, 405]);
    });

    it('who may not write may not associate', async () => {
      const me = await call('GET', 'WhoAmI');
      const role = await dataverse.create('roles', { name: 'R' });
      const path = `roles(${role})/systemuserroles_association/$ref`;
      const body = { '@odata.id': `systemusers(${String(me.json.UserId)})` };
      expect((await dataverse.call('POST', path, { body, as: 'robin' })).status).toBe(403);
    });
  });

  describe(pages.retrieve, () => {
    it('a lookup is followed by its navigation property, to its properties and beyond', async () => {
      const account = await dataverse.create('accounts', {
        name: 'A',
        primarycontactid: { firstname: 'Rene', lastname: 'Valdes', parentcustomerid_account: { name: 'Other' } },
      });
      const answer = await call('GET', `accounts(${account})/primarycontactid?$select=fullname`);
      expect(answer.json).toEqual({
        '@odata.context': `${dataverse.root}$metadata#contacts(fullname)/$entity`,
        '@odata.etag': anyEtag,
        fullname: 'Rene Valdes',
        contactid: anyText,
      });
      expect((await call('GET', `accounts(${account})/primarycontactid/fullname/$value`)).text).toBe('Rene Valdes');
      expect((await call('GET', `accounts(${account})/primarycontactid/parentcustomerid_account/name`)).json.value).toBe('Other');
    });

    it('a collection gives its rows, their references, their number, and one of them by its key', async () => {
      const account = await dataverse.create('accounts', { name: 'A', Account_Tasks: [{ subject: 'One' }, { subject: 'Two' }] });
      const collection = `accounts(${account})/Account_Tasks`;
      const rows = (await call('GET', `${collection}?$select=subject&$orderby=subject desc`)).rows;
      expect(rows.map(({ subject }) => subject)).toEqual(['Two', 'One']);
      expect((await call('GET', `${collection}/$count`)).text).toBe('\uFEFF2');
      expect((await call('GET', `${collection}/$ref`)).rows).toHaveLength(2);
      const [first] = rows;
      expect((await call('GET', `${collection}(${String(first?.activityid)})?$select=subject`)).json).toMatchObject({ subject: 'Two' });
      const elsewhere = await dataverse.create('tasks', { subject: 'Elsewhere' });
      expect((await call('GET', `${collection}(${elsewhere})`)).status).toBe(404);
    });

    it('spaces around the equals sign of an $expand option do not matter', async () => {
      const account = await dataverse.create('accounts', { name: 'A', parentaccountid: { name: 'P' } });
      const answer = await call('GET', `accounts(${account})?$select=accountid&$expand=parentaccountid($select%20=%20createdon,%20name)`);
      expect(answer.json.parentaccountid).toMatchObject({ name: 'P', createdon: anyText });
    });
  });
});
