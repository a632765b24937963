import { jest } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../api/src/store/database/embedded-database.ts';
import { lockFolder } from '../../api/src/store/database/folder-lock.ts';
import { processStart, thisHost } from '../../api/src/store/database/process-identity.ts';
import { embedded, systemClock, type TestDatabase } from '../support/databases.ts';
import { nextLine, startChild } from './children/child.ts';
import { sourceId } from './samples.ts';

// Each of these starts databases and processes: seconds on an idle machine, more on a busy one.
jest.setTimeout(60_000);

describe('the folder of the embedded database', () => {
  let database: TestDatabase;
  const folder = (): string => database.options.folder ?? '';

  beforeEach(async () => {
    database = await embedded.create();
  }, 120_000);
  afterEach(async () => {
    await database.remove();
  });

  it('is refused to a second process, with words that say who has it and how to reach it', async () => {
    const child = startChild('hold-store.ts', { folder: folder(), addressForOthers: 'http://127.0.0.1:4500' });
    expect(await nextLine(child)).toBe('open');
    const refused = await database.open().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'store.in_use',
      message: `The store folder ${folder()} is in use by process ${child.process.pid}`,
      help: 'Stop that process, or reach it with --api http://127.0.0.1:4500.',
    });

    child.process.stdin?.end();
    await once(child.process, 'exit');
    const store = await database.open();
    await store.ping();
    await store.close();
    expect(existsSync(join(folder(), 'in-use.json'))).toBe(false);
  }, 60_000);

  it('is refused to a second store in the same process', async () => {
    const store = await database.open();
    await expect(database.open()).rejects.toMatchObject({ code: 'store.in_use' });
    await store.ping();
    await store.close();
  });

  it('survives kill -9 in mid-write: what was acknowledged is there, whole, and nothing else', async () => {
    let acknowledged = -1;
    for (const linesToWaitFor of [3, 25, 60]) {
      const child = startChild('write-pages.ts', { folder: folder() });
      for (let line = 0; line < linesToWaitFor; line += 1) acknowledged = Number(await nextLine(child));
      await child.kill();

      const store = await database.open();
      const [run] = await store.runs.list({ limit: 1, sourceId });
      const partition = run?.partitions[0];
      const committed = Number(partition?.cursor) + 1;
      // The page in flight may have been committed without its word having reached us.
      expect(committed).toBeGreaterThan(acknowledged);
      expect(partition?.counts).toMatchObject({ read: committed * 100, written: committed * 100 });
      expect(await store.runs.linkedCount(sourceId, 'contact')).toBe(committed * 100);
      await store.close();
    }
  }, 120_000);

  it('is not left half made when the first start is killed', async () => {
    await rm(folder(), { recursive: true });
    const child = startChild('hold-store.ts', { folder: folder() });
    while (!existsSync(join(folder(), 'postgres.unfinished', 'base'))) await new Promise(setImmediate);
    await child.kill();
    expect(existsSync(join(folder(), 'postgres'))).toBe(false);
    const store = await database.open();
    await store.ping();
    await store.close();
  }, 120_000);

  it('whose files are broken gives an error, to every caller, and is free again', async () => {
    await rm(join(folder(), 'postgres', 'global'), { recursive: true });
    await expect(database.open()).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(existsSync(join(folder(), 'in-use.json'))).toBe(false);
  }, 60_000);

  it('whose database no longer answers fails every caller, and is free again', async () => {
    const stuck = await openEmbeddedDatabase({ folder: folder(), clock: systemClock, answerTimeoutMs: 2_000 });
    const outcomes = await Promise.allSettled([
      stuck.query('select count(*) from generate_series(1, 1000000000000)'),
      stuck.query('select 1'),
      stuck.transaction((sql) => sql.query('select 1')),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable' } });
    await stuck.close();
    const store = await database.open();
    await store.ping();
    await store.close();
  }, 60_000);

  it('on a disk that is nearly full gives an error that says so, before anything is begun', async () => {
    const noDiskHasThis = Number.MAX_SAFE_INTEGER;
    await expect(openEmbeddedDatabase({ folder: folder(), clock: systemClock, roomToBeginBytes: noDiskHasThis })).rejects.toMatchObject({
      code: 'store.disk_full',
      message: `There is no space left for the store in ${folder()}`,
    });
  });

  it('cannot be one that cannot be made', async () => {
    await writeFile(join(folder(), 'a file'), '');
    await expect(database.open({ folder: join(folder(), 'a file', 'store') })).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('the lock of a folder', () => {
  let folder: string;
  const lock = () => lockFolder({ folder, address: null, clock: systemClock });
  const holder = { token: 'another', host: thisHost(), pid: process.pid, start: processStart(process.pid), address: null };
  const writeHolder = (more: Partial<typeof holder>) => writeFile(join(folder, 'in-use.json'), JSON.stringify({ ...holder, ...more }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crm-sync-lock-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('goes to one of many that ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, lock));
    const locks = results.filter((result) => result.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    locks[0]?.value.release();
    (await lock()).release();
  });

  it('is taken over from a process that is gone, even when its id is in use again', async () => {
    await writeHolder({ start: 'another start' });
    (await lock()).release();
    await writeHolder({ pid: 2 ** 22 + 1, start: '1' });
    (await lock()).release();
    await writeFile(join(folder, 'in-use.json'), '{"tok');
    (await lock()).release();
  });

  it('of a process on another machine holds while it shows that it lives', async () => {
    await writeHolder({ host: 'other-container some-boot', pid: 1, start: '1' });
    await expect(lock()).rejects.toMatchObject({ code: 'store.in_use', details: { process: '1 on other-container' } });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, 'in-use.json'), longAgo, longAgo);
    (await lock()).release();
  });

  it('is not removed by one who has lost it', async () => {
    const lost = await lock();
    await writeHolder({});
    lost.release();
    expect(JSON.parse(await readFile(join(folder, 'in-use.json'), 'utf8'))).toMatchObject({ token: 'another' });
  });

  it('can be read by its owner alone', async () => {
    const held = await lock();
    expect((await stat(join(folder, 'in-use.json'))).mode & 0o077).toBe(0);
    held.release();
  });
});
