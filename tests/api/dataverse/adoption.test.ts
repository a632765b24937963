import type { AdoptionTableBody } from '../../../api/src/contract/adoption.ts';
/** Adoption against the sandbox's Web API, where the CRM's side is made by hand: ids of every kind, and trouble in between. */
import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import type { Dataverse } from '../../../api/src/dataverse/types.ts';
import { createAdoptionService } from '../../../api/src/sync/adopt/adoption-service.ts';
import { createAdoptionGuard, unadoptedTables } from '../../../api/src/sync/adopt/unadopted.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import type { Source } from '../../../api/src/sync/types.ts';
import { makeCrm, makeRecordStore, recordOf } from '../../support/ports.ts';
import { type Json, startTestDataverse, type TestDataverse } from '../../sandbox/dataverse/dataverse-client.ts';

const never = new AbortController().signal;
const clock = { nowMs: Date.now };

/** A CRM whose ids are lower-case hex, as ServiceNow's, and whose option of Microsoft's choice is 2. */
const serviceNow = makeCrm('now', clock.nowMs);
const lowerCase = (text: string): string | null => (text.trim() === '' ? null : text.toLowerCase());
const source: Source = {
  ...serviceNow.source,
  name: 'ServiceNow',
  connector: {
    ...serviceNow.source.connector,
    displayName: 'ServiceNow',
    table: (name) => ({ ...serviceNow.source.connector.table(name), readId: lowerCase }),
  },
};
const sysId = (number: number): string => (0xabc000 + number).toString(16).padStart(32, '0');
const asGuid = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

