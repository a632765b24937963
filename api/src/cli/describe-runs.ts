import type { RunBody, RunDetailBody } from '../contract/runs.ts';
import { describeEquation, describeFailures, describePlannedChanges } from './describe.ts';

/** One line: `6f1c… northwind incremental running · read 61,204 = written 61,204 · 3 workers`. */
export const describeRun = (run: RunBody): string => {
  const workers = run.parts.reduce((sum, part) => sum + part.workers, 0);
  return [
    `${run.id}  ${run.sourceId} ${run.mode}${run.isDryRun ? ' dry run' : ''}, ${run.requestedOn}: ${run.state}`,
    describeEquation(run.counts),
    ...(workers > 1 ? [`${workers} workers`] : []),
  ].join(' · ');
};

export const describeNotes = (notes: RunBody['notes']): readonly string[] => notes.flatMap(({ title, help }) => [title, `  ${help}`]);

/** All that there is to say of a run. */
export const describeRunDetail = ({ run, failures }: RunDetailBody): readonly string[] => [
  describeRun(run),
  ...run.parts.map(({ table, state, counts }) => `  ${table}: ${state}, ${describeEquation(counts)}`),
  ...describePlannedChanges(run.plannedChanges),
  ...describeFailures(failures, run.counts.failed),
  ...describeNotes(run.notes),
  ...(run.error === undefined ? [] : [run.error.title, `  ${run.error.help}`]),
];
