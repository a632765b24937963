import type { RunDetailBody, StartRunBody } from '../contract/runs.ts';
import type { SourceBody } from '../contract/sources.ts';
import type { TableName } from '../crm/types.ts';
import type { CommandServices } from './connection.ts';
import { isUsageProblem } from '../errors/usage-problem.ts';
import { describeDataverseUse } from './describe.ts';
import { describeBudget } from './describe-budget.ts';
import { describeWebhookHealth } from './describe-deliveries.ts';
import { describeProblem } from './describe-problem.ts';
import { type ExitCode, exitCodeOfRun, exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

export interface CommandContext {
  readonly services: CommandServices;
  readonly output: Output;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal; null when nobody is there. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}

export interface RunArguments {
  readonly source: string;
  readonly mode: 'full' | 'incremental';
  readonly tables?: readonly TableName[];
  readonly isDryRun: boolean;
  readonly acceptsFewer: boolean;
}

/** Starts a run and watches it to its end. Ctrl-C cancels the run; what is written by then stays and is counted. */
export const followRun = async ({ services: { runs }, output, signal }: CommandContext, request: StartRunBody): Promise<RunDetailBody> => {
  const started = await runs.start(request, 'cli');
  let cancelled: Promise<unknown> | undefined;
  const cancel = (): void => {
    cancelled = runs.cancel(started.id);
    // Its failure is met below, where it is awaited.
    cancelled.catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await runs.follow(started.id, (run) => output.runMoved(run));
    await cancelled;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  return runs.get(started.id);
};

export const runCommand = async (context: CommandContext, args: RunArguments): Promise<ExitCode> => {
  const { source: sourceId, mode, isDryRun, tables } = args;
  const detail = await followRun(context, { sourceId, mode, isDryRun, ...(tables === undefined ? {} : { tables: [...tables] }) });
  context.output.runFinished(detail);
  return exitCodeOfRun(detail.run.state);
};

export interface RecordArguments {
  readonly table: TableName;
  /** A row's GUID, or our key. */
  readonly row: string;
  readonly isDryRun: boolean;
}

export const recordCommand = async ({ services, output, signal }: CommandContext, args: RecordArguments): Promise<ExitCode> => {
  const { table, row, isDryRun } = args;
  const address = row.includes('~') ? { table, sourceKey: row } : { table, rowId: row };
  output.recordSynced(await services.records.sync(address, { isDryRun, signal }));
  return exitCodes.done;
};

/** Checks one source, or all; goes on after one that fails. */
export const checkSourcesCommand = async ({ services, output, signal }: CommandContext, sourceId?: string): Promise<ExitCode> => {
  const ids = sourceId === undefined ? (await services.sources.list()).map(({ id }) => id) : [sourceId];
  let exitCode: ExitCode = exitCodes.done;
  for (const id of ids) {
    try {
      const check = await services.sources.check(id, signal);
      const waiting = check.unadoptedTables ?? [];
      const notes = [
        ...(check.notes ?? []),
        ...(waiting.length === 0
          ? []
          : [`rows of ${waiting.join(' and ')} that Microsoft’s flows made wait for \`crm-sync adopt --source ${id}\``]),
      ];
      output.say(
        'checked',
        { ...check },
        [`${id}: answers in ${check.tookMilliseconds} ms`, ...notes.map((note) => `  ${note}`)].join('\n'),
      );
    } catch (error) {
      const { code, problem, help } = describeProblem(error);
      if (signal.aborted || isUsageProblem({ code })) throw error;
      exitCode = exitCodes.failed;
      output.say('checked', { sourceId: id, isReachable: false, code, problem, help }, `${id}: ${problem}\n  ${help}`);
    }
  }
  return exitCode;
};

export const dataverseCommand = async ({ services, output }: CommandContext): Promise<ExitCode> => {
  const use = await services.dataverseUse();
  output.say('dataverse', { ...use }, describeDataverseUse(use));
  return exitCodes.done;
};

const describeSource = ({ id, name, connector, tables, schedules, lastRun, webhooks, budget }: SourceBody): string =>
  [
    `${id}: ${name} (${connector}), ${tables.join(' and ')}`,
    lastRun === undefined ? '  never synced' : `  last run ${lastRun.state}, ${lastRun.mode}, asked for ${lastRun.requestedOn}`,
    ...schedules.map(({ mode, rule, nextOn }) => `  ${mode} ${rule}, next ${nextOn}`),
    ...(webhooks === undefined ? [] : describeWebhookHealth(webhooks).map((line) => `  ${line}`)),
    ...(budget === undefined ? [] : describeBudget(budget).map((line) => `  ${line}`)),
  ].join('\n');

/** The configured CRMs, how their last runs went and when the next are due. */
export const listSourcesCommand = async ({ services, output }: CommandContext): Promise<ExitCode> => {
  for (const source of await services.sources.list()) output.say('source', { source }, describeSource(source));
  return exitCodes.done;
};
