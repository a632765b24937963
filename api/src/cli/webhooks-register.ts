import type { Command } from 'commander';
import type { TableName } from '../crm/types.ts';
import type { CommandContext } from './commands.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import {
  type HookArguments,
  installHookCommand,
  listHookCommand,
  makeHookSecret,
  type PrintArguments,
  printHookCommand,
  removeHookCommand,
  testHookCommand,
} from './webhooks-command.ts';

interface Parts {
  readonly readTable: (text: string) => TableName | undefined;
  readonly perform: (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
  readonly openOutput: () => Output;
}

/** `crm-sync webhooks …` */
export const addWebhookCommands = (program: Command, { readTable, perform, openOutput }: Parts): void => {
  const webhooks = program.command('webhooks').description('bring a CRM to post what changes');
  const ofSource = (command: Command): Command =>
    command
      .requiredOption('--source <id>', 'which CRM')
      .option('--hook <name>', 'which of its webhooks, as its manifest names it under moreWebhooks; default: the main one');

  ofSource(webhooks.command('print').description('say what to do in the CRM, and write the files for it'))
    .option('--out <folder>', 'where to write the files')
    .option('--force', 'write over files that are there', false)
    .action(async (options: PrintArguments) => perform((context) => printHookCommand(context, options)));

  ofSource(webhooks.command('install').description('make the webhook over the CRM’s API, or mend it; may be repeated'))
    .option('--replace', 'take the place of another receiver, where the CRM has room for one', false)
    .action(async (options: HookArguments & { replace: boolean }) => perform((context) => installHookCommand(context, options)));

  ofSource(webhooks.command('list').description('ask the CRM what of the webhook is there')).action(async (options: HookArguments) =>
    perform((context) => listHookCommand(context, options)),
  );

  ofSource(webhooks.command('remove').description('take the webhook out of the CRM again'))
    .option('--address <url>', 'an earlier address of ours; default: the one of now')
    .action(async (options: HookArguments & { address?: string }) => perform((context) => removeHookCommand(context, options)));

  ofSource(webhooks.command('test').description('send a signed sample the whole way, and say how each step went'))
    .option('--table <name>', 'account or contact', readTable)
    .option('--id <id>', 'the record with this id in the CRM; needs --table. Default: the first that the CRM lists')
    .action(async ({ id, ...options }: HookArguments & { table?: TableName; id?: string }) =>
      perform((context) => testHookCommand(context, { ...options, ...(id === undefined ? {} : { recordId: id }) })),
    );

  webhooks
    .command('secret')
    .description('make a new signing secret, for both sides; it is shown once and kept nowhere')
    .action(() => {
      process.exitCode = makeHookSecret(openOutput());
    });
};
