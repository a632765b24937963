/** What becomes of a record that failed, without anybody starting a run. */
import { setTimeout as delay } from 'node:timers/promises';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import { createFailureService } from '../../../api/src/runs/failures/failure-service.ts';
import { createRetrier, retryFailures } from '../../../api/src/runs/failures/retry-failures.ts';
import type { Jobs } from '../../../api/src/store/jobs/types.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { type TestDatabase, server } from '../../support/databases.ts';
import { type HandMadeCrm, type HandMadeDataverse, makeCrm, makeDataverse, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const silent = { info: () => undefined, error: () => undefined, warn: () => undefined };

describe('a record that failed', () => {
  let database: TestDatabase;
  let store: Store;
  let crm: HandMadeCrm;
  let dataverse: HandMadeDataverse;
  let nowMs = Date.parse('2026-11-26T10:00:00Z');
  let sourceNumber = 0;
  const clock = { nowMs: () => nowMs };

  beforeAll(async () => {
    database = await server.create();
    store = await database.open({ clock });
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(async () => {
    sourceNumber += 1;
    crm = makeCrm(`source-${sourceNumber}`, clock.nowMs);
    dataverse = makeDataverse();
    crm.pages.account = [[recordOf('good'), recordOf('bad')]];
    for (const id of ['good', 'bad']) crm.records.set(id, recordOf(id));
    dataverse.refused.add(key('bad'));
    const { id } = await store.runs.create(
      { sourceId: crm.source.id, mode: 'full', isDryRun: false, tables: ['account'], requestedBy: 'cli' },
      nowMs,
    );
    await executeRun(id, dependencies(), never);
    expect((await store.runs.get(id))?.state).toBe('partial');
  });

  const key = (id: string) => `${crm.source.id}~${id}`;
  const sources = () => createSources([crm.source]);
  const dependencies = () => ({
    dataverse,
    locks: createRecordLocks(),
    clock,
    sources: sources(),
    records: store.records,
    runs: store.runs,
    sweeps: store.sweeps,
    jobs: { send: async () => undefined },
    failures: store.failures,
    log: silent,
    adoption: { requireAdopted: async () => undefined },
    sleep: (_ms: number, signal: AbortSignal) => delay(5, undefined, { signal }),
  });
  /** Jobs that are done as soon as they are sent. */
  const jobs = (): Pick<Jobs, 'send'> => ({
    send: async (queue) => {
      if (queue === 'failures') await retryFailures({ sourceId: crm.source.id, table: 'account' }, dependencies(), never);
    },
  });
  const service = () => createFailureService({ sources: sources(), failures: store.failures, jobs: jobs(), clock });
  const open = async () => (await service().list(crm.source.id, { limit: 10 })).records;

  it('is written when somebody asks for another try after mending it, and is no failure any more', async () => {
    expect(await open()).toEqual([expect.objectContaining({ recordId: 'bad', tries: 1, isIgnored: false })]);
    nowMs += 1_000;
    dataverse.refused.clear();
    expect(await service().decide(crm.source.id, { action: 'retry' })).toEqual({ decided: 1 });
    expect(dataverse.rows.get(key('bad'))).toMatchObject({ name: 'bad' });
    expect(await open()).toEqual([]);
    expect(await service().decide(crm.source.id, { action: 'retry' })).toEqual({ decided: 0 });
  });

  it('counts one more try where it fails again', async () => {
    nowMs += 1_000;
    await service().decide(crm.source.id, { action: 'retry', table: 'account', recordIds: ['bad'] });
    expect(await open()).toEqual([expect.objectContaining({ recordId: 'bad', tries: 2, isRetryAsked: false })]);
  });

  it('is tried by itself only where waiting can mend it', async () => {
    const retrier = createRetrier({
      sources: sources(),
      failures: store.failures,
      clock,
      jobs: jobs(),
      sleep: async () => undefined,
      log: silent,
    });
    dataverse.refused.clear();
    nowMs += 60 * 60_000;
    await retrier.look();
    // Its reason is in the record.
    expect(await open()).toHaveLength(1);
    await store.records.commitPage({
      sourceId: crm.source.id,
      table: 'account',
      links: [],
      unchangedIds: [],
      removals: [],
      failures: [{ table: 'account', recordId: 'bad', code: '0x80072321', failureClass: 'transient', reason: 'away' }],
    });
    nowMs += 5 * 60_000;
    await retrier.look();
    expect(await open()).toEqual([]);
    expect(dataverse.rows.has(key('bad'))).toBe(true);
  });

  it('of a source that is no longer configured is left alone', async () => {
    await expect(retryFailures({ sourceId: 'gone', table: 'account' }, dependencies(), never)).resolves.toBeUndefined();
  });

  it('is over when the CRM has deleted it meanwhile', async () => {
    crm.records.delete('bad');
    nowMs += 1_000;
    await service().decide(crm.source.id, { action: 'retry' });
    expect(await open()).toEqual([]);
    expect(dataverse.rows.has(key('bad'))).toBe(false);
  });

  it('can be asked for only by ids of one table, and after a place that was given', async () => {
    const decide = service().decide(crm.source.id, { action: 'retry', recordIds: ['bad'] });
    await expect(decide).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(service().list(crm.source.id, { after: 'lead~1', limit: 1 })).rejects.toMatchObject({ code: 'request.invalid' });
    const page = await service().list(crm.source.id, { limit: 1 });
    expect(page.nextAfter).toBe('account~bad');
    expect((await service().list(crm.source.id, { limit: 1, after: 'account~bad' })).records).toEqual([]);
  });
});
