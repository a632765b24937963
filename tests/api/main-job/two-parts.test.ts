import type { SourceRecord } from '../../../api/src/crm/types.ts';
import { executePartition } from '../../../api/src/runs/execute-partition.ts';
import { executeRun } from '../../../api/src/runs/execute-run.ts';
import { createRun, run as runOver } from '../../support/doors.ts';
import type { HandMadeProcess } from '../../support/hand-made-process.ts';
import { recordOf } from '../../support/ports.ts';
import { createGate } from './support/gate.ts';
import { momentNames, pausesAt, withPauses } from './support/pauses.ts';
import { sceneOfTwoProcesses } from './support/two-processes.ts';

const never = new AbortController().signal;
const recordId = 'r';

/** How exactly the CRM says when a record changed. */
const versionings = [
  { versions: 'exact', versionOf: (position: number) => 1_000 + position },
  { versions: 'the same second for all', versionOf: () => 1_000 },
  { versions: 'none', versionOf: () => null },
] as const;
const late = ['older', 'newer'] as const;
/** What the record is when the second part reads it. */
const fates = ['changed', 'deleted'] as const;

const everyCase = versionings.flatMap((versioning) =>
  late.flatMap((isLate) => fates.flatMap((fate) => momentNames.map((moment) => ({ ...versioning, late: isLate, fate, moment })))),
);

describe('a record that moves while a run is read in parts, so that two parts give it', () => {
  const { scene, first, second } = sceneOfTwoProcesses('parts');

  const isActive = (): boolean => {
    const row = scene.dataverse.rows.get(scene.keyOf(recordId));
    return row !== undefined && row['statecode'] !== 1;
  };

  /** Part 0 read the record as it was, part 1 as it is. One of them stops on its way until the other one is through. */
  const play = async (
    { versionOf, late: lateOne, fate, moment }: Pick<(typeof everyCase)[number], 'versionOf' | 'late' | 'fate' | 'moment'>,
    processes: readonly [HandMadeProcess, HandMadeProcess],
  ) => {
    const before: SourceRecord = recordOf(recordId, { modifiedOnMs: versionOf(1), fields: { name: 'as it was' } });
    const now: SourceRecord = recordOf(recordId, { modifiedOnMs: versionOf(2), fields: { name: 'as it is' } });
    scene.crm.slices.account = [[[before]], [[fate === 'deleted' ? { ...now, isDeleted: true } : now]]];
    if (fate === 'changed') scene.crm.records.set(recordId, now);

    const gate = createGate();
    const [plain, other] = processes;
    const runId = await createRun(plain, 'full', ['account']);
    await executeRun(runId, plain, never);
    const parts = lateOne === 'older' ? ([0, 1] as const) : ([1, 0] as const);
    const lateJob = executePartition({ runId, table: 'account', part: parts[0] }, withPauses(plain, pausesAt[moment](gate.pass)), never);
    const isPaused = await Promise.race([gate.arrived.then(() => true), lateJob.then(() => false)]);
    await executePartition({ runId, table: 'account', part: parts[1] }, other, never);
    gate.open();
    await lateJob;
    await executeRun(runId, other, never);
    return { isPaused, run: await scene.store.runs.get(runId) };
  };

  it.each(everyCase)(
    'is as it is now, at the latest with the next changes when it is gone: the $late part $moment and is late, it was $fate (versions: $versions)',
    async ({ fate, versionOf, ...scenario }) => {
      const { run } = await play({ fate, versionOf, ...scenario }, [first(), second()]);
      expect(run?.state).toBe('succeeded');
      if (fate === 'changed') expect(scene.dataverse.rows.get(scene.keyOf(recordId))?.['name']).toBe('as it is');
      // It went after the run had begun, so the next one is told of it, too.
      scene.crm.slices = {};
      scene.crm.pages.account = [fate === 'deleted' ? [recordOf(recordId, { modifiedOnMs: versionOf(2), isDeleted: true })] : []];
      await runOver(first());
      expect(isActive()).toBe(fate === 'changed');
    },
  );

  it.each(late)('is as it is now also when both parts are one process’s, and the %s is late', async (lateOne) => {
    const process = first();
    const { isPaused } = await play({ versionOf: () => null, late: lateOne, fate: 'changed', moment: 'has read the record' }, [
      process,
      process,
    ]);
    expect(isPaused).toBe(true);
    expect(scene.dataverse.rows.get(scene.keyOf(recordId))?.['name']).toBe('as it is');
  });
});
