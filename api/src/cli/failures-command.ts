import type { DecideFailuresBody, FailuresBody, OpenFailureBody } from '../contract/failures.ts';
import type { FailuresQuery } from '../contract/services.ts';
import type { TableName } from '../crm/types.ts';
import type { CommandContext } from './commands.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const recordsPerPage = 500;
const shownAtTerminal = 20;

export interface FailuresArguments {
  readonly source: string;
  readonly table?: TableName;
  readonly code?: string;
  readonly ids?: readonly string[];
}

const describeGroup = ({ table, code, count, isIgnored, help }: FailuresBody['groups'][number]): string =>
  `${count.toLocaleString('en-US')} ${table}${isIgnored ? ', ignored' : ''}: ${code}\n  ${help}`;

const describeRecord = ({ table, recordId, reason, tries, nextRetryOn, note }: OpenFailureBody): string =>
  [
    `${table} ${recordId}: ${reason} (failed ${tries} ${tries === 1 ? 'time' : 'times'}${nextRetryOn === undefined ? '' : `, next try ${nextRetryOn}`})`,
    ...(note === undefined ? [] : [`  note: ${note}`]),
  ].join('\n');

/** By reason and one by one; in a pipe all of them, at a terminal the first. */
export const listFailuresCommand = async (
  { services, output }: CommandContext,
  { source, table, code }: FailuresArguments,
): Promise<ExitCode> => {
  const query: FailuresQuery = {
    limit: recordsPerPage,
    ...(table === undefined ? {} : { table }),
    ...(code === undefined ? {} : { code }),
  };
  let page = await services.failures.list(source, query);
  if (page.groups.length === 0) output.say('failures', { sourceId: source, failed: 0 }, 'No record has failed.');
  for (const group of page.groups) output.say('failureGroup', { sourceId: source, ...group }, describeGroup(group));
  let shown = 0;
  for (;;) {
    for (const record of page.records) {
      shown += 1;
      output.say('failure', { sourceId: source, ...record }, shown > shownAtTerminal ? '' : describeRecord(record));
    }
    if (page.nextAfter === undefined) return exitCodes.done;
    page = await services.failures.list(source, { ...query, after: page.nextAfter });
  }
};

const done: Readonly<Record<DecideFailuresBody['action'], string>> = {
  retry: 'are tried again now',
  ignore: 'are left alone',
  annotate: 'have the note',
};

export const decideFailuresCommand = async (
  { services, output }: CommandContext,
  { source, table, code, ids }: FailuresArguments,
  { action, note }: Pick<DecideFailuresBody, 'action' | 'note'>,
): Promise<ExitCode> => {
  const { decided } = await services.failures.decide(source, {
    action,
    ...(table === undefined ? {} : { table }),
    ...(code === undefined ? {} : { code }),
    ...(ids === undefined ? {} : { recordIds: [...ids] }),
    ...(note === undefined ? {} : { note }),
  });
  output.say('decided', { sourceId: source, action, decided }, `${decided.toLocaleString('en-US')} ${done[action]}`);
  return exitCodes.done;
};
