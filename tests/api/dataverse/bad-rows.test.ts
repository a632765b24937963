import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import type { ScriptedDataverse } from './scripted-dataverse.ts';
import { type Scene, bulk, contacts, failedOf, refuseKeys, rowsNamed, startScene, statusOf, tooLong, ways } from './writing-scene.ts';

describe('writing rows that Dataverse refuses', () => {
  let scene: Scene;
  let server: ScriptedDataverse;
  let dataverse: Dataverse;

  beforeEach(async () => {
    scene = await startScene();
    ({ server, dataverse } = scene);
  });

  afterEach(() => scene.close());

  describe.each(ways)('by $way', ({ table }) => {
    it('fails only the bad rows, with Dataverse’s code and reason, and lands all others', async () => {
      server.script.refuseRow = refuseKeys(['crm~0', 'crm~517', 'crm~999'], tooLong);
      const outcomes = await dataverse.upsert(table, rowsNamed(1000), bulk);
      expect(failedOf(outcomes)).toEqual(
        [0, 517, 999].map((index) => ({ index, status: 'failed', failureClass: 'data', code: '0x80044331', reason: tooLong.message })),
      );
      expect(server.rows.size).toBe(997);
    });

    it('does not call rows bad when SQL fails for all of them', async () => {
      server.script.refuseRow = () => ({ status: 500, code: '0x80044150', message: 'Generic SQL error' });
      await expect(dataverse.upsert(table, rowsNamed(40), bulk)).rejects.toMatchObject({ code: 'dataverse.failing' });
    });

    it('fails a few rows as rows, so that one on which SQL always breaks stops no run', async () => {
      server.script.refuseRow = () => ({ status: 500, code: '0x80044150', message: 'Generic SQL error' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(1), bulk))).toMatchObject([
        { failureClass: 'transient', code: '0x80044150' },
      ]);
    });

    it('isolates the one row on which SQL always fails', async () => {
      server.script.refuseRow = refuseKeys(['crm~7'], { status: 500, code: '0x80044150', message: 'Generic SQL error' });
      const outcomes = await dataverse.upsert(table, rowsNamed(20), bulk);
      expect(failedOf(outcomes)).toMatchObject([{ index: 7, failureClass: 'transient', code: '0x80044150' }]);
    });

    it('fails only the row whose parent is missing', async () => {
      const refusal = {
        status: 404,
        code: '0x80060891',
        message: 'A record with the specified key values does not exist in account entity',
      };
      server.script.refuseRow = refuseKeys(['crm~3'], refusal);
      expect(failedOf(await dataverse.upsert(table, rowsNamed(10), bulk))).toMatchObject([
        { index: 3, failureClass: 'data', code: '0x80060891' },
      ]);
    });

    it('updates a row that another writer created in the same moment', async () => {
      const racing = new Set(['crm~4']);
      server.script.refuseRow = ({ key }) =>
        racing.delete(key) ? { status: 412, code: '0x80060892', message: 'A record that has the same key already exists.' } : undefined;
      expect(new Set(statusOf(await dataverse.upsert(table, rowsNamed(10), bulk)))).toEqual(new Set(['written']));
      expect(server.requests).toHaveLength(2);
    });

    it('fails the row that breaks a key of the customer’s own', async () => {
      server.script.refuseRow = refuseKeys(['crm~4'], { status: 412, code: '0x80060892', message: 'Entity Key new_number violated.' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(10), bulk))).toMatchObject([
        { index: 4, failureClass: 'data', code: '0x80060892' },
      ]);
    });

    it('stops for rights that are missing for every row, instead of failing them all', async () => {
      server.script.refuseRow = () => ({
        status: 403,
        code: '0x80040220',
        message: 'Principal user is missing prvCreateContact privilege',
      });
      await expect(dataverse.upsert(table, rowsNamed(1), bulk)).rejects.toMatchObject({ code: 'dataverse.forbidden' });
      server.script.refuseRow = () => ({ status: 403, code: '0x80048306', message: 'Privilege check failed' });
      await expect(dataverse.upsert(table, rowsNamed(500), bulk)).rejects.toMatchObject({ code: 'dataverse.forbidden' });
      expect(server.rows.size).toBe(0);
    });

    it('fails only the rows that somebody else may write', async () => {
      server.script.refuseRow = refuseKeys(['crm~3', 'crm~30'], {
        status: 403,
        code: '0x80040220',
        message: 'SecLib::AccessCheckEx failed.',
      });
      const outcomes = await dataverse.upsert(table, rowsNamed(50), bulk);
      expect(failedOf(outcomes)).toMatchObject([
        { index: 3, failureClass: 'permission' },
        { index: 30, failureClass: 'permission' },
      ]);
      expect(server.rows.size).toBe(48);
    });

    it('stops for a column that the environment does not have', async () => {
      const message = "Error identified in Payload: Invalid property 'nickname' was found in entity 'Microsoft.Dynamics.CRM.contact'.";
      server.script.refuseRow = () => ({ status: 400, code: '0x80048d19', message });
      await expect(dataverse.upsert(table, rowsNamed(300), bulk)).rejects.toMatchObject({ code: 'dataverse.refused' });
    });

    it('lets the customer’s own plug-in fail rows as such', async () => {
      server.script.refuseRow = refuseKeys(['crm~1'], { status: 400, code: '0x80040265', message: 'No Name 1 on Fridays' });
      expect(failedOf(await dataverse.upsert(table, rowsNamed(4), bulk))).toEqual([
        {
          index: 1,
          status: 'failed',
          failureClass: 'plugin',
          code: '0x80040265',
          reason: expect.not.stringContaining('Name 1') as unknown,
        },
      ]);
    });
  });

  it('needs at most 2·log2(1000) further requests for one bad row in 1,000', async () => {
    dataverse = scene.open({ batchSize: 1000, maxConcurrency: 3 });
    for (const bad of ['crm~0', 'crm~333', 'crm~999']) {
      server.requests.length = 0;
      server.script.refuseRow = refuseKeys([bad], tooLong);
      const outcomes = await dataverse.upsert(contacts, rowsNamed(1000), bulk);
      expect(failedOf(outcomes)).toHaveLength(1);
      expect(server.requests.length).toBeLessThanOrEqual(21);
      expect(server.requests.every(({ path }) => path.endsWith('UpsertMultiple'))).toBe(true);
    }
  });

  it('asks row by row when many rows are bad, and the outcome is the same', async () => {
    const bad = rowsNamed(1000)
      .filter((_, index) => index % 3 === 0)
      .map(({ sourceKey }) => sourceKey);
    server.script.refuseRow = refuseKeys(bad, tooLong);
    const outcomes = await dataverse.upsert(contacts, rowsNamed(1000), bulk);
    expect(failedOf(outcomes).map(({ index }) => `crm~${index}`)).toEqual(bad);
    expect(server.rows.size).toBe(1000 - bad.length);
    expect(server.requests.length).toBeLessThan(350);
  });

  it('updates only rows that are there, and says which are missing', async () => {
    await dataverse.upsert(contacts, rowsNamed(2), bulk);
    const removed = ['crm~0', 'crm~gone', 'crm~1'].map((sourceKey) => ({ sourceKey, columnsJson: '"statecode":1,"statuscode":2' }));
    expect(statusOf(await dataverse.update(contacts, removed, bulk))).toEqual(['written', 'missing', 'written']);
    expect(server.rows.get('crm~0')).toEqual({ lastname: 'Name 0', statecode: 1, statuscode: 2 });
    expect(server.rows.has('crm~gone')).toBe(false);
  });
});
