import { addCounts, negate, noCounts } from '../../sync/counts.ts';
import { microsoftChoiceOf } from '../../sync/microsoft/choice.ts';
import { microsoftIdColumn } from '../../sync/microsoft/columns.ts';
import type { Source, TableSync } from '../../sync/types.ts';
import type { RunTableContext } from '../run-table-context.ts';
import { type VerifyContext, stepOf } from './context.ts';
import { countsOfTally } from './count-items.ts';
import { recheck } from './recheck.ts';
import { repairTable } from './repair-table.ts';
import { walkCrm } from './walk-crm.ts';
import { walkDataverse } from './walk-dataverse.ts';

/** The CRM's clock is known to whole seconds, cut: what was changed within this one may have been before. */
const clockGrainMs = 1_000;

/** The pages have counted what they saw; what was seen again, and repaired, is counted from the items. */
const finishTable = async (sync: TableSync, context: VerifyContext): Promise<void> => {
  const { runs, run, verify, place } = context;
  const [tally, { unreadable }, current] = await Promise.all([verify.tally(place), verify.part(place), runs.get(run.id)]);
  const before = current?.partitions.find(({ table }) => table === sync.table)?.counts ?? noCounts;
  await verify.save(stepOf(context, 'done', { counts: addCounts(countsOfTally(tally, unreadable), negate(before)) }));
};

/**
 * One table of a verification, from where it stands to its end: the CRM's side, Dataverse's side, a second look at what differs, and
 * the repair when one is asked for, which is looked at again. Every phase goes on after a crash; none repeats more than a page.
 */
export const verifyTable = async (sync: TableSync, source: Source, given: RunTableContext): Promise<void> => {
  const { run, runs } = given;
  const { verify } = runs;
  const place = { runId: run.id, table: sync.table };
  const toMs = sync.sourceClock.nowMs() + clockGrainMs;
  const { turn, windowToMs } = await runs.startPartition(run.id, sync.table, { fromMs: 0, toMs });
  const choice = sync.description.columns.has(microsoftIdColumn) ? microsoftChoiceOf(source, sync.description) : null;
  const { parentTable } = sync.reader;
  const context: VerifyContext = {
    ...given,
    verify,
    place,
    turn,
    asOfMs: windowToMs ?? toMs,
    microsoft: choice === null ? null : { choice },
    parents: parentTable === null ? null : source.connector.table(parentTable),
  };

  for (;;) {
    const { phase, cursor } = await verify.part(place);
    context.throwIfAsked();
    switch (phase) {
      case 'crm':
        await walkCrm(sync, context, cursor);
        break;
      case 'dataverse':
        await walkDataverse(sync, context, cursor);
        break;
      case 'recheck':
        await recheck(sync, context, phase);
        if (run.repairs !== true) return finishTable(sync, context);
        await verify.save(stepOf(context, 'repair', {}));
        break;
      case 'repair':
        await repairTable(sync, context);
        break;
      case 'recheckRepaired':
        await recheck(sync, context, phase);
        return finishTable(sync, context);
      case 'done':
        return undefined;
    }
  }
};
