import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceRecord } from '../../../api/src/crm/types.ts';
import { drainInbox } from '../../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from '../../support/databases.ts';
import { click, mend, mended, run, webhook } from '../../support/doors.ts';
import type { HandMadeProcess } from '../../support/hand-made-process.ts';
import { recordOf } from '../../support/ports.ts';
import { createGate } from './support/gate.ts';
import { momentNames, pausesAt, withPauses } from './support/pauses.ts';
import { sceneOfTwoProcesses } from './support/two-processes.ts';

const never = new AbortController().signal;
const recordId = 'r';
const dayMs = 24 * 3_600_000;

/** How the record stood before the late one read it. */
const histories = ['was never synced', 'was synced and has changed', 'was removed and is back'] as const;
/** Who has read the record, and is late with writing it. */
const lateDoors = ['click', 'webhook', 'run', 'mender'] as const;
/** By whom the other process learns meanwhile that the record is gone. */
const news = ['run', 'click', 'webhook', 'privacy deletion'] as const;

type History = (typeof histories)[number];
type LateDoor = (typeof lateDoors)[number];
type News = (typeof news)[number];

const cases = lateDoors.flatMap((late) =>
  // One run of a source at a time.
  news.filter((one) => late !== 'run' || one !== 'run').flatMap((one) => momentNames.map((moment) => ({ late, moment, news: one }))),
);

describe('a record that is deleted in the CRM while one process', () => {
  const { scene, first, second } = sceneOfTwoProcesses('late', {
    sealKeys: [randomBytes(32)],
    openWriteTimings: { refreshEveryMs: 3_600_000, abandonedAfterMs: 50 },
  });

  const runOver = async (process: HandMadeProcess, page: readonly SourceRecord[]): Promise<void> => {
    scene.crm.pages.account = [page];
    await run(process);
  };
  /** What a process that died left noted is read again by this one. */
  const mendAfterDeath = async (process: HandMadeProcess): Promise<void> => {
    await second()
      .records.beginWrite(scene.source.id, 'account', [recordId])
      .then((write) => write.leave());
    await mended(process);
  };
  const enter: Readonly<Record<LateDoor, (process: HandMadeProcess) => Promise<void>>> = {
    click: (process) => click(process, recordId),
    webhook: (process) => webhook(process, recordId),
    run: (process) => runOver(process, [...scene.crm.records.values()]),
    mender: mendAfterDeath,
  };

  const version = (name: string, modifiedOnMs: number): SourceRecord => recordOf(recordId, { modifiedOnMs, fields: { name } });
  const tombstone = recordOf(recordId, { modifiedOnMs: 4_000, isDeleted: true });
  const hear: Readonly<Record<News, (process: HandMadeProcess) => Promise<void>>> = {
    run: (process) => runOver(process, [tombstone]),
    click: (process) => click(process, recordId),
    webhook: (process) => webhook(process, recordId, 'delete'),
    'privacy deletion': (process) => webhook(process, recordId, 'erase'),
  };

  const bringAbout = async (history: History): Promise<void> => {
    const peace = first();
    if (history !== 'was never synced') {
      scene.crm.records.set(recordId, version('first', 1_000));
      await click(peace, recordId);
    }
    if (history === 'was removed and is back') {
      scene.crm.records.delete(recordId);
      await click(peace, recordId);
      expect(scene.dataverse.rows.get(scene.keyOf(recordId))).toMatchObject({ statecode: 1 });
    }
    scene.crm.records.set(recordId, version('second', 3_000));
  };

  it.each(cases)('$late $moment, and the other hears of it by a $news, leaves no row behind', async ({ late, moment, news: told }) => {
    for (const history of histories) {
      scene.begin();
      await bringAbout(history);

      const gate = createGate();
      const entered = enter[late](withPauses(first(), pausesAt[moment](gate.pass)));
      const isOver = entered.then(() => 'over');
      expect(await Promise.race([gate.arrived.then(() => moment), isOver])).toBe(moment);
      scene.crm.records.delete(recordId);
      // By an event of this process the next one has another time than it.
      await delay(2);
      await hear[told](second());
      gate.open();
      await entered;

      // What the mender found gone waits for the next run, and an erasure that could not be made for its next time.
      await runOver(second(), []);
      await drainInbox(scene.source.id, { ...second(), clock: { nowMs: () => systemClock.nowMs() + dayMs } }, never);
      const row = scene.dataverse.rows.get(scene.keyOf(recordId));
      const isThere = row !== undefined && (told === 'privacy deletion' || row['statecode'] !== 1);
      expect({ history, isThere }).toEqual({ history, isThere: false });
      expect(await scene.store.erasures.waiting(scene.source.id)).toBe(0);
      expect(await mend(first())).toBe(0);
    }
  });
});
