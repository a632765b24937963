import { type Command, InvalidArgumentError } from 'commander';
import { type TableName, tableNames } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Perform } from './context.ts';
import type { TestOptions } from './run-test.ts';
import { addSettingOptions } from './source-options.ts';
import { readCount } from '../read-count.ts';

const usualLimit = 2_000;

const splitNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const readTables = (text: string): readonly TableName[] =>
  splitNames(text).map((name) => {
    const table = tableNames.find((known) => known === name);
    if (table === undefined) throw new InvalidArgumentError(`Tables are: ${tableNames.join(', ')}.`);
    return table;
  });

/** `crm-sync connector test`. */
export const addConnectorTestCommand = (group: Command, perform: Perform): void => {
  const command = group
    .command('test')
    .description('see whether a connector keeps what a sync relies on; only reads, unless --interactive asks you to change something')
    .option('--source <id>', 'a source of the configuration')
    .option('--manifest <file>', 'a manifest, its folder, or the name of a connector in the box; with --setting for its settings');
  addSettingOptions(command)
    .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the manifest', readTables)
    .option('--only <checks>', 'only these checks, separated by a comma', splitNames)
    .option('--limit <records>', 'most records of a table that one walk reads', readCount, usualLimit)
    .option('--interactive', 'ask me to make, change and delete a record in the CRM', false)
    .action((options: TestOptions) =>
      perform(async (context) => {
        if (options.interactive && context.person === null)
          throw new AppError('connector.options_invalid', { problem: '--interactive needs a person at a terminal' });
        // Forty small files that no other command needs.
        const { findUnknownCheck, testCommand } = await import('./run-test.ts');
        const unknown = findUnknownCheck(options.only ?? []);
        if (unknown !== null) throw new AppError('connector.options_invalid', { problem: unknown });
        return testCommand(options, context);
      }),
    );
};
