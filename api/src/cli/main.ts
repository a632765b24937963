import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type TableName, tableNames } from '../crm/types.ts';
import { isUsageProblem } from '../errors/usage-problem.ts';
import { listenForStop } from '../stop-signals.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { adoptCommand } from './adopt-command.ts';
import { askAtTerminal } from './ask.ts';
import { type CommandContext, checkSourcesCommand, dataverseCommand, listSourcesCommand, recordCommand, runCommand } from './commands.ts';
import { connectSourceCommand } from './connect-source.ts';
import { performHere, registerConnectorCommands } from './connector/register.ts';
import { addDeliveryCommands } from './deliveries-commands.ts';
import { describeProblem } from './describe-problem.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { addFailureCommands } from './failures-register.ts';
import { createOutput, isForPerson, type Output } from './output.ts';
import { addRunsCommands } from './runs-commands.ts';
import { approveRemovalsCommand, dismissRemovalsCommand, listRemovalsCommand } from './removals-command.ts';
import { setupCommand } from './setup-command.ts';
import { verifyCommand } from './verify-command.ts';
import { readCount } from './read-count.ts';
import { addWebhookCommands } from './webhooks-register.ts';

interface GlobalOptions {
  readonly config: string;
  readonly api?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const readTables = (text: string): readonly TableName[] =>
  text.split(',').map((name) => {
    const table = tableNames.find((known) => known === name.trim());
    if (table === undefined) throw new InvalidArgumentError(`Tables are: ${tableNames.join(', ')}.`);
    return table;
  });

const program = new Command('crm-sync')
  .description('Keeps the accounts and contacts of Dynamics 365 Contact Center true to any CRM.')
  .option('--config <file>', 'configuration', process.env.CRM_SYNC_CONFIG ?? 'crm-sync.yaml')
  .option('--api <url>', 'let a running API do the work, e.g. http://127.0.0.1:4500 (token from CRM_SYNC_TOKEN, else signs in)')
  .option('--json', 'JSON lines even at a terminal')
  .option('--verbose', 'warnings of the log at a terminal too')
  .exitOverride();

const interrupted = new AbortController();
listenForStop(
  process,
  { nowMs: () => Date.now() },
  {
    onStop: () => interrupted.abort(),
    // What is recorded stays, and whoever works on the store next finds that the run was to be cancelled.
    onInsist: () => process.exit(exitCodes.cancelled),
  },
);

// `crm-sync run | head -1`: the reader has gone, the work goes on to its end, and the exit code still tells how it went.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const openOutput = (): Output => createOutput(process.stdout, program.opts<GlobalOptions>().json ?? false);

/** One command from sign-in to close, whatever happens in between. */
const perform = async (needsWorkers: boolean, work: (context: CommandContext) => Promise<ExitCode>): Promise<void> => {
  const options = program.opts<GlobalOptions>();
  // Not before: `--help`, and a command that is mistyped, need none of it.
  const { connect } = await import('./connect.ts');
  const connection = await connect({
    configPath: options.config,
    ...(options.api === undefined ? {} : { apiUrl: options.api }),
    needsWorkers,
    log: {
      isVerbose: options.verbose ?? false,
      terminal: isForPerson(process.stdout, options.json ?? false) && process.stderr.isTTY ? process.stderr : null,
    },
    environment: process.env,
  });
  try {
    const isSomebodyThere = isForPerson(process.stdout, options.json ?? false) && process.stdin.isTTY;
    process.exitCode = await work({
      services: connection.services,
      output: openOutput(),
      signal: interrupted.signal,
      confirm: isSomebodyThere ? askAtTerminal(interrupted.signal) : null,
    });
  } finally {
    await connection.close();
  }
};

program
  .command('run')
  .description('run a bulk sync and watch it to its end')
  .requiredOption('--source <id>', 'which CRM')
  .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the source', readTables)
  .addOption(
    new Option('--mode <mode>', 'full reads every record; incremental what changed since the last run')
      .choices(['full', 'incremental'])
      .default('incremental'),
  )
  .option('--dry-run', 'read and compare, write nothing, show what would change', false)
  .option('--accept-fewer', 'far fewer records than the last time are as it should be', false)
  .action(
    async (options: {
      source: string;
      tables?: readonly TableName[];
      mode: 'full' | 'incremental';
      dryRun: boolean;
      acceptFewer: boolean;
    }) =>
      perform(true, (context) =>
        runCommand(context, {
          source: options.source,
          mode: options.mode,
          isDryRun: options.dryRun,
          acceptsFewer: options.acceptFewer,
          ...(options.tables === undefined ? {} : { tables: options.tables }),
        }),
      ),
  );

addRunsCommands(program, (work) => perform(false, work));

program
  .command('verify')
  .description('compare every record with its row, and say what differs; ends with 0 only when both sides agree')
  .requiredOption('--source <id>', 'which CRM')
  .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the source', readTables)
  .option('--repair', 'put right what differs', false)
  .option('--out <file>', 'keep the statement: text in a .txt, else JSON')
  .action(async (options: { source: string; tables?: readonly TableName[]; repair: boolean; out?: string }) =>
    perform(true, (context) =>
      verifyCommand(context, {
        source: options.source,
        repairs: options.repair,
        ...(options.tables === undefined ? {} : { tables: options.tables }),
        ...(options.out === undefined ? {} : { out: options.out }),
      }),
    ),
  );

program
  .command('record')
  .description('sync one record now and show what changed')
  .argument('<table>', 'account or contact', (name) => readTables(name)[0])
  .argument('<row>', 'id of the row in Dataverse, or its source key, e.g. northwind~100001')
  .option('--dry-run', 'show what would change, write nothing', false)
  .action(async (table: TableName, row: string, options: { dryRun: boolean }) =>
    perform(false, (context) => recordCommand(context, { table, row, isDryRun: options.dryRun })),
  );

const sources = program.command('sources').description('the configured CRMs');

sources
  .command('list')
  .description('the configured CRMs, how their last runs went and when the next are due')
  .action(async () => perform(false, (context) => listSourcesCommand(context)));

sources
  .command('connect')
  .description('sign in to a CRM that needs a browser for it, once')
  .argument('<source>', 'which CRM')
  .action(async (source: string) => perform(false, (context) => connectSourceCommand(context, source)));

sources
  .command('check')
  .description('see whether a CRM answers and lets us in')
  .argument('[source]', 'default: all')
  .action(async (source?: string) => perform(false, (context) => checkSourcesCommand(context, source)));

addDeliveryCommands(program, perform);
addFailureCommands(program, { readTable: (name) => readTables(name)[0], perform });

addWebhookCommands(program, { readTable: (name) => readTables(name)[0], perform: (work) => perform(false, work), openOutput });

const removals = program.command('removals').description('rows of deleted records that wait for approval, because there are too many');
const sourceOption = ['--source <id>', 'which CRM'] as const;

removals
  .command('list')
  .description('show what waits')
  .requiredOption(...sourceOption)
  .action(async ({ source }: { source: string }) => perform(false, (context) => listRemovalsCommand(context, source)));

removals
  .command('approve')
  .description('let what waits be carried out; the CRM is asked for each record once more')
  .requiredOption(...sourceOption)
  .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the source', readTables)
  .option('--at-most <count>', 'approve up to so many of a table without asking', readCount)
  .option('--yes', 'do not ask', false)
  .action(async (options: { source: string; tables?: readonly TableName[]; atMost?: number; yes: boolean }) =>
    perform(true, (context) =>
      approveRemovalsCommand(context, {
        source: options.source,
        atMost: options.atMost ?? null,
        isConfirmed: options.yes,
        ...(options.tables === undefined ? {} : { tables: options.tables }),
      }),
    ),
  );

removals
  .command('dismiss')
  .description('leave the rows as they are')
  .requiredOption(...sourceOption)
  .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the source', readTables)
  .action(async (options: { source: string; tables?: readonly TableName[] }) =>
    perform(false, (context) => dismissRemovalsCommand(context, options)),
  );

program
  .command('dataverse')
  .description('how fast Dataverse lets us go, and what of the day’s requests is used')
  .action(async () => perform(false, (context) => dataverseCommand(context)));
const readMinutes = (text: string): number => {
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes < 0 || text.trim() === '') throw new InvalidArgumentError('It takes a number of minutes.');
  return minutes;
};

