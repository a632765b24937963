import type { WriteOptions } from '../../../api/src/dataverse/types.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import type { SourceWriting } from '../../../api/src/sync/types.ts';
import { makeCrm, makeDataverse, makeRecordStore, recordOf } from '../../support/ports.ts';

const never = new AbortController().signal;
const clock = { nowMs: () => 1_000 };

/** A source with one account, written with these settings; each run reads what `fields` says by then. */
const openSource = async (writing: SourceWriting) => {
  const crm = makeCrm('crm', clock.nowMs);
  const dataverse = makeDataverse();
  const seen: WriteOptions[] = [];
  const watched = {
    ...dataverse,
    upsert: (...args: Parameters<typeof dataverse.upsert>) => {
      seen.push(args[2]);
      return dataverse.upsert(...args);
    },
    findTeam: async (nameOrId: string) => `id of ${nameOrId}`,
  };
  const dependencies = { dataverse: watched, records: makeRecordStore(), locks: createRecordLocks(), clock };
  const run = async (name: string): Promise<void> => {
    const sync = await openTableSync({ ...crm.source, writing }, 'account', dependencies, never);
    crm.pages.account = [[recordOf('a', { fields: { name } })]];
    const options = { signal: never, lane: 'bulk', runId: null, isDryRun: false } as const;
    for await (const page of syncRecords(sync, { kind: 'all', resumeFrom: null }, options)) expect(page.counts.failed).toBe(0);
  };
  const ownerOf = () => dataverse.rows.get('crm~a')?.['ownerid@odata.bind'];
  return { dataverse, run, ownerOf, seen };
};

const reassign = (rows: Map<string, Record<string, unknown>>): void => {
  rows.set('crm~a', { ...rows.get('crm~a'), 'ownerid@odata.bind': '/systemusers(somebody)' });
};

describe('the owner of a source’s rows', () => {
  it('is Dataverse’s own choice when nothing is configured', async () => {
    const { run, ownerOf } = await openSource({});
    await run('x');
    expect(ownerOf()).toBeUndefined();
  });

  it('is given to a row when it is made; who assigns it to a person later keeps that', async () => {
    const { run, ownerOf, dataverse } = await openSource({ owner: { team: 'Service', assign: 'created' } });
    await run('x');
    expect(ownerOf()).toBe('/teams(id of Service)');
    reassign(dataverse.rows);
    await run('y');
    expect(dataverse.rows.get('crm~a')?.name).toBe('y');
    expect(ownerOf()).toBe('/systemusers(somebody)');
  });

  it('is left alone on a row that was there before we knew of it, as after a lost store', async () => {
    const { run, ownerOf, dataverse } = await openSource({ owner: { team: 'Service', assign: 'created' } });
    dataverse.rows.set('crm~a', { name: 'before', ccsync_sourcekey: 'crm~a' });
    await run('x');
    expect(dataverse.rows.get('crm~a')?.name).toBe('x');
    expect(ownerOf()).toBeUndefined();
  });

  it('is given back with every write when that is asked for', async () => {
    const { run, ownerOf, dataverse } = await openSource({ owner: { team: 'Service', assign: 'always' } });
    await run('x');
    reassign(dataverse.rows);
    await run('y');
    expect(ownerOf()).toBe('/teams(id of Service)');
  });
});

it('a source’s switches go with each of its writes', async () => {
  const { run, seen } = await openSource({ bypassCustomLogic: 'sync', suppressFlows: true });
  await run('x');
  expect(seen).toEqual([expect.objectContaining({ lane: 'bulk', bypassCustomLogic: 'sync', suppressFlows: true })]);
});
