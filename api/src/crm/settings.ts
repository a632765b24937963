import { AppError } from '../errors/app-error.ts';
import { readBaseAddress } from './expression/slots.ts';
import type { SettingBody } from './manifest/schema/connection.ts';
import type { Manifest } from './manifest/schema/manifest.ts';

/** What is wrong with a value; never shows it, since it may be a secret. */
const problemWith = (setting: SettingBody, value: string): string | null => {
  if (setting.pattern !== undefined && !new RegExp(`^(?:${setting.pattern})$`, 'u').test(value)) return `does not match ${setting.pattern}`;
  if (setting.type === 'choice' && setting.choices?.includes(value) !== true) return `must be one of ${(setting.choices ?? []).join(', ')}`;
  if (setting.type === 'host' && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(value))
    return 'must be a host name such as crm.example.com';
  if (setting.type !== 'url') return null;
  try {
    readBaseAddress(value);
    return null;
  } catch {
    return 'must be an address such as https://crm.example.com';
  }
};

/** The admin's settings and the manifest's defaults, checked. Throws `source.settings_invalid`. */
export const resolveSettings = (
  manifest: Manifest,
  source: { readonly id: string; readonly settings: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> => {
  const declared = manifest.connection.settings ?? {};
  const invalid = (problem: string): AppError => new AppError('source.settings_invalid', { source: source.id, problem });
  const unknown = Object.keys(source.settings).find((name) => !Object.hasOwn(declared, name));
  if (unknown !== undefined) throw invalid(`${manifest.id} has no setting “${unknown}”; it has ${Object.keys(declared).join(', ')}`);
  const resolved: Record<string, string> = {};
  for (const [name, setting] of Object.entries(declared)) {
    const value = Object.hasOwn(source.settings, name) ? source.settings[name] : setting.default;
    if (value === undefined || value === '') {
      if (setting.optional !== true) throw invalid(`“${name}” (${setting.title}) is missing`);
      continue;
    }
    const problem = problemWith(setting, value);
    if (problem !== null) throw invalid(`“${name}” (${setting.title}) ${problem}`);
    resolved[name] = value;
  }
  return resolved;
};
