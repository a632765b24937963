import { click, mend, run } from '../../support/doors.ts';
import { recordOf, recordsOf } from '../../support/ports.ts';
import { createGate } from './support/gate.ts';
import { withPauses } from './support/pauses.ts';
import { countsOf, seenRun } from './support/runs.ts';
import { sceneOfTwoProcesses } from './support/two-processes.ts';

describe('a row that is being deactivated', () => {
  const { scene, first, second } = sceneOfTwoProcesses('removing');

  const comes = (name: string, modifiedOnMs: number): void =>
    void scene.crm.records.set('r', recordOf('r', { modifiedOnMs, fields: { name } }));
  const row = () => scene.dataverse.rows.get(scene.keyOf('r'));
  const comesBackOnce = (): (() => Promise<void>) => {
    let isBack = false;
    return async () => {
      if (!isBack) comes('back', 2_000);
      isBack = true;
    };
  };
  const deletedAgain = async (): Promise<void> => {
    scene.crm.records.delete('r');
    await click(second(), 'r');
  };

  it('while its record comes back, is active again, with what it came back with', async () => {
    comes('first', 1_000);
    await click(first(), 'r');
    scene.crm.records.delete('r');
    await click(withPauses(first(), { beforeUpdate: comesBackOnce() }), 'r');
    expect(row()).toMatchObject({ name: 'back', statecode: 0 });
  });

  it('while its record comes back and is deleted once more, is not left active, whoever removed it first', async () => {
    comes('first', 1_000);
    await click(first(), 'r');
    scene.crm.records.delete('r');
    const gate = createGate();
    const clicked = click(withPauses(first(), { beforeUpdate: comesBackOnce(), beforeUpsert: gate.pass }), 'r');
    await gate.arrived;
    await deletedAgain();
    gate.open();
    await clicked;
    expect(row()).toMatchObject({ name: 'back', statecode: 1 });
    expect(await scene.store.runs.pendingRemovalCount(scene.source.id, 'account')).toBe(0);
    expect(await mend(second())).toBe(0);
  });

  it.each([
    { then: 'stays', isDeletedAgain: false, expected: { read: 3, written: 2, stale: 1 }, statecode: 0 },
    { then: 'is deleted once more', isDeletedAgain: true, expected: { read: 3, written: 3, stale: 0 }, statecode: 1 },
  ])(
    'by a run, while its record comes back and $then, is counted once, as are the others of its page',
    async ({ isDeletedAgain, expected, statecode }) => {
      comes('first', 1_000);
      const others = recordsOf('other', 2);
      scene.crm.pages.account = [[recordOf('r', { fields: { name: 'first' } }), ...others]];
      await run(first());

      scene.crm.records.delete('r');
      scene.crm.pages.account = [['r', ...others.map(({ id }) => id)].map((id) => recordOf(id, { isDeleted: true, modifiedOnMs: 2_000 }))];
      const isBack = createGate();
      const isRead = createGate();
      const ran = run(withPauses(first(), { beforeUpdate: isBack.pass, beforeUpsert: isRead.pass }));
      await isBack.arrived;
      comes('back', 3_000);
      await click(second(), 'r');
      isBack.open();
      await isRead.arrived;
      if (isDeletedAgain) await deletedAgain();
      isRead.open();

      const done = await seenRun(scene.store.runs, await ran);
      expect(done.state).toBe('succeeded');
      expect(countsOf(done, 'account')).toMatchObject({ ...expected, unchanged: 0, withheld: 0, failed: 0 });
      expect(row()).toMatchObject({ name: 'back', statecode });
      expect(await scene.store.runs.pendingRemovalCount(scene.source.id, 'account')).toBe(0);
    },
  );

  it('by a run, is counted once, as are those that another door found gone before, one of them refused', async () => {
    const ids = ['r', 'found', 'refused'];
    scene.crm.pages.account = [ids.map((id) => recordOf(id))];
    await run(first());
    const { source, store } = scene;
    for (const recordId of ['found', 'refused']) {
      await store.records.commitPage({
        sourceId: source.id,
        table: 'account',
        links: [],
        unchangedIds: [],
        failures: [],
        removals: [recordId],
      });
    }
    scene.dataverse.refused.add(scene.keyOf('refused'));
    // What the run finds is one of three: the other two it takes up, one of them in a step of its own.
    scene.crm.pages.account = [[recordOf('r', { isDeleted: true, modifiedOnMs: 2_000 })]];
    const done = await seenRun(store.runs, await run(first()));
    expect(countsOf(done, 'account')).toMatchObject({ read: 3, written: 2, failed: 1, unchanged: 0, stale: 0, withheld: 0 });
  });
});
