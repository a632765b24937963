import type { Manifest } from '../../crm/manifest/schema/manifest.ts';
import { settingsIn } from '../../crm/manifest/settings-used.ts';
import { AppError } from '../../errors/app-error.ts';
import type { ConnectorContext } from './context.ts';
import type { SourceOptions } from './source-options.ts';

type Settings = Readonly<Record<string, string>>;

/** Only sign-ins that can be chosen from use them; which is chosen is not known yet. */
const isPerhapsUnneeded = ({ auth, ...rest }: Manifest, name: string): boolean =>
  Array.isArray(auth) && settingsIn(auth).has(name) && !settingsIn(rest).has(name);

const fromEnvironment = ({ settingFromEnv }: SourceOptions, environment: ConnectorContext['environment']): Settings =>
  Object.fromEntries(
    Object.entries(settingFromEnv).map(([name, variable]) => {
      const value = environment[variable];
      if (value === undefined || value === '')
        throw new AppError('config.secret_missing', { setting: name, where: `environment variable ${variable}` });
      return [name, value];
    }),
  );

/** The settings of a manifest that is not configured: from the command line, the environment, or whoever sits at the terminal. */
export const gatherSettings = async (
  manifest: Manifest,
  options: SourceOptions,
  { environment, person }: Pick<ConnectorContext, 'environment' | 'person'>,
): Promise<Settings> => {
  const declared = Object.entries(manifest.connection.settings ?? {});
  const secret = declared.find(([name, { type }]) => type === 'secret' && Object.hasOwn(options.setting, name));
  if (secret !== undefined)
    throw new AppError('connector.options_invalid', {
      problem: `“${secret[0]}” is a secret, and command lines are seen by others; give it with --setting-from-env ${secret[0]}=VARIABLE`,
    });
  const settings: Record<string, string> = { ...options.setting, ...fromEnvironment(options, environment) };
  if (person === null) return settings;
  for (const [name, { type, title, help, default: usual, optional, example }] of declared) {
    if (Object.hasOwn(settings, name) || usual !== undefined || optional === true || isPerhapsUnneeded(manifest, name)) continue;
    const question = [title, help ?? example].filter((text) => text !== undefined).join(', ');
    settings[name] = type === 'secret' ? await person.askSecret(question) : await person.ask(question);
  }
  return settings;
};
