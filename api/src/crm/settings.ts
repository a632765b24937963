import { AppError } from '../errors/app-error.ts';
import { readBaseAddress } from './expression/slots.ts';
import { literalAddress, isLocalName, isPrivateAddress } from './http/allowed-hosts.ts';
import type { AuthBody } from './manifest/schema/auth.ts';
import type { SettingBody } from './manifest/schema/connection.ts';
import { settingsIn } from './manifest/settings-used.ts';
import type { Manifest } from './manifest/schema/manifest.ts';

const isInOurNetwork = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  const literal = literalAddress(hostname);
  return isLocalName(hostname) || (literal !== null && isPrivateAddress(literal));
};

/** What is wrong with a value; never shows it, since it may be a secret. */
const problemWith = (setting: SettingBody, value: string, allowPrivateNetwork: boolean): string | null => {
  // A pattern describes the vendor’s addresses. A stand-in on this machine, such as the sandbox, has another one, and its admin says so.
  const isStandIn = setting.type === 'url' && allowPrivateNetwork && isInOurNetwork(value);
  if (setting.pattern !== undefined && !isStandIn && !new RegExp(`^(?:${setting.pattern})$`, 'u').test(value))
    return `does not match ${setting.pattern}`;
  if (setting.type === 'choice' && setting.choices?.includes(value) !== true) return `must be one of ${(setting.choices ?? []).join(', ')}`;
  if (setting.type === 'host' && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(value))
    return 'must be a host name such as crm.example.com';
  if (setting.type === 'number' && !/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) return 'must be a number';
  if (setting.type === 'boolean' && value !== 'true' && value !== 'false') return 'must be true or false';
  if (setting.type !== 'url') return null;
  try {
    readBaseAddress(value);
    return null;
  } catch {
    return 'must be an address such as https://crm.example.com';
  }
};

/** The setting that chooses one of several sign-ins. */
export const signInSetting = 'signIn';

type Given = Readonly<Record<string, string>>;

/** The sign-in that the admin has chosen; the first where nothing is said. Throws `source.settings_invalid`. */
export const chooseSignIn = (manifest: Manifest, source: { readonly id: string; readonly settings: Given }): AuthBody => {
  const { auth } = manifest;
  if (!Array.isArray(auth)) return auth;
  const wanted = source.settings[signInSetting];
  const chosen = wanted === undefined ? auth[0] : auth.find(({ id }) => id === wanted);
  if (chosen !== undefined) return chosen;
  const known = auth.map(({ id }) => id).join(', ');
  throw new AppError('source.settings_invalid', { source: source.id, problem: `“${signInSetting}” must be one of ${known}` });
};

/** Settings that only sign-ins use which were not chosen: nobody has to give them. */
const settingsOfOthers = (manifest: Manifest, chosen: AuthBody): ReadonlySet<string> => {
  if (!Array.isArray(manifest.auth)) return new Set();
  const { auth, ...rest } = manifest;
  const used = new Set([...settingsIn(chosen), ...settingsIn(rest)]);
  return new Set([...settingsIn(auth)].filter((name) => !used.has(name)));
};

/** The admin's settings and the manifest's defaults, checked. Throws `source.settings_invalid`. */
export const resolveSettings = (
  manifest: Manifest,
  source: { readonly id: string; readonly settings: Given; readonly allowPrivateNetwork?: boolean },
): Given => {
  const declared = manifest.connection.settings ?? {};
  const invalid = (problem: string): AppError => new AppError('source.settings_invalid', { source: source.id, problem });
  const isKnown = (name: string): boolean => Object.hasOwn(declared, name) || (name === signInSetting && Array.isArray(manifest.auth));
  const unknown = Object.keys(source.settings).find((name) => !isKnown(name));
  if (unknown !== undefined) throw invalid(`${manifest.id} has no setting “${unknown}”; it has ${Object.keys(declared).join(', ')}`);
  const notNeeded = settingsOfOthers(manifest, chooseSignIn(manifest, source));
  const resolved: Record<string, string> = {};
  for (const [name, setting] of Object.entries(declared)) {
    const value = Object.hasOwn(source.settings, name) ? source.settings[name] : setting.default;
    if (value === undefined || value === '') {
      if (setting.optional !== true && !notNeeded.has(name)) throw invalid(`“${name}” (${setting.title}) is missing`);
      continue;
    }
    const problem = problemWith(setting, value, source.allowPrivateNetwork === true);
    if (problem !== null) throw invalid(`“${name}” (${setting.title}) ${problem}`);
    resolved[name] = value;
  }
  return resolved;
};
