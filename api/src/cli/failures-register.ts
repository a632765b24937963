import type { Command } from 'commander';
import type { TableName } from '../crm/types.ts';
import type { CommandContext } from './commands.ts';
import type { ExitCode } from './exit-codes.ts';
import { type FailuresArguments, decideFailuresCommand, listFailuresCommand } from './failures-command.ts';

interface Parts {
  readonly readTable: (text: string) => TableName | undefined;
  readonly perform: (needsWorkers: boolean, work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
}

const readIds = (text: string): readonly string[] => text.split(',').map((id) => id.trim());

/** `crm-sync failures …` */
export const addFailureCommands = (program: Command, { readTable, perform }: Parts): void => {
  const failures = program.command('failures').description('records that failed and have not succeeded since');
  const withFilter = (command: Command): Command =>
    command
      .requiredOption('--source <id>', 'which CRM')
      .option('--table <name>', 'account or contact', readTable)
      .option('--code <code>', 'only with this reason');
  const withIds = (command: Command): Command =>
    withFilter(command).option('--ids <ids>', 'only these records, separated by a comma; needs --table', readIds);

  withFilter(failures.command('list').description('show them by reason and one by one')).action(async (options: FailuresArguments) =>
    perform(false, (context) => listFailuresCommand(context, options)),
  );
  withIds(failures.command('retry').description('try them again now')).action(async (options: FailuresArguments) =>
    perform(true, (context) => decideFailuresCommand(context, options, { action: 'retry' })),
  );
  withIds(failures.command('ignore').description('leave them alone until they succeed by themselves')).action(
    async (options: FailuresArguments) => perform(false, (context) => decideFailuresCommand(context, options, { action: 'ignore' })),
  );
  withIds(failures.command('note').description('keep a note with them, with no customer’s data in it'))
    .option('--text <text>', 'the note; without it the note goes')
    .action(async ({ text, ...options }: FailuresArguments & { text?: string }) =>
      perform(false, (context) =>
        decideFailuresCommand(context, options, { action: 'annotate', ...(text === undefined ? {} : { note: text }) }),
      ),
    );
};
