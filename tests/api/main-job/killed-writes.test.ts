import { click, mend, mended, run } from '../../support/doors.ts';
import { recordOf } from '../../support/ports.ts';
import { withPauses } from './support/pauses.ts';
import { seenRun } from './support/runs.ts';
import { sceneOfTwoProcesses } from './support/two-processes.ts';

/** It hangs there for ever: nothing of it happens any more. `died` resolves when it has come so far. */
const killing = () => {
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const hang = (): Promise<never> => {
    resolve();
    return new Promise(() => undefined);
  };
  return { died, hang };
};

describe('a process that dies between a write and its record', () => {
  /** A write is taken for abandoned as soon as this has passed. */
  const openWriteTimings = { refreshEveryMs: 3_600_000, abandonedAfterMs: 300 };
  const { scene, first, second } = sceneOfTwoProcesses('killed', { openWriteTimings });

  const becomes = (name: string, modifiedOnMs: number): void =>
    void scene.crm.records.set('r', recordOf('r', { modifiedOnMs, fields: { name } }));
  const row = () => scene.dataverse.rows.get(scene.keyOf('r'));

  it('after another wrote something newer, does not leave the older row behind', async () => {
    becomes('older', 1_000);
    const { died, hang } = killing();
    // It read the older version, and its request lands after the other's.
    const beforeUpsert = async () => {
      becomes('newer', 2_000);
      await click(second(), 'r');
    };
    void click(withPauses(first(), { beforeUpsert, beforeCommit: hang }), 'r');
    await died;
    expect(row()).toMatchObject({ name: 'older' });
    await mended(second());
    expect(row()).toMatchObject({ name: 'newer' });
    expect(await mend(second())).toBe(0);
  });

  it('and whose record is deleted meanwhile, leaves no row that nobody knows of: the next run removes it and counts it', async () => {
    becomes('made', 1_000);
    const { died, hang } = killing();
    void click(withPauses(first(), { beforeCommit: hang }), 'r');
    await died;
    scene.crm.records.delete('r');
    scene.crm.pages.account = [[recordOf('r', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const done = await seenRun(scene.store.runs, await run(second()));
    expect(row()).toMatchObject({ statecode: 1 });
    expect(done.state).toBe('succeeded');
    expect(done.partitions[0]?.counts).toMatchObject({ read: 1, written: 1, withheld: 0 });
  });

  it('is mended before its time by no run, and its row is removed also where the deletion was read before', async () => {
    becomes('made', 1_000);
    const { died, hang } = killing();
    void click(withPauses(first(), { beforeCommit: hang }), 'r');
    await died;
    scene.crm.records.delete('r');
    await mended(second());
    // A page that says the same is no reason to forget the removal that waits.
    scene.crm.pages.account = [[recordOf('r', { isDeleted: true, modifiedOnMs: 2_000 })]];
    await run(second());
    expect(row()).toMatchObject({ statecode: 1 });
  });

  it('in a removal, of a record that came back, does not leave its row inactive', async () => {
    becomes('there', 1_000);
    await click(second(), 'r');
    const { died, hang } = killing();
    const beforeUpdate = async () => {
      becomes('back', 3_000);
      await click(second(), 'r');
    };
    const dying = withPauses(first(), { beforeUpdate });
    scene.crm.records.delete('r');
    void click({ ...dying, runs: { ...dying.runs, settleRemovals: hang } }, 'r');
    await died;
    expect(row()).toMatchObject({ statecode: 1 });
    await mended(second());
    expect(row()).toMatchObject({ statecode: 0, name: 'back' });
  });

  it('is no matter where it lives after all: of two that write, the newest stays', async () => {
    becomes('older', 1_000);
    let isFirst = true;
    const beforeCommit = async () => {
      if (!isFirst) return;
      isFirst = false;
      becomes('newer', 2_000);
      await mended(second());
    };
    await click(withPauses(first(), { beforeCommit }), 'r');
    expect(row()).toMatchObject({ name: 'newer' });
  });

  it('and the deletion of a record that another is just making is not taken for one without a row', async () => {
    becomes('made', 1_000);
    const beforeUpsert = async () => {
      scene.crm.records.delete('r');
      await click(second(), 'r');
    };
    await click(withPauses(first(), { beforeUpsert }), 'r');
    expect(row()).toMatchObject({ statecode: 1 });
  });
});
