import type { Verdict, VerifyItem } from '../../store/verify/types.ts';
import { applyRemovals } from '../../sync/apply-removals.ts';
import type { TableSync } from '../../sync/types.ts';
import { isStray } from '../../sync/verify/judge-stray.ts';
import { giveKeys, repairRecords, retireRows } from '../../sync/verify/repair.ts';
import { isWithheld } from '../removal-guard.ts';
import { type VerifyContext, stepOf } from './context.ts';

const itemsPerPage = 100;

type Work = (items: readonly VerifyItem[]) => Promise<void>;

/**
 * Repairs what was found, page by page, and marks it as to be looked at again: whether it is right now is seen, not believed. Marked
 * items drop out, so that a repair that is interrupted goes on where it stood, and repeats one page at most.
 */
const repairAll = async (context: VerifyContext, wanted: readonly Verdict[], work: Work): Promise<void> => {
  const { verify, place } = context;
  let afterKey = '';
  for (;;) {
    const items = await verify.settledItems(place, wanted, afterKey, itemsPerPage);
    const last = items.at(-1);
    if (last === undefined) return;
    afterKey = last.key;
    await work(items);
    await verify.save(stepOf(context, 'repair', { items: items.map((item) => ({ ...item, isSettled: false })), isAfterRepair: true }));
    context.throwIfAsked();
  }
};

const idsOf = (items: readonly VerifyItem[]): readonly string[] =>
  items.flatMap((item) => (item.recordId === null || isStray(item) ? [] : [item.recordId]));

/** Notes the removals as a page does that finds a record deleted; they wait until it is known how many there are. */
const noteRemovals = async (sync: TableSync, { verify, place }: VerifyContext): Promise<void> => {
  let afterKey = '';
  for (;;) {
    const items = await verify.settledItems(place, ['orphaned'], afterKey, itemsPerPage);
    const last = items.at(-1);
    if (last === undefined) return;
    afterKey = last.key;
    const { sourceId, table } = sync;
    await sync.records.commitPage({ sourceId, table, links: [], unchangedIds: [], failures: [], removals: idsOf(items) });
  }
};

/** Orphaned rows go the way of every removal: counted first, and withheld when there are so many that a person must look. */
const removeOrphans = async (sync: TableSync, context: VerifyContext): Promise<void> => {
  const { runs, run, signal } = context;
  if (sync.writing.removed === 'ignore') return;
  await noteRemovals(sync, context);
  const pending = await runs.pendingRemovalCount(run.sourceId, sync.table);
  if (isWithheld(pending, await runs.linkedCount(run.sourceId, sync.table))) return;
  await repairAll(context, ['orphaned'], async (items) => {
    await applyRemovals(sync, runs, idsOf(items), { signal, lane: 'bulk', mustConfirm: true });
    await retireRows(sync, items.filter(isStray), signal);
  });
};

/** Puts right what differs, through the pipeline. Keys first: a row that gets its key back is then the record's own. */
export const repairTable = async (sync: TableSync, context: VerifyContext): Promise<void> => {
  const { signal, run, turn, verify } = context;
  await repairAll(context, ['unkeyed'], (items) => giveKeys(sync, items, signal));
  await repairAll(context, ['missing', 'stale', 'edited', 'waitingForParent'], (items) =>
    repairRecords(sync, items, { signal, runId: run.id, turn }),
  );
  await repairAll(context, ['doubled'], (items) => retireRows(sync, items, signal));
  await removeOrphans(sync, context);
  await verify.save(stepOf(context, 'recheckRepaired', {}));
};
