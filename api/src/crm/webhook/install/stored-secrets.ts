import { AppError } from '../../../errors/app-error.ts';
import type { WebhooksBody } from '../../manifest/schema/webhook.ts';
import type { CredentialStore } from '../../sign-in/types.ts';
import type { HookBodies } from '../hooks-of.ts';

type Settings = Readonly<Record<string, string>>;

/** Secrets that the CRM made and `install` has read back, by the names of the settings whose place they take. */
export interface StoredSecrets {
  read(): Promise<Settings>;
  keep(setting: string, secret: string): Promise<void>;
  forget(): Promise<void>;
}

/** A CRM makes a secret for each webhook, though the manifest may have them all take the place of one setting. */
const nameIn = (hook: string, setting: string): string => (hook === '' ? `webhook.${setting}` : `webhook.${hook}.${setting}`);

export const storedSettingsOf = ({ install }: WebhooksBody): readonly string[] =>
  (install?.resources ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [secret.setting]));

const withSecrets = (body: WebhooksBody, names: readonly string[]): WebhooksBody =>
  'secret' in body.verify ? { ...body, verify: { ...body.verify, secret: [...[body.verify.secret].flat(), ...names] } } : body;

/**
 * The webhooks with what is stored beside what is configured: either is accepted, so that a secret that the admin has put into the
 * configuration by hand works whatever is stored, and the other way round. `stored` is by the names of the webhooks.
 */
export const withStoredSecrets = (
  bodies: HookBodies,
  settings: Settings,
  stored: Readonly<Record<string, Settings>>,
): { readonly bodies: HookBodies; readonly settings: Settings } => {
  // No setting has such a name.
  const nameOf = (hook: string, setting: string): string => (hook === '' ? `${setting} (stored)` : `${setting} of ${hook} (stored)`);
  const secrets = Object.entries(stored).flatMap(([hook, own]) =>
    Object.entries(own).map(([setting, secret]) => [nameOf(hook, setting), secret] as const),
  );
  const namesOf = (hook: string): readonly string[] => Object.keys(stored[hook] ?? {}).map((setting) => nameOf(hook, setting));
  return {
    bodies: new Map([...bodies].map(([hook, body]) => [hook, withSecrets(body, namesOf(hook))])),
    settings: { ...settings, ...Object.fromEntries(secrets) },
  };
};

export const createStoredSecrets = (options: {
  readonly sourceId: string;
  /** Of the webhook; the main one's is empty. */
  readonly hook: string;
  /** The settings whose place they take. */
  readonly names: readonly string[];
  readonly credentials: CredentialStore | null;
}): StoredSecrets => {
  const { sourceId, hook, names, credentials } = options;
  const nameOf = (setting: string): string => nameIn(hook, setting);
  /** Another process may keep one at the same time: the last word counts, and both have read the same from the CRM. */
  const put = async (setting: string, secret: string): Promise<void> => {
    if (credentials === null) throw new AppError('source.secrets_key_missing', { source: sourceId });
    for (;;) {
      const before = await credentials.read(sourceId, nameOf(setting));
      if (before === secret || (await credentials.replace(sourceId, nameOf(setting), before, secret))) return;
    }
  };
  const read = async (): Promise<Settings> => {
    if (credentials === null) return {};
    const entries = await Promise.all(names.map(async (name) => [name, (await credentials.read(sourceId, nameOf(name))) ?? ''] as const));
    return Object.fromEntries(entries.filter(([, secret]) => secret !== ''));
  };
  return {
    read,
    keep: put,
    forget: async () => {
      for (const name of Object.keys(await read())) await put(name, '');
    },
  };
};
