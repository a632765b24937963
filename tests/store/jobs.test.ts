import { jest } from '@jest/globals';
import { once } from 'node:events';
import type { JobTimings } from '../../api/src/store/jobs/queue-settings.ts';
import type { Store } from '../../api/src/store/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';
import { waitFor } from '../support/wait-for.ts';
import { nextLine, startChild } from './children/child.ts';

/** As quick as pg-boss lets them be. */
const quickTimings: JobTimings = {
  pollSeconds: 0.5,
  heartbeatSeconds: 10,
  superviseSeconds: 1,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
};

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

// Stores are opened and closed again and again: seconds on an idle machine, more on a busy one.
jest.setTimeout(60_000);

describe.each(databaseKinds)('jobs in $name', (kind) => {
  let database: TestDatabase;
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await database.open({ jobTimings: quickTimings });
    stores.push(store);
    await store.jobs.start();
    return store;
  };

  beforeEach(async () => {
    database = await kind.create();
  }, 120_000);
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await database.remove();
  }, 60_000);

  it('a job reaches its worker at once, with its data', async () => {
    const store = await open();
    const taken = Promise.withResolvers<unknown>();
    await store.jobs.work('run', async (data) => taken.resolve(data));
    await store.jobs.work('inbox', async () => taken.reject(new Error('a job of another queue')));
    await store.jobs.send('run', { runId: 'r1' });
    expect(await taken.promise).toEqual({ runId: 'r1' });
  });

  it('while a job waits, a second one with its key is not added; once it runs, one more is, and waits for it', async () => {
    const store = await open();
    await store.jobs.send('inbox', { sourceId: 'a', nth: '1' }, { singletonKey: 'a' });
    await store.jobs.send('inbox', { sourceId: 'a', nth: '2' }, { singletonKey: 'a' });
    await store.jobs.send('inbox', { sourceId: 'b', nth: '3' }, { singletonKey: 'b' });

    const seen: string[] = [];
    let running = 0;
    const [first, both, last] = [gate(), gate(), gate()];
    await store.jobs.work('inbox', async ({ nth = '', sourceId }) => {
      seen.push(nth);
      if (seen.length === 2) both.open();
      if (sourceId === 'b') return;
      running += 1;
      expect(running).toBe(1);
      if (nth === '1') await first.opened;
      running -= 1;
      if (nth === '4') last.open();
    });
    await both.opened;
    await store.jobs.send('inbox', { sourceId: 'a', nth: '4' }, { singletonKey: 'a' });
    await store.jobs.send('inbox', { sourceId: 'a', nth: '5' }, { singletonKey: 'a' });
    first.open();
    await last.opened;
    expect(seen.toSorted()).toEqual(['1', '3', '4']);
  });

  it('a job that fails is tried again, and what went wrong is not stored', async () => {
    const store = await open();
    const done = gate();
    let tries = 0;
    await store.jobs.work('run', async () => {
      tries += 1;
      if (tries === 1) throw new Error('Ana Trujillo has no phone');
      done.open();
    });
    await store.jobs.send('run', { runId: 'again' });
    await done.opened;
    expect(tries).toBe(2);

    for (const one of stores.splice(0)) await one.close();
    const raw = await database.openRaw();
    const { rows } = await raw.query(`select * from ${database.options.schema}_queue.job`);
    await raw.close();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('Trujillo');
  });

  it('a stop waits for the handlers, and an unfinished job is taken by the next process at once', async () => {
    const first = await open();
    const started = gate();
    let isHandlerDone = false;
    await first.jobs.work('run', async (_data, signal) => {
      started.open();
      if (!signal.aborted) await once(signal, 'abort');
      isHandlerDone = true;
    });
    await first.jobs.send('run', { runId: 'long' }, { singletonKey: 'long' });
    await started.opened;
    await first.jobs.stop();
    expect(isHandlerDone).toBe(true);
    await expect(first.jobs.send('run', { runId: 'late' })).rejects.toMatchObject({ code: 'store.unavailable' });
    await first.close();

    const second = await open();
    const taken = Promise.withResolvers<unknown>();
    await second.jobs.work('run', async (data) => taken.resolve(data));
    expect(await taken.promise).toEqual({ runId: 'long' });
  });

  it('the job of a process that was killed comes back', async () => {
    const { databaseUrl, folder, schema } = database.options;
    const child = startChild('take-job.ts', { databaseUrl, folder, schema, jobTimings: quickTimings });
    expect(await nextLine(child)).toBe('taken the run');
    await child.kill();

    const store = await open();
    const taken = Promise.withResolvers<unknown>();
    await store.jobs.work('run', async (data) => taken.resolve(data));
    expect(await taken.promise).toEqual({ runId: 'the run' });
  }, 60_000);

  // The embedded database is nobody else's, who could say that the worker is dead.
  if (kind.isEmbedded) return;

  it('a job that is given out again while this process is at it waits until that is over', async () => {
    const store = await open();
    const [started, released, twice] = [gate(), gate(), gate()];
    let atOnce = 0;
    const seen: number[] = [];
    await store.jobs.work('run', async () => {
      atOnce += 1;
      seen.push(atOnce);
      started.open();
      if (seen.length === 2) twice.open();
      await released.opened;
      atOnce -= 1;
    });
    await store.jobs.send('run', { runId: 'held' }, { singletonKey: 'held' });
    await started.opened;

    const raw = await database.openRaw();
    try {
      const table = `${database.options.schema}_queue.job`;
      await raw.query(`update ${table} set state = 'retry', start_after = now(), heartbeat_on = null where state = 'active'`);
      // The other worker has had it.
      await waitFor(
        async () => (await raw.query<{ output: unknown }>(`select output::text as output from ${table}`)).rows,
        (rows) => rows.some(({ output }) => String(output).includes('in hand')),
      );
      expect(seen).toEqual([1]);
      released.open();
      await twice.opened;
      expect(seen).toEqual([1, 1]);
    } finally {
      released.open();
      await raw.close();
    }
  });
});
