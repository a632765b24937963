import { type Command, InvalidArgumentError, Option } from 'commander';
import { type TableName, tableNames } from '../../crm/types.ts';
import { questionAtTerminal } from '../ask.ts';
import { isForPerson, type Output } from '../output.ts';
import type { TestOptions } from './run-test.ts';

const usualLimit = 2_000;

const readLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('It takes a whole number from 1 on.');
  return limit;
};

/** `name=value`, collected; the value may hold further equal signs. */
const collectPairs = (text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes name=value.');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
};

const splitNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const readTables = (text: string): readonly TableName[] =>
  splitNames(text).map((name) => {
    const table = tableNames.find((known) => known === name);
    if (table === undefined) throw new InvalidArgumentError(`Tables are: ${tableNames.join(', ')}.`);
    return table;
  });

/** `crm-sync connector test`. */
export const addConnectorTestCommand = (
  group: Command,
  { program, openOutput, signal }: { readonly program: Command; readonly openOutput: () => Output; readonly signal: AbortSignal },
): void => {
  const command = group.command('test');
  command
    .description('see whether a connector keeps what a sync relies on; only reads, unless --interactive asks you to change something')
    .option('--source <id>', 'a source of the configuration')
    .option('--manifest <file>', 'a manifest, its folder, or the name of a connector in the box; with --setting for its settings')
    .addOption(
      new Option('--setting <name=value>', 'a setting of the manifest; not for secrets').argParser(collectPairs).default({}, 'none'),
    )
    .addOption(
      new Option('--setting-from-env <name=VARIABLE>', 'a setting, secrets too, that is in an environment variable')
        .argParser(collectPairs)
        .default({}, 'none'),
    )
    .option('--allow-private-network', 'the CRM is at a private or loopback address', false)
    .option('--tables <names>', 'account, contact or both, separated by a comma; default: all of the manifest', readTables)
    .option('--only <checks>', 'only these checks, separated by a comma', splitNames)
    .option('--limit <records>', 'most records of a table that one walk reads', readLimit, usualLimit)
    .option('--interactive', 'ask me to make, change and delete a record in the CRM', false)
    .action(async (options: TestOptions) => {
      const { json = false, config, api } = program.opts<{ readonly json?: boolean; readonly config: string; readonly api?: string }>();
      const isSomebodyThere = isForPerson(process.stdout, json) && process.stdin.isTTY;
      if (api !== undefined) command.error('error: it works here, not through a running API (--api)');
      if ((options.source === undefined) === (options.manifest === undefined))
        command.error('error: name a CRM with either --source or --manifest');
      if (options.interactive && !isSomebodyThere) command.error('error: --interactive needs a person at a terminal');
      // Forty small files that no other command needs.
      const { findUnknownCheck, testCommand } = await import('./run-test.ts');
      const unknown = findUnknownCheck(options.only ?? []);
      if (unknown !== null) command.error(`error: ${unknown}`);
      process.exitCode = await testCommand(options, {
        output: openOutput(),
        signal,
        configFile: config,
        environment: process.env,
        ask: isSomebodyThere ? questionAtTerminal(signal) : null,
      });
    });
};
