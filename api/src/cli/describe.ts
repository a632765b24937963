import type { DataverseUseBody } from '../contract/dataverse-use.ts';
import type { SyncResultBody } from '../contract/records.ts';
import type { RunBody, RunDetailBody } from '../contract/runs.ts';

const number = (value: number): string => value.toLocaleString('en-US');

/** `read 182 = written 180 + failed 2`: parts that are 0 are left out, but for written. */
export const describeEquation = (counts: RunBody['counts']): string => {
  const { read, written, ...others } = counts;
  const rest = Object.entries(others).filter(([, value]) => value !== 0);
  return `read ${number(read)} = written ${number(written)}${rest.map(([name, value]) => ` + ${name} ${number(value)}`).join('')}`;
};

export const describeFailures = (failures: RunDetailBody['failures'], total: number): readonly string[] => [
  ...failures.map(({ table, recordId, reason, code }) => `  failed: ${table} ${recordId}: ${reason} [${code}]`),
  ...(total > failures.length ? [`  … and ${number(total - failures.length)} more`] : []),
];

export const describePlannedChanges = (changes: RunBody['plannedChanges']): readonly string[] =>
  changes.flatMap(({ table, created, updated, columns, sampleRecordIds }) => [
    created + updated === 0
      ? `${table}: nothing would change`
      : `${table}: ${number(created)} would be created, ${number(updated)} updated`,
    ...Object.entries(columns)
      .toSorted(([, left], [, right]) => right - left)
      .map(([column, rows]) => `  ${column.padEnd(28)} ${number(rows)} ${rows === 1 ? 'row' : 'rows'}`),
    ...(sampleRecordIds.length > 0 ? [`  for example ${sampleRecordIds.slice(0, 5).join(', ')}`] : []),
  ]);

/** One line for each application user, one for the day. */
export const describeDataverseUse = ({ users, waitingSeconds, requests }: DataverseUseBody): string =>
  [
    ...users.map(({ clientId, lanes, pausedSeconds, allowedExecutionSeconds }) => {
      const allowed = allowedExecutionSeconds === undefined ? '' : `, ${number(allowedExecutionSeconds)} s of work in five minutes`;
      const pause = pausedSeconds === 0 ? '' : `; Dataverse takes nothing for another ${number(pausedSeconds)} s`;
      return `application user ${clientId}: ${number(lanes)} bulk requests at once${allowed}${pause}`;
    }),
    ...(waitingSeconds === 0 ? [] : [`bulk requests wait ${number(waitingSeconds)} s for room in what Dataverse allows in five minutes`]),
    `requests on ${requests.day}: ${number(requests.used)}${requests.limit === undefined ? ', no limit is set' : ` of ${number(requests.limit)}`} (until ${requests.resetsOn})`,
  ].join('\n');

/** The values are shown to the one who asked, and go nowhere else. */
export const describeChanges = ({ outcome, isDryRun, changes, record }: SyncResultBody): readonly string[] => [
  `${record.table} ${record.sourceKey ?? record.rowId ?? ''}: ${isDryRun ? 'would be ' : ''}${outcome}`,
  ...changes.map(({ label, before, after }) => `  ${label}: ${before ?? '(empty)'} → ${after ?? '(empty)'}`),
];
