import { setTimeout as delay } from 'node:timers/promises';
import type { SourceRecord } from '../../../api/src/crm/types.ts';
import { click, run, webhook } from '../../support/doors.ts';
import { recordOf } from '../../support/ports.ts';
import { createRandom, permutationsOf } from '../../support/random.ts';
import { withPauses } from './support/pauses.ts';
import { sceneOfTwoProcesses } from './support/two-processes.ts';

const recordId = 'r';
/** Each plays all orders once more, with other doors, processes and commits; a test plays one. */
const rounds = Number(process.env['CRM_SYNC_LANE_ROUNDS'] ?? 1);

type Event = 'create' | 'update' | 'delete' | 'restore';
/** As a CRM can have them: nothing is updated that is not there. */
const histories: readonly (readonly Event[])[] = [
  ['create', 'update', 'update', 'delete', 'restore'],
  ['create', 'update', 'delete', 'restore', 'update'],
  ['create', 'delete', 'restore', 'update', 'update'],
  ['create', 'delete', 'restore', 'delete', 'restore'],
  ['create', 'delete', 'restore', 'update', 'delete'],
];
/** How exactly the CRM says when a record changed. */
const versionings = [
  { name: 'exact', version: (position: number) => 1_000 + position, everyOrder: 1 },
  { name: 'the same second for all', version: () => 1_000, everyOrder: 8 },
  { name: 'none', version: () => null, everyOrder: 8 },
] as const;
const doors = ['click', 'webhook', 'run'] as const;

interface Gate {
  readonly rank: number;
  readonly open: () => void;
}

describe('one record in two processes', () => {
  const { scene, first, second } = sceneOfTwoProcesses('lane');

  /**
   * Each event has a door in one of two processes, which looks at the CRM when it happens. Their writes land in the order of `landing`,
   * as far as they are under way together; their commits in an order of chance.
   */
  const play = async (
    history: readonly Event[],
    landing: readonly number[],
    version: (position: number) => number | null,
    seed: number,
  ) => {
    scene.begin();
    const { crm, dataverse } = scene;
    const random = createRandom(seed);

    const writes: Gate[] = [];
    const commits: Gate[] = [];
    const pass = (gates: Gate[], rank: number): Promise<void> => new Promise((open) => gates.push({ rank, open }));
    const processes = [first(), second()] as const;
    const aProcess = (rank: number) => {
      const write = () => pass(writes, rank);
      const process = processes[random.below(2)] ?? processes[0];
      return withPauses(process, { beforeUpsert: write, beforeUpdate: write, beforeCommit: () => pass(commits, rank) });
    };

    /** What a list gives is what the CRM has when it is asked. */
    let newest = recordOf(recordId);
    const page: SourceRecord[] = [];
    crm.pages.account = [page];
    crm.beforePage = () => void page.splice(0, 1, newest);

    const happens = (event: Event, position: number): void => {
      const record = recordOf(recordId, { modifiedOnMs: version(position), fields: { name: `version ${position}` } });
      if (event === 'delete') crm.records.delete(recordId);
      else crm.records.set(recordId, record);
      newest = event === 'delete' ? { ...record, isDeleted: true } : record;
    };

    let hasRun = false;
    const enter = async (position: number): Promise<void> => {
      const process = aProcess(landing[position] ?? 0);
      // One run of a source at a time: the second would wait for the first.
      const door = hasRun ? (doors[random.below(2)] ?? 'click') : (doors[random.below(3)] ?? 'click');
      if (door === 'run') {
        hasRun = true;
        await run(process);
      } else if (door === 'webhook') await webhook(process, recordId);
      else await click(process, recordId);
    };

    /** By the order in which they are to land. */
    const underWay = new Set<number>();
    const failures: unknown[] = [];
    const started: Promise<void>[] = [];
    /** Until nobody comes to a gate any more: what is under way together is then known. */
    const settled = async (): Promise<void> => {
      for (let before = -1; before !== writes.length + commits.length; ) {
        before = writes.length + commits.length;
        await delay(4);
      }
    };
    const openOne = async (patience = 6): Promise<void> => {
      await settled();
      const [lowest] = writes.toSorted((left, right) => left.rank - right.rank);
      // A write waits for those that are to land before it, unless they cannot come: then it is what they wait for.
      const isItsTurn = lowest !== undefined && [...underWay].every((rank) => rank >= lowest.rank);
      if (commits.length === 0 && !isItsTurn && patience > 0) return openOne(patience - 1);
      const gates = commits.length === 0 || (isItsTurn && random.below(2) === 0) ? writes : commits;
      const next = gates === writes ? lowest : gates[random.below(gates.length)];
      if (next === undefined) return;
      gates.splice(gates.indexOf(next), 1);
      next.open();
    };
    for (const [position, event] of history.entries()) {
      happens(event, position);
      const rank = landing[position] ?? 0;
      underWay.add(rank);
      started.push(
        enter(position)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => underWay.delete(rank)),
      );
      // Some doors are through before the next event, some are not.
      for (let turns = random.below(3) === 0 ? random.below(8) : 0; turns > 0; turns -= 1) await openOne();
    }
    while (underWay.size > 0) await openOne();
    await Promise.all(started);
    expect(failures).toEqual([]);
    return { crm, row: dataverse.rows.get(scene.keyOf(recordId)) };
  };

  const isActive = (row: Record<string, unknown> | undefined): boolean => row !== undefined && row['statecode'] !== 1;

  it.each(versionings)(
    'ends in the newest state, in whatever order five events arrive through click, run and webhook (versions: $name)',
    async ({ version, everyOrder }) => {
      const orders = permutationsOf([0, 1, 2, 3, 4]);
      for (let seed = 1; seed <= rounds * orders.length; seed += 1) {
        const number = (seed - 1) % orders.length;
        const landing = orders[number] ?? [];
        if (number % everyOrder !== 0) continue;
        // Another history for each order in another round.
        const history = histories[(number + Math.floor((seed - 1) / orders.length)) % histories.length] ?? [];
        const { crm, row } = await play(history, landing, version, seed);
        const newest = crm.records.get(recordId);
        const scenario = `history ${history.join(' ')}, landing ${landing.join(' ')}, seed ${seed}`;
        expect([scenario, isActive(row), row?.['name']]).toEqual([
          scenario,
          newest !== undefined,
          newest === undefined ? row?.['name'] : newest.fields.name,
        ]);
      }
    },
    rounds * 120_000,
  );
});
