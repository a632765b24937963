import { type Command, InvalidArgumentError, Option } from 'commander';

/** Which CRM a connector command is about: a configured source, a manifest with settings, or a recording of one. */
export interface SourceOptions {
  readonly source?: string;
  readonly manifest?: string;
  readonly recording?: string;
  readonly setting: Readonly<Record<string, string>>;
  /** Names of environment variables by names of settings. */
  readonly settingFromEnv: Readonly<Record<string, string>>;
  readonly allowPrivateNetwork: boolean;
}

/** `name=value`, collected; the value may hold further equal signs. */
export const collectPairs = (text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes name=value.');
  return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1) };
};

export const settingOption = (): Option =>
  new Option('--setting <name=value>', 'a setting of the manifest; not for secrets').argParser(collectPairs).default({}, 'none');

export const addSettingOptions = (command: Command): Command =>
  command
    .addOption(settingOption())
    .addOption(
      new Option('--setting-from-env <name=VARIABLE>', 'a setting, secrets too, that is in an environment variable')
        .argParser(collectPairs)
        .default({}, 'none'),
    )
    .option('--allow-private-network', 'the CRM is at a private or loopback address', false);

export const addSourceOptions = (command: Command): Command =>
  addSettingOptions(
    command
      .option('--source <id>', 'a source of the configuration')
      .option('--manifest <file>', 'a manifest, its folder, or the name of a connector in the box; with --setting for its settings')
      .option('--recording <file>', 'answer from a recording instead of the CRM (crm-sync connector record)'),
  );
