import { type Command, InvalidArgumentError } from 'commander';
import type { RunBody } from '../contract/runs.ts';
import type { CommandContext } from './commands.ts';
import { describeRun, describeRunDetail } from './describe-runs.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

type Perform = (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;

const usualLimit = 20;

const readLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) throw new InvalidArgumentError('It takes a number from 1 to 200.');
  return limit;
};

export const listRunsCommand = async (
  { services, output }: CommandContext,
  options: { readonly limit: number; readonly source?: string },
): Promise<ExitCode> => {
  const { limit, source } = options;
  const runs = await services.runs.list({ limit, ...(source === undefined ? {} : { sourceId: source }) });
  output.say('runs', { runs }, runs.length === 0 ? 'No run has been started.' : runs.map(describeRun).join('\n'));
  return exitCodes.done;
};

export const showRunCommand = async ({ services, output }: CommandContext, runId: string): Promise<ExitCode> => {
  const detail = await services.runs.get(runId);
  output.say('run', { ...detail }, describeRunDetail(detail).join('\n'));
  return exitCodes.done;
};

/** Pauses, resumes or cancels, and says how the run stands then. */
export const changeRunCommand = async (
  { services, output }: CommandContext,
  action: 'pause' | 'resume' | 'cancel',
  runId: string,
): Promise<ExitCode> => {
  const run: RunBody = await services.runs[action](runId);
  output.say(action, { run }, describeRun(run));
  return exitCodes.done;
};

/** `crm-sync runs …`: what was started, and what becomes of it. */
export const addRunsCommands = (program: Command, perform: Perform): void => {
  const runs = program.command('runs').description('the bulk syncs: see them, let them wait, stop them');
  runs
    .command('list')
    .description('the newest runs')
    .option('--source <id>', 'only of this CRM')
    .option('--limit <count>', 'how many at most', readLimit, usualLimit)
    .action(async (options: { source?: string; limit: number }) => perform((context) => listRunsCommand(context, options)));
  runs
    .command('show')
    .description('one run: its counts, its notes and the records that failed')
    .argument('<run>', 'id of the run')
    .action(async (runId: string) => perform((context) => showRunCommand(context, runId)));
  const actions = {
    pause: 'let a run wait after the pages that it is at, over restarts too',
    resume: 'let a paused run go on from where it stands',
    cancel: 'stop a run after the page that it is at; what is written stays',
  } as const;
  for (const action of ['pause', 'resume', 'cancel'] as const) {
    runs
      .command(action)
      .description(actions[action])
      .argument('<run>', 'id of the run')
      .action(async (runId: string) => perform((context) => changeRunCommand(context, action, runId)));
  }
};
