import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { addCounts, noCounts } from '../../../api/src/sync/counts.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { makeCrm, makeRecordStore, recordOf } from '../../support/ports.ts';
import { type Json, startTestDataverse, type TestDataverse } from '../../sandbox/dataverse/dataverse-client.ts';

const never = new AbortController().signal;
const clock = { nowMs: Date.now };

describe('Microsoft’s columns beside ours', () => {
  let server: TestDataverse;
  const crm = makeCrm('now', clock.nowMs);
  const source: Source = { ...crm.source, connector: { ...crm.source.connector, displayName: 'ServiceNow' } };
  const records = makeRecordStore();
  beforeAll(async () => {
    server = await startTestDataverse();
    crm.pages.account = [[recordOf('a', { url: 'https://crm.example/a' }), recordOf('b')]];
  });
  afterAll(() => server.close());

  /** A full run by a process that has just started, so that it knows of what was installed meanwhile. */
  const sync = async (of: Source = source) => {
    const credential = { getToken: async () => 'application', invalidate: () => undefined };
    const dataverse = openDataverse({ url: server.url, users: [{ clientId: 'application', credential }], clock });
    try {
      const table = await openTableSync(of, 'account', { dataverse, records, locks: createRecordLocks(), clock }, never);
      let counts = noCounts;
      const options = { signal: never, lane: 'bulk', runId: null, isDryRun: false } as const;
      for await (const page of syncRecords(table, { kind: 'all', resumeFrom: null }, options)) counts = addCounts(counts, page.counts);
      return counts;
    } finally {
      await dataverse.close();
    }
  };
  const rows = async (): Promise<readonly Json[]> =>
    (await server.get('accounts?$select=msdyn_source_crm,msdyn_source_crm_id,msdyn_source_crm_url&$orderby=name')).rows;

  it('are not sent to an environment that does not have them', async () => {
    expect(await sync()).toMatchObject({ read: 2, written: 2, failed: 0 });
  });

  it('are filled by the next full run once they are there, and no more by the one after it', async () => {
    await server.control('POST', 'environment', { isMicrosoftConnectorInstalled: true });
    expect(await sync()).toMatchObject({ written: 2, failed: 0 });
    expect(await rows()).toMatchObject([
      { msdyn_source_crm: 2, msdyn_source_crm_id: 'a', msdyn_source_crm_url: 'https://crm.example/a' },
      { msdyn_source_crm: 2, msdyn_source_crm_id: 'b', msdyn_source_crm_url: null },
    ]);
    expect(await sync()).toMatchObject({ written: 0, unchanged: 2 });
  });

  it('take another option when the configuration says so, and are left alone when it says false', async () => {
    expect(await sync({ ...source, microsoft: { sourceCrm: 'Zendesk', unadoptedRows: 'refuse' } })).toMatchObject({ written: 2 });
    expect((await rows()).map((row) => row.msdyn_source_crm)).toEqual([3, 3]);
    await sync({ ...source, microsoft: { sourceCrm: false, unadoptedRows: 'refuse' } });
    expect((await rows()).map((row) => row.msdyn_source_crm)).toEqual([3, 3]);
  });

  it('stop a run before it reads a record when the configured option is not there', async () => {
    await expect(sync({ ...source, microsoft: { sourceCrm: 'Freshdesk', unadoptedRows: 'refuse' } })).rejects.toMatchObject({
      code: 'source.microsoft_crm_unknown',
    });
  });
});