describe('adoption', () => {
  let server: TestDataverse;
  let dataverse: Dataverse;
  beforeAll(async () => {
    server = await startTestDataverse();
  });
  beforeEach(async () => {
    await server.control('POST', 'environment', { isMicrosoftConnectorInstalled: true });
    dataverse = open();
  });
  afterEach(async () => {
    await dataverse.close();
    server.reset();
  });
  afterAll(() => server.close());

  const open = (options: { readonly writeWith?: 'row-by-row' } = {}): Dataverse => {
    const credential = { getToken: async () => 'application', invalidate: () => undefined };
    return openDataverse({ url: server.url, users: [{ clientId: 'application', credential }], clock, ...options });
  };
  const create = async (rows: readonly Json[]): Promise<readonly string[]> => {
    const targets = rows.map((row) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', msdyn_source_crm: 2, ...row }));
    return (await server.post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: targets })).json.Ids as readonly string[];
  };
  interface Adopting {
    readonly sources?: readonly Source[];
    readonly isDryRun?: boolean;
    readonly duplicates?: 'report' | 'deactivate';
    readonly signal?: AbortSignal;
    readonly onProgress?: (soFar: AdoptionTableBody) => void;
  }
  const adopt = async ({ sources = [source], signal = never, onProgress, ...request }: Adopting = {}): Promise<AdoptionTableBody> => {
    const service = createAdoptionService({ dataverse, sources: createSources(sources) });
    const { tables } = await service.adopt('now', { tables: ['account'], ...request }, { signal, ...(onProgress ? { onProgress } : {}) });
    const [counts] = tables;
    if (counts === undefined) throw new Error('no table');
    const { read, adopted, ours, withoutId, doubled, taken, otherRecord, failed } = counts;
    expect(read).toBe(adopted + ours + withoutId + doubled + taken + otherRecord + failed);
    return counts;
  };
  const rows = async (select: string): Promise<readonly Json[]> => (await server.get(`accounts?$select=${select}&$orderby=name`)).rows;

  it('stamps rows whose GUID is the record’s id, and the sync finds them', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => sysId(index));
    await create(ids.map((id) => ({ accountid: asGuid(id), name: id.toUpperCase(), msdyn_source_crm_id: id })));
    expect(await adopt()).toMatchObject({ read: 300, adopted: 300, failed: 0 });

    serviceNow.pages.account = [ids.map((id) => recordOf(id, { fields: { name: `Company ${id}` } }))];
    const work = { dataverse, records: makeRecordStore(), locks: createRecordLocks(), clock };
    const sync = await openTableSync(source, 'account', work, never);
    for await (const { counts } of syncRecords(
      sync,
      { kind: 'all', resumeFrom: null },
      { signal: never, lane: 'bulk', runId: null, isDryRun: false },
    )) {
      expect(counts).toMatchObject({ read: 300, written: 300 });
    }
    const after = await rows('accountid,name,ccsync_sourcekey,ccsync_sourcecrm');
    expect(after).toHaveLength(300);
    expect(after.map(({ accountid }) => accountid)).toEqual(ids.map(asGuid));
    expect(
      after.every(
        ({ accountid, name, ccsync_sourcecrm: crm }) => name === `Company ${String(accountid).replaceAll('-', '')}` && crm === 'ServiceNow',
      ),
    ).toBe(true);
  });

  it('reads ids as the connector does: one that is written in capitals is the same record', async () => {
    await create([
      { name: 'A', msdyn_source_crm_id: 'ABC' },
      { name: 'B', msdyn_source_crm_id: 'abc' },
    ]);
    expect(await adopt({ duplicates: 'deactivate' })).toMatchObject({ adopted: 1, doubled: 1, doubledInactive: 1 });
    const keys = (await rows('ccsync_sourcekey,ccsync_sourcecrmid,statecode')).filter((row) => row.ccsync_sourcekey !== null);
    expect(keys).toMatchObject([{ ccsync_sourcekey: 'now~abc', ccsync_sourcecrmid: 'abc', statecode: 0 }]);
  });

  it('keeps the link for the agent, but no address that a browser should not open', async () => {
    await create([
      { name: 'A', msdyn_source_crm_id: 'a', msdyn_source_crm_url: 'https://dev.service-now.com/now/cwf/agent/record/customer_account/a' },
      { name: 'B', msdyn_source_crm_id: 'b', msdyn_source_crm_url: 'javascript:alert(1)' },
    ]);
    await adopt();
    expect((await rows('ccsync_sourcecrmurl')).map((row) => row.ccsync_sourcecrmurl)).toEqual([
      'https://dev.service-now.com/now/cwf/agent/record/customer_account/a',
      null,
    ]);
  });

  it('leaves rows of other CRMs, rows without an id, and rows of another record, and makes none', async () => {
    await create([
      { name: 'A', msdyn_source_crm: 3, msdyn_source_crm_id: 'a' },
      { name: 'B' },
      { name: 'C', msdyn_source_crm_id: 'c', ccsync_sourcekey: 'other~c' },
    ]);
    expect(await adopt()).toMatchObject({ read: 2, adopted: 0, withoutId: 1, otherRecord: 1 });
    expect((await rows('ccsync_sourcekey')).map((row) => row.ccsync_sourcekey)).toEqual([null, null, 'other~c']);
  });

  it('never deactivates a row whose key a newer row has: a person merges the two', async () => {
    const [older] = await create([{ name: 'A', msdyn_source_crm_id: 'a' }]);
    await server.create('accounts', { name: 'B', ccsync_sourcekey: 'now~a' });
    expect(await adopt({ duplicates: 'deactivate' })).toMatchObject({ taken: 1, doubled: 0, samples: { taken: [older] } });
    expect((await rows('statecode')).map((row) => row.statecode)).toEqual([0, 0]);
  });

  it.each(['bulk messages', 'row by row'])('one row that is refused, by %s, leaves the others to be adopted', async (way) => {
    if (way === 'row by row') dataverse = open({ writeWith: 'row-by-row' });
    await create(Array.from({ length: 40 }, (_, index) => ({ name: `A${index}`, msdyn_source_crm_id: `a${index}` })));
    const [gone] = await create([{ name: 'Gone', msdyn_source_crm_id: 'gone' }]);
    const listed = dataverse;
    // Deleted between the look and the write.
    const updateById: Dataverse['updateById'] = async (...args) => {
      await server.delete(`accounts(${gone})`);
      return listed.updateById(...args);
    };
    const service = createAdoptionService({ dataverse: { ...listed, updateById }, sources: createSources([source]) });
    const { tables } = await service.adopt('now', { tables: ['account'] }, { signal: never });
    expect(tables).toMatchObject([{ adopted: 40, failed: 1, failures: [{ rowId: gone, code: 'record.not_found' }] }]);
    expect(await rows('name')).toHaveLength(40);
  });

  it('stopped between two pages and started again, it comes to the same end', async () => {
    const made = Array.from({ length: 2_300 }, (_, index) => ({ name: 'A', msdyn_source_crm_id: sysId(index % 2_200) }));
    for (const from of [0, 1_000, 2_000]) await create(made.slice(from, from + 1_000));
    const stopping = new AbortController();
    const stopped = adopt({ duplicates: 'deactivate', signal: stopping.signal, onProgress: () => stopping.abort() });
    await expect(stopped).rejects.toThrow();
    const counts = await adopt({ duplicates: 'deactivate' });
    expect(counts).toMatchObject({ read: 2_300, doubled: 100, doubledInactive: 100, taken: 0, failed: 0 });
    expect(counts.ours).toBeGreaterThan(0);
    expect(counts.adopted + counts.ours).toBe(2_200);
    expect(await adopt({ duplicates: 'deactivate' })).toMatchObject({ adopted: 0, ours: 2_200, doubled: 100, doubledInactive: 100 });
  });

  it('of the rows of one record over several pages one is adopted, though those it deactivates move in the list', async () => {
    const made = Array.from({ length: 2_500 }, () => ({ name: 'A', msdyn_source_crm_id: 'a' }));
    for (const from of [0, 1_000, 2_000]) await create(made.slice(from, from + 1_000));
    expect(await adopt({ duplicates: 'deactivate' })).toMatchObject({ read: 2_500, adopted: 1, doubled: 2_499, doubledInactive: 2_499 });
  });

  describe('is refused', () => {
    it('where Microsoft’s columns are not there', async () => {
      await server.control('POST', 'environment', { isMicrosoftConnectorInstalled: false });
      await expect(adopt()).rejects.toMatchObject({
        code: 'adoption.columns_missing',
        message: expect.stringContaining('msdyn_source_crm'),
      });
    });

    it('when no option stands for the source', async () => {
      const nobody = { ...source, connector: { ...source.connector, displayName: 'Freshdesk' } };
      await expect(adopt({ sources: [nobody] })).rejects.toMatchObject({
        code: 'adoption.choice_unset',
        help: expect.stringContaining('Salesforce (1), ServiceNow (2), Zendesk (3)'),
      });
    });

    it('when two sources share the option, until one of them is the only one', async () => {
      const test: Source = { ...source, id: 'now-test' };
      await expect(adopt({ sources: [source, test] })).rejects.toMatchObject({
        code: 'adoption.ambiguous',
        message: expect.stringContaining('now, now-test'),
      });
      const apart: Source = { ...test, microsoft: { sourceCrm: false, unadoptedRows: 'refuse' } };
      expect(await adopt({ sources: [source, apart] })).toMatchObject({ read: 0 });
    });
  });

  describe('the guard before a sync', () => {
    const require = (of: Source = source, isNews = true) =>
      createAdoptionGuard(dataverse).requireAdopted(of, 'account', { isNews, signal: never });

    it('refuses while rows wait, and lets go when they are adopted, though doubled rows and rows without an id stay', async () => {
      await create([{ name: 'A', msdyn_source_crm_id: 'a' }, { name: 'B', msdyn_source_crm_id: 'a' }, { name: 'C' }]);
      await expect(require()).rejects.toMatchObject({ code: 'adoption.pending', help: expect.stringContaining('unadoptedRows: leave') });
      expect(await unadoptedTables(source, dataverse, never)).toEqual(['account']);
      await adopt();
      await require();
      expect(await unadoptedTables(source, dataverse, never)).toEqual([]);
    });

    it('lets go when the configuration says to leave them, or when the CRM is none of Microsoft’s', async () => {
      await create([{ name: 'A', msdyn_source_crm_id: 'a' }]);
      await require({ ...source, microsoft: { sourceCrm: null, unadoptedRows: 'leave' } });
      await require({ ...source, microsoft: { sourceCrm: false, unadoptedRows: 'refuse' } });
      await require({ ...source, connector: { ...source.connector, displayName: 'Freshdesk' } });
    });

    it('asks Dataverse once for all webhooks, and anew for each run', async () => {
      const guard = createAdoptionGuard(dataverse);
      await guard.requireAdopted(source, 'account', { isNews: false, signal: never });
      await create([{ name: 'A', msdyn_source_crm_id: 'a' }]);
      await guard.requireAdopted(source, 'account', { isNews: false, signal: never });
      await expect(guard.requireAdopted(source, 'account', { isNews: true, signal: never })).rejects.toMatchObject({
        code: 'adoption.pending',
      });
      await expect(guard.requireAdopted(source, 'account', { isNews: false, signal: never })).rejects.toMatchObject({
        code: 'adoption.pending',
      });
    });
  });
});
