import type { Run, RunState } from '../store/runs/types.ts';
import { addCounts, noCounts } from '../sync/counts.ts';
import { mendOpenWrites } from '../sync/mend-open-writes.ts';
import { openTableSync } from '../sync/open-table-sync.ts';
import { relinkChildrenOf } from '../sync/sync-named-records.ts';
import { isSuspicion } from './judge-reading.ts';
import type { RunTableContext } from './run-table-context.ts';
import { advanceTable } from './run-table.ts';
import { sendPartition } from './send-work.ts';
import { type RunDependencies, finishRun, workOnRun } from './work-on-run.ts';

export type { RunDependencies, RunLog } from './work-on-run.ts';

const finalState = (run: Run): RunState => {
  const { failed, withheld } = run.partitions.map(({ counts }) => counts).reduce(addCounts, noCounts);
  if (run.notes.some(isSuspicion)) return 'suspicious';
  return failed > 0 || (withheld > 0 && !run.isDryRun) ? 'partial' : 'succeeded';
};

/** Table after table, in the connector's order: parents before children. Gives false where workers have to read parts first. */
const advanceTables = async (context: RunTableContext, dependencies: RunDependencies): Promise<boolean> => {
  const { run, signal } = context;
  const source = dependencies.sources.get(run.sourceId);
  // Windows end by the CRM's clock, which a process that has just started learns from the first answer.
  await source.connector.check(signal);
  const tables = source.connector.tables.filter((name) => run.tables.includes(name));
  const writes = !run.isDryRun && (run.mode !== 'verify' || run.repairs === true);
  if (writes) for (const table of tables) await dependencies.adoption.requireAdopted(source, table, { isNews: true, signal });
  // Before anything is read: what turns out to be gone is then removed, and counted, by this run.
  if (writes) await mendOpenWrites(source, dependencies, signal);
  for (const table of tables) {
    context.throwIfAsked();
    const sync = await openTableSync(source, table, dependencies, signal);
    if (run.mode === 'verify') {
      // Twenty files that most processes never need.
      const { verifyTable } = await import('./verify/verify-table.ts');
      await verifyTable(sync, source, context);
      continue;
    }
    const sweep = { sweeps: dependencies.sweeps, policy: source.sweep ?? 'auto' };
    const progress = await advanceTable(sync, context, sweep);
    if (progress.kind === 'done') continue;
    for (const { part } of progress.parts) await sendPartition(dependencies.jobs, run.id, { table, part });
    return false;
  }
  // A run of accounts alone brings parents that contacts of earlier runs wait for; nobody else would link them before their own run.
  if (writes && !run.tables.includes('contact')) {
    await relinkChildrenOf('account', source, dependencies, { signal, lane: 'bulk' });
  }
  return true;
};

/**
 * Does what is next in a run, whoever started it and however often it was interrupted: what its checkpoints say is done is not done
 * again. A run whose tables are single parts is brought to its end; parts are left to `executePartition`, whose last one calls again.
 */
export const executeRun = async (runId: string, dependencies: RunDependencies, processSignal: AbortSignal): Promise<void> => {
  const { runs, clock, log } = dependencies;
  if (!(await runs.start(runId, clock.nowMs()))) return;
  const run = await runs.get(runId);
  if (run === null) return;
  log.info({ runId, sourceId: run.sourceId, mode: run.mode }, 'run started');
  await workOnRun(run, null, dependencies, processSignal, async (context) => {
    if (!(await advanceTables(context, dependencies))) return;
    const now = (await runs.get(runId)) ?? run;
    if (run.mode !== 'verify') return finishRun(run, dependencies, finalState(now), null);
    const { conclude } = await import('./verify/conclude.ts');
    const { agrees } = await conclude(dependencies.sources.get(run.sourceId), now, dependencies, context.signal);
    await finishRun(run, dependencies, agrees ? 'succeeded' : 'partial', null);
  });
};
