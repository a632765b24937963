/** update-delete-entities-using-web-api.md, use-upsert-insert-update-record.md */
import { startTestDataverse, type TestDataverse } from './dataverse-client.ts';

const missingId = '00000000-0000-0000-0000-0000000000ff';

describe('changing rows of Dataverse', () => {
  let dataverse: TestDataverse;
  beforeAll(async () => {
    dataverse = await startTestDataverse({ now: () => Date.UTC(2026, 0, 31, 8, 0, 0, 750) });
  });
  afterAll(() => dataverse.close());
  afterEach(() => dataverse.reset());

  describe('update and upsert', () => {
    it('PATCH changes what it names and leaves the rest', async () => {
      const id = await dataverse.create('accounts', { name: 'A', telephone1: '1' });
      const answer = await dataverse.patch(`accounts(${id})`, { telephone1: '2', fax: '3' });
      expect(answer.status).toBe(204);
      expect((await dataverse.get(`accounts(${id})`)).json).toMatchObject({ name: 'A', telephone1: '2', fax: '3' });
    });

    it('null clears, and so does empty text', async () => {
      const id = await dataverse.create('accounts', { name: 'A', telephone1: '1', fax: '2' });
      await dataverse.patch(`accounts(${id})`, { telephone1: null, fax: '' });
      expect((await dataverse.get(`accounts(${id})`)).json).toMatchObject({ telephone1: null, fax: null });
    });

    it('PATCH by alternate key creates the row with its key, then updates the same row', async () => {
      const created = await dataverse.patch(`contacts(ccsync_sourcekey='northwind~1')`, { lastname: 'One' });
      const updated = await dataverse.patch(`contacts(ccsync_sourcekey='northwind~1')`, { lastname: 'Two' });
      expect([created.status, updated.status]).toEqual([204, 204]);
      expect(updated.headers.get('odata-entityid')).toBe(created.headers.get('odata-entityid'));
      const { rows } = await dataverse.get('contacts?$select=lastname,ccsync_sourcekey');
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ lastname: 'Two', ccsync_sourcekey: 'northwind~1' });
    });

    it('PATCH by primary key creates the row with that key', async () => {
      await dataverse.patch(`contacts(${missingId})`, { lastname: 'One' });
      expect((await dataverse.get(`contacts(${missingId})`)).json).toMatchObject({ lastname: 'One', contactid: missingId });
    });

    it('with return=representation an upsert tells by 201 or 200 whether it created', async () => {
      const upsert = () =>
        dataverse.patch(`contacts(ccsync_sourcekey='k')?$select=contactid`, { lastname: 'X' }, { Prefer: 'return=representation' });
      expect((await upsert()).status).toBe(201);
      expect((await upsert()).status).toBe(200);
    });

    it('key columns that the body repeats are dropped on update', async () => {
      await dataverse.patch(`contacts(ccsync_sourcekey='k1')`, { lastname: 'X' });
      const answer = await dataverse.patch(`contacts(ccsync_sourcekey='k1')`, { lastname: 'Y', ccsync_sourcekey: 'k2' });
      expect(answer.status).toBe(204);
      expect((await dataverse.get(`contacts(ccsync_sourcekey='k1')`)).json).toMatchObject({ lastname: 'Y', ccsync_sourcekey: 'k1' });
    });

    it('key columns that the body repeats win on create', async () => {
      await dataverse.patch(`contacts(ccsync_sourcekey='k1')`, { lastname: 'X', ccsync_sourcekey: 'k2' });
      expect((await dataverse.get('contacts?$select=ccsync_sourcekey')).rows.map((row) => row.ccsync_sourcekey)).toEqual(['k2']);
    });

    it('what a client may not set (createdon, fullname, versionnumber) is dropped without a word', async () => {
      const id = await dataverse.create('contacts', { lastname: 'X' });
      await dataverse.patch(`contacts(${id})`, {
        createdon: '2001-01-01T00:00:00Z',
        fullname: 'Forged',
        versionnumber: 1,
        '@odata.etag': 'W/"1"',
      });
      expect((await dataverse.get(`contacts(${id})`)).json).toMatchObject({ fullname: 'X', createdon: '2026-01-31T08:00:00Z' });
    });

    it('PUT and DELETE of one property set and clear it', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      expect((await dataverse.call('PUT', `accounts(${id})/name`, { body: { value: 'B' } })).status).toBe(204);
      expect((await dataverse.get(`accounts(${id})/name`)).json.value).toBe('B');
      expect((await dataverse.delete(`accounts(${id})/name`)).status).toBe(204);
      expect((await dataverse.get(`accounts(${id})/name`)).status).toBe(204);
    });

    it('a refused update changes nothing', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      const answer = await dataverse.patch(`accounts(${id})`, { telephone1: '1', name: 'x'.repeat(161) });
      expect(answer.status).toBe(400);
      expect((await dataverse.get(`accounts(${id})`)).json).toMatchObject({ name: 'A', telephone1: null });
    });
  });

  describe('delete', () => {
    it('is answered 204, then 404', async () => {
      const id = await dataverse.create('accounts', { name: 'A', ccsync_sourcekey: 'k' });
      expect((await dataverse.delete(`accounts(ccsync_sourcekey='k')`)).status).toBe(204);
      expect((await dataverse.delete(`accounts(${id})`)).status).toBe(404);
      expect((await dataverse.delete(`accounts(ccsync_sourcekey='k')`)).error.code).toBe('0x80060891');
    });

    it('an account takes its contacts along and lets go of its child accounts', async () => {
      const parent = await dataverse.create('accounts', { name: 'Parent' });
      const child = await dataverse.create('accounts', { name: 'Child', 'parentaccountid@odata.bind': `/accounts(${parent})` });
      await dataverse.create('contacts', { lastname: 'Gone', 'parentcustomerid_account@odata.bind': `/accounts(${parent})` });
      await dataverse.delete(`accounts(${parent})`);
      expect((await dataverse.get('contacts')).rows).toHaveLength(0);
      expect((await dataverse.get(`accounts(${child})`)).json).toMatchObject({ name: 'Child', _parentaccountid_value: null });
    });

    it('frees the key', async () => {
      const id = await dataverse.create('accounts', { name: 'A', ccsync_sourcekey: 'k' });
      await dataverse.delete(`accounts(${id})`);
      expect((await dataverse.post('accounts', { name: 'B', ccsync_sourcekey: 'k' })).status).toBe(204);
    });
  });

  describe('conditional requests (perform-conditional-operations-using-web-api.md)', () => {
    it('If-None-Match with the present ETag is answered 304 until the row changes', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      const etag = (await dataverse.get(`accounts(${id})`)).headers.get('etag') ?? '';
      const unchanged = await dataverse.get(`accounts(${id})?$select=name`, { 'If-None-Match': etag });
      expect([unchanged.status, unchanged.text]).toEqual([304, '']);
      await dataverse.patch(`accounts(${id})`, { name: 'B' });
      expect((await dataverse.get(`accounts(${id})`, { 'If-None-Match': etag })).status).toBe(200);
    });

    it('with $expand or annotations a retrieve is never 304', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      const etag = (await dataverse.get(`accounts(${id})`)).headers.get('etag') ?? '';
      expect((await dataverse.get(`accounts(${id})?$expand=createdby`, { 'If-None-Match': etag })).status).toBe(200);
      expect((await dataverse.get(`accounts(${id})`, { 'If-None-Match': etag, Prefer: 'odata.include-annotations="*"' })).status).toBe(200);
    });

    it('If-Match: * keeps an upsert from creating', async () => {
      const byId = await dataverse.patch(`accounts(${missingId})`, { name: 'A' }, { 'If-Match': '*' });
      expect([byId.status, byId.error.code]).toEqual([404, '0x80040217']);
      const byKey = await dataverse.patch(`accounts(ccsync_sourcekey='k')`, { name: 'A' }, { 'If-Match': '*' });
      expect([byKey.status, byKey.error.code]).toEqual([404, '0x80060891']);
      expect((await dataverse.get('accounts')).rows).toHaveLength(0);
    });

    it('If-None-Match: * keeps an upsert from updating', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      const answer = await dataverse.patch(`accounts(${id})`, { name: 'B' }, { 'If-None-Match': '*' });
      expect([answer.status, answer.error.code]).toEqual([412, '0x80040237']);
      expect((await dataverse.get(`accounts(${id})`)).json.name).toBe('A');
    });

    it('an old ETag in If-Match stops update and delete', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      const old = (await dataverse.get(`accounts(${id})`)).headers.get('etag') ?? '';
      await dataverse.patch(`accounts(${id})`, { name: 'B' });
      const update = await dataverse.patch(`accounts(${id})`, { name: 'C' }, { 'If-Match': old });
      const deletion = await dataverse.delete(`accounts(${id})`, { 'If-Match': old });
      expect([update.status, update.error.code, deletion.status]).toEqual([412, '0x80060882', 412]);
      const present = (await dataverse.get(`accounts(${id})`)).headers.get('etag') ?? '';
      expect((await dataverse.delete(`accounts(${id})`, { 'If-Match': present })).status).toBe(204);
    });

    it('If-None-Match: null means nothing', async () => {
      const id = await dataverse.create('accounts', { name: 'A' });
      expect((await dataverse.get(`accounts(${id})`, { 'If-None-Match': 'null' })).status).toBe(200);
      expect((await dataverse.patch(`accounts(${id})`, { name: 'B' }, { 'If-None-Match': 'null' })).status).toBe(204);
    });
  });
});