const systemTime = {
  clock: { nowMs: () => Date.now() },
  sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
};

program
  .command('setup')
  .description('make or mend our columns and keys in the environment, where the solution is not imported')
  .option('--dry-run', 'show what differs, change nothing', false)
  .option('--yes', 'do not ask', false)
  .option('--wait <minutes>', 'how long to wait for the keys', readMinutes, 30)
  .action(async (options: { dryRun: boolean; yes: boolean; wait: number }) =>
    perform(false, (context) =>
      setupCommand(context, { isDryRun: options.dryRun, isConfirmed: options.yes, waitMs: options.wait * 60_000 }, systemTime),
    ),
  );

program
  .command('adopt')
  .description('take over the rows that Microsoft’s flows made, so that they are not doubled')
  .requiredOption('--source <id>', 'which CRM')
  .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the source', readTables)
  .option('--dry-run', 'count what would be adopted, write nothing', false)
  .option('--yes', 'do not ask', false)
  .addOption(
    new Option('--duplicates <what>', 'the other rows of a record that has several: list them, or deactivate them')
      .choices(['report', 'deactivate'])
      .default('report'),
  )
  .action(
    async (options: {
      source: string;
      tables?: readonly TableName[];
      dryRun: boolean;
      yes: boolean;
      duplicates: 'report' | 'deactivate';
    }) =>
      perform(false, (context) =>
        adoptCommand(context, {
          source: options.source,
          isDryRun: options.dryRun,
          isConfirmed: options.yes,
          duplicates: options.duplicates,
          ...(options.tables === undefined ? {} : { tables: options.tables }),
        }),
      ),
  );

registerConnectorCommands(program, performHere(program, { openOutput, signal: interrupted.signal }));

const explain = (error: unknown): ExitCode => {
  // Commander has said what is wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (interrupted.signal.aborted) return exitCodes.cancelled;
  const problem = describeProblem(error);
  openOutput().failed(problem);
  process.stderr.write(`${problem.problem}\n${problem.help === '' ? '' : `${problem.help}\n`}`);
  return isUsageProblem(problem) ? exitCodes.usage : exitCodes.failed;
};

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
