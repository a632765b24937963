import type { Dataverse, TableDescription } from '../../../api/src/dataverse/types.ts';
import { type SandboxScene, account, bulk, contact, failedOf, never, startSandboxScene } from './sandbox-scene.ts';

describe('Dataverse in the sandbox', () => {
  let scene: SandboxScene;

  beforeAll(async () => {
    scene = await startSandboxScene();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  describe.each(['bulk-messages', 'row-by-row'] as const)('written by %s', (writeWith) => {
    let dataverse: Dataverse;
    let accounts: TableDescription;
    let contacts: TableDescription;

    beforeEach(async () => {
      dataverse = scene.open({ writeWith, maxConcurrency: 8 });
      accounts = await dataverse.describeTable('account', never);
      contacts = await dataverse.describeTable('contact', never);
      await scene.control('DELETE', 'statistics');
    });

    it('rows are created, then updated: never doubled', async () => {
      const rows = Array.from({ length: 700 }, (_, index) => account(`crm~${index}`, `Åccount “${index}”`));
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk))).toEqual([]);
      expect(
        failedOf(
          await dataverse.upsert(
            accounts,
            rows.slice(0, 10).map(({ sourceKey }) => account(sourceKey, 'Renamed')),
            bulk,
          ),
        ),
      ).toEqual([]);
      const stored = await scene.sandbox.dataverse.rows('accounts', '$select=name,ccsync_sourcekey');
      expect(stored).toHaveLength(700);
      expect(stored.filter(({ name }) => name === 'Renamed')).toHaveLength(10);
      expect(stored.find(({ ccsync_sourcekey: key }) => key === 'crm~500')?.name).toBe('Åccount “500”');
    });

    it('a column that is null is cleared, one that is absent is kept', async () => {
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Doe', telephone1: '1', fax: '2' })], bulk);
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Roe', fax: null })], bulk);
      expect(await scene.sandbox.dataverse.rowByKey('contacts', 'crm~1')).toMatchObject({ lastname: 'Roe', telephone1: '1', fax: null });
    });

    it('an over-long name, a refused e-mail and a missing parent fail alone, each with its reason, and all others land', async () => {
      await dataverse.upsert(accounts, [account('crm~acme', 'Acme')], bulk);
      const parent = (key: string) => ({ 'parentcustomerid_account@odata.bind': `/accounts(ccsync_sourcekey='${key}')` });
      const rows = Array.from({ length: 300 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}`, ...parent('crm~acme') }));
      rows[17] = contact('crm~17', { lastname: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3) });
      rows[111] = contact('crm~111', { lastname: 'Doe', emailaddress1: 'jane.doe@@example' });
      rows[299] = contact('crm~299', { lastname: 'Orphan', ...parent('crm~nobody') });
      const failed = failedOf(await dataverse.upsert(contacts, rows, bulk));
      expect(failed.map(({ index, failureClass, code }) => ({ index, failureClass, code }))).toEqual([
        { index: 17, failureClass: 'data', code: '0x80044331' },
        { index: 111, failureClass: 'data', code: '0x80040203' },
        { index: 299, failureClass: 'data', code: '0x80060891' },
      ]);
      const [tooLong, badMail] = failed;
      expect(tooLong?.reason).toContain("'lastname'");
      expect(tooLong?.reason).toContain("'50'");
      expect(badMail?.reason).toContain("'emailaddress1'");
      expect(failed.map(({ reason }) => reason).join()).not.toMatch(/Wolfe|jane|nobody|Orphan/);
      const stored = await scene.sandbox.dataverse.rows('contacts', '$select=lastname,_parentcustomerid_value');
      expect(stored).toHaveLength(297);
      expect(stored.every(({ _parentcustomerid_value: id }) => typeof id === 'string')).toBe(true);
    });

    it('a throttled, failing or deadlocked Dataverse costs time, not rows', async () => {
      const rows = Array.from({ length: 20 }, (_, index) => account(`crm~${index}`, `Name ${index}`));
      await scene.control('POST', 'faults', { kind: 'throttle', count: 1, retryAfterSeconds: 1 });
      await scene.control('POST', 'faults', { kind: 'unavailable', count: 1 });
      await scene.control('POST', 'faults', { kind: 'deadlock', count: 1 });
      await scene.control('POST', 'faults', { kind: 'sqlTimeout', count: 1 });
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk))).toEqual([]);
      expect(await scene.sandbox.dataverse.count('accounts')).toBe(20);
    });

    it('four writers that create the same rows at once leave each row once', async () => {
      const writers = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const writer = scene.open({ writeWith });
          return { writer, table: await writer.describeTable('contact', never) };
        }),
      );
      const rows = Array.from({ length: 250 }, (_, index) => contact(`crm~${index}`, { lastname: `Name ${index}` }));
      const outcomes = await Promise.all(writers.map(({ writer, table }) => writer.upsert(table, rows, bulk)));
      expect(outcomes.flatMap(failedOf)).toEqual([]);
      expect(await scene.sandbox.dataverse.count('contacts')).toBe(250);
    });

    it('removed rows are deactivated, those that are not there are said to be missing', async () => {
      await dataverse.upsert(contacts, [contact('crm~1', { lastname: 'Doe' })], bulk);
      const outcomes = await dataverse.update(
        contacts,
        ['crm~gone', 'crm~1'].map((key) => contact(key, { statecode: 1, statuscode: 2, ccsync_syncstatus: 863400002 })),
        bulk,
      );
      expect(outcomes).toEqual([{ status: 'missing' }, { status: 'written' }]);
      expect(await scene.sandbox.dataverse.rowByKey('contacts', 'crm~1')).toMatchObject({ statecode: 1, ccsync_syncstatus: 863400002 });
      expect(await scene.sandbox.dataverse.count('contacts')).toBe(1);
    });

    it('a mapping that names no column of the table stops the run', async () => {
      const rows = Array.from({ length: 30 }, (_, index) => contact(`crm~${index}`, { lastname: 'Doe', shoesize: 42 }));
      await expect(dataverse.upsert(contacts, rows, bulk)).rejects.toMatchObject({ code: 'dataverse.refused' });
    });

    it('one bad row costs few requests', async () => {
      const rows = Array.from({ length: 800 }, (_, index) => account(`crm~${index}`, index === 555 ? 'x'.repeat(161) : 'Acme'));
      expect(failedOf(await dataverse.upsert(accounts, rows, bulk)).map(({ index }) => index)).toEqual([555]);
      expect((await scene.statistics()).requests).toBeLessThanOrEqual(30);
    });
  });
});
