import { nextRetryOnMs, retryDelays } from '../../api/src/runs/failures/retry-delays.ts';
import type { FailedRecord } from '../../api/src/store/records/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { failureOf, linkOf, pageOf } from './samples.ts';

const minuteMs = 60_000;

describe.each(databaseKinds)('failed records in $name', (kind) => {
  let database: TestDatabase;
  let store: Store;
  let sourceNumber = 0;
  let sourceId = '';
  let nowMs = 1_000_000;

  beforeAll(async () => {
    database = await kind.create();
    store = await database.open({ clock: { nowMs: () => nowMs } });
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await database.remove();
  });
  beforeEach(() => {
    sourceNumber += 1;
    sourceId = `source-${sourceNumber}`;
  });

  const fail = (recordId: string, more: Partial<FailedRecord> = {}) =>
    store.records.commitPage({ ...pageOf({ failures: [failureOf(recordId, more)] }), sourceId });
  const succeed = (recordId: string) => store.records.commitPage({ ...pageOf({ links: [linkOf(recordId)] }), sourceId });
  const due = (afterMs = 0, afterId = '') =>
    store.failures.due(sourceId, 'contact', { delays: retryDelays, nowMs: nowMs + afterMs, afterId, limit: 10 });
  const list = (filter: Parameters<Store['failures']['list']>[1] extends infer Query ? Partial<Query> : never = {}) =>
    store.failures.list(sourceId, { after: null, limit: 10, ...filter });

  it('what passes by itself is tried again after a minute, then later and later, and what is wrong with the record is not', async () => {
    await fail('away', { failureClass: 'transient', code: '0x80072321' });
    await fail('wrong', { failureClass: 'data' });
    expect(await due(minuteMs - 1)).toEqual([]);
    expect(await due(minuteMs)).toEqual(['away']);
    await fail('away', { failureClass: 'transient', code: '0x80072321' });
    expect(await due(minuteMs)).toEqual([]);
    expect(await due(5 * minuteMs)).toEqual(['away']);
    const [away] = await list({ code: '0x80072321' });
    expect(away === undefined ? null : nextRetryOnMs(away)).toBe(nowMs + 5 * minuteMs);
    expect(await due(365 * 24 * 60 * minuteMs)).toEqual(['away']);
    expect(nextRetryOnMs({ failureClass: 'data', tries: 1, lastSeenOnMs: 0 })).toBeNull();
  });

  it('a record that fails for ever is left in peace in the end', async () => {
    const pauses = retryDelays.filter(({ failureClass }) => failureClass === 'plugin').length;
    for (let tries = 0; tries <= pauses; tries += 1) await fail('plug-in', { failureClass: 'plugin' });
    expect(await due(365 * 24 * 60 * minuteMs)).toEqual([]);
    expect(await list()).toEqual([expect.objectContaining({ recordId: 'plug-in', tries: pauses + 1 })]);
  });

  it('a person has a record tried at once, until it has been tried', async () => {
    await fail('wrong');
    await fail('also wrong');
    expect(await store.failures.askForRetry(sourceId, { table: 'contact', recordIds: ['wrong', 'no such'] }, nowMs)).toBe(1);
    expect(await due()).toEqual(['wrong']);
    expect(await list()).toMatchObject([
      { recordId: 'also wrong', isRetryAsked: false },
      { recordId: 'wrong', isRetryAsked: true },
    ]);
    nowMs += 1;
    await fail('wrong');
    expect(await due()).toEqual([]);
    expect(await store.failures.askForRetry(sourceId, {}, nowMs)).toBe(2);
    expect(await due(0, 'also wrong')).toEqual(['wrong']);
    await succeed('wrong');
    expect((await list()).map(({ recordId }) => recordId)).toEqual(['also wrong']);
  });

  it('an ignored one is not tried, and is open again when somebody asks for it', async () => {
    await fail('a', { failureClass: 'transient' });
    expect(await store.failures.ignore(sourceId, { code: failureOf('a').code })).toBe(1);
    expect(await due(60 * minuteMs)).toEqual([]);
    await fail('a', { failureClass: 'transient' });
    expect(await store.failures.groups(sourceId)).toEqual([expect.objectContaining({ isIgnored: true, count: 1 })]);
    expect(await list({ isIgnored: false })).toEqual([]);
    expect(await store.failures.askForRetry(sourceId, {}, nowMs)).toBe(1);
    expect(await list({ isIgnored: false })).toHaveLength(1);
  });

  it('are listed page by page in both tables, and counted by reason, the most frequent first', async () => {
    for (const id of ['c1', 'c2', 'c3']) await fail(id);
    await fail('c4', { code: '0x80040217' });
    await store.records.commitPage({ ...pageOf({ failures: [failureOf('a1', { table: 'account' })] }), sourceId, table: 'account' });
    const first = await list({ limit: 2 });
    expect(first.map(({ table, recordId }) => `${table} ${recordId}`)).toEqual(['account a1', 'contact c1']);
    expect((await list({ after: { table: 'contact', recordId: 'c1' } })).map(({ recordId }) => recordId)).toEqual(['c2', 'c3', 'c4']);
    expect((await store.failures.groups(sourceId)).map(({ table, count }) => [table, count])).toEqual([
      ['contact', 3],
      ['account', 1],
      ['contact', 1],
    ]);
  });

  it('keep a note, and one that has no id cannot be tried', async () => {
    await fail('record 3 of page 2', { code: 'record.unreadable', failureClass: 'crm' });
    expect(await store.failures.annotate(sourceId, {}, 'asked the CRM’s people')).toBe(1);
    await store.failures.askForRetry(sourceId, {}, nowMs);
    expect(await due(365 * 24 * 60 * minuteMs)).toEqual([]);
    expect(await list()).toMatchObject([{ note: 'asked the CRM’s people' }]);
    await store.failures.annotate(sourceId, {}, null);
    expect(await list()).toMatchObject([{ note: null }]);
  });
});
