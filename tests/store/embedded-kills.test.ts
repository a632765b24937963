import { jest } from '@jest/globals';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../api/src/store/open-store.ts';
import { newStoreFolder, systemClock } from '../support/databases.ts';
import { createRandom } from '../support/random.ts';
import { type Child, nextLine, startChild } from './children/child.ts';
import { sourceId } from './samples.ts';

/** `CRM_SYNC_STORE_KILLS=100`: so many moments. Each costs a second of computing: opening a database. */
const kills = Number(process.env['CRM_SYNC_STORE_KILLS'] ?? '3');
const linksPerRound = 40;

jest.setTimeout(120_000 + kills * 20_000);

describe('the embedded database of a process that is killed in mid-write', () => {
  let folder: string;
  let child: Child;

  beforeAll(async () => {
    folder = await newStoreFolder();
    child = startChild('write-everything.ts', { folder });
  });
  afterAll(async () => {
    child.process.kill('SIGCONT');
    await child.kill();
    await rm(folder, { recursive: true });
  });

  /**
   * What SIGKILL would leave at this moment: the files as the system has them while the process, stopped in the middle of whatever it was
   * doing, does nothing more to them. Its lock is left out, as nobody holds that of a dead process.
   */
  const filesOfThisMoment = async (): Promise<string> => {
    const copy = await mkdtemp(join(tmpdir(), 'crm-sync-killed-'));
    child.process.kill('SIGSTOP');
    await cp(folder, copy, { recursive: true });
    child.process.kill('SIGCONT');
    await rm(join(copy, 'in-use.json'));
    return copy;
  };

  it(`opens at ${kills} moments of chance, with all that was acknowledged, every table whole`, async () => {
    const random = createRandom(5);
    let acknowledged = -1;
    for (let kill = 0; kill < kills; kill += 1) {
      for (let rounds = 1 + random.below(6); rounds > 0; rounds -= 1) acknowledged = Number(await nextLine(child));
      // Then somewhere within a round.
      await new Promise((resolve) => setTimeout(resolve, random.below(25)));
      const copy = await filesOfThisMoment();
      const store = await openStore({ folder: copy, clock: systemClock });
      try {
        const [run] = await store.runs.list({ limit: 1, sourceId });
        const partition = run?.partitions[0];
        const rounds = Number(partition?.cursor) + 1;
        const [[failed], removals, links, deliveries, watermark, open] = [
          await store.failures.groups(sourceId),
          await store.runs.pendingRemovalCount(sourceId, 'contact'),
          await store.runs.linkedCount(sourceId, 'contact'),
          await store.inbox.pending(sourceId, 100_000),
          await store.runs.watermark(sourceId, 'contact'),
          await store.records.openElsewhere(
            sourceId,
            'contact',
            Array.from({ length: rounds }, (_, round) => `${round}-0`),
          ),
        ];
        expect([kill, rounds > acknowledged]).toEqual([kill, true]);
        // A page is there with all that belongs to it, or not at all.
        expect(partition?.counts).toMatchObject({ read: rounds * (linksPerRound + 2), written: rounds * linksPerRound, failed: rounds });
        expect({ links, failures: failed?.count, removals }).toEqual({ links: rounds * linksPerRound, failures: rounds, removals: rounds });
        expect(open.size).toBe(0);
        // What was acknowledged after the page.
        expect(deliveries.length).toBeGreaterThan(acknowledged);
        expect(watermark?.readUpToMs).toBeGreaterThanOrEqual(acknowledged);
      } finally {
        await store.close();
        await rm(copy, { recursive: true });
      }
    }
  });
});
