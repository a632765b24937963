import { type Command, Option } from 'commander';
import { type TableName, tableNames } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { isForPerson, type Output } from '../output.ts';
import { atTerminal } from './ask-terminal.ts';
import type { Perform } from './context.ts';
import type { NewOptions } from './new/new-command.ts';
import { addConnectorTestCommand } from './test-command.ts';
import { addSettingOptions, addSourceOptions, settingOption, type SourceOptions } from './source-options.ts';
import { readCount } from '../read-count.ts';

const tableOption = (): Option => new Option('--table <name>', 'only this table').choices(tableNames);

/** At this process's terminal, with its environment. */
export const performHere =
  (program: Command, { openOutput, signal }: { readonly openOutput: () => Output; readonly signal: AbortSignal }): Perform =>
  async (work) => {
    const { json = false, config, api } = program.opts<{ readonly json?: boolean; readonly config: string; readonly api?: string }>();
    if (api !== undefined) throw new AppError('connector.options_invalid', { problem: 'it works here, not through a running API (--api)' });
    const isSomebodyThere = isForPerson(process.stdout, json) && process.stdin.isTTY;
    process.exitCode = await work({
      output: openOutput(),
      signal,
      person: isSomebodyThere ? atTerminal({ input: process.stdin, output: process.stdout, signal }) : null,
      environment: process.env,
      configFile: config,
      clock: { nowMs: () => Date.now() },
      columns: process.stdout.columns ?? 120,
    });
  };

/**
 * `crm-sync connector …`: what helps to add a CRM that is not in the box. Needs no API, and mostly no store. What a command needs is
 * loaded when it is the one that was asked for.
 */
export const registerConnectorCommands = (program: Command, perform: Perform): void => {
  const connector = program.command('connector').description('add a CRM that is not in the box');

  addSettingOptions(
    connector
      .command('new')
      .description('write the beginning of a connector, from answers and from what the CRM answers')
      .argument('[folder]', 'where to write it; default: a folder of the connector’s name')
      .option('--answers <file>', 'answers to the questions, so that nobody is asked')
      .option('--probe', 'with --answers: ask the CRM for its lists once, and propose from what comes', false)
      .option('--force', 'write over files that are there', false),
  ).action((folder: string | undefined, options: Omit<NewOptions, 'folder'>) =>
    perform(async (context) =>
      (await import('./new/new-command.ts')).newCommand(folder === undefined ? options : { ...options, folder }, context),
    ),
  );

  addSourceOptions(connector.command('check').description('see what is wrong with a manifest, and look at a record of each table'))
    .option('--offline', 'only the manifest itself, no request', false)
    .action((options: SourceOptions & { offline: boolean }) =>
      perform(async (context) => (await import('./check-command.ts')).checkCommand(options, context)),
    );

  addSourceOptions(connector.command('preview').description('show records beside the rows that they would become; writes nothing'))
    .addOption(tableOption())
    .option('--count <n>', 'how many records of each table', readCount, 5)
    .option('--id <id>', 'the record with this id')
    .option('--standard-columns', 'lengths of a new environment, even where a Dataverse is configured', false)
    .action((options: SourceOptions & { table?: TableName; count: number; id?: string; standardColumns: boolean }) =>
      perform(async (context) => (await import('./preview-command.ts')).previewCommand(options, context)),
    );

  addSourceOptions(connector.command('fields').description('list the fields that a mapping can name'))
    .addOption(tableOption())
    .action((options: SourceOptions & { table?: TableName }) =>
      perform(async (context) => (await import('./fields-command.ts')).fieldsCommand(options, context)),
    );

  addSourceOptions(connector.command('record').description('keep what the CRM answers, without secrets and customer data'))
    .requiredOption('--out <file>', 'where to write it')
    .option('--pages <n>', 'how many pages of each list', readCount, 3)
    .option('--force', 'write over a file that is there', false)
    .action((options: SourceOptions & { out: string; pages: number; force: boolean }) =>
      perform(async (context) => (await import('./record-command.ts')).recordCommand(options, context)),
    );

  addConnectorTestCommand(connector, perform);

  connector
    .command('replay')
    .description('read a recording as its CRM was read')
    .argument('<file>', 'made by crm-sync connector record')
    .option('--manifest <file>', 'another manifest than the one in the recording')
    .addOption(settingOption())
    .action((file: string, options: { manifest?: string; setting: Readonly<Record<string, string>> }) =>
      perform(async (context) => (await import('./replay-command.ts')).replayCommand(file, options, context)),
    );
};
