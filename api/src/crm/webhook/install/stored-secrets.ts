import { AppError } from '../../../errors/app-error.ts';
import type { WebhooksBody } from '../../manifest/schema/webhook.ts';
import type { CredentialStore } from '../../types.ts';

type Settings = Readonly<Record<string, string>>;

/** Secrets that the CRM made and `install` has read back, by the names of the settings whose place they take. */
export interface StoredSecrets {
  read(): Promise<Settings>;
  keep(setting: string, secret: string): Promise<void>;
  forget(): Promise<void>;
}

const nameOf = (setting: string): string => `webhook.${setting}`;

export const storedSettingsOf = ({ install }: WebhooksBody): readonly string[] =>
  (install?.resources ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [secret.setting]));

/**
 * The webhook with what is stored beside what is configured: either is accepted, so that a secret that the admin has put into the
 * configuration by hand works whatever is stored, and the other way round.
 */
export const withStoredSecrets = (
  webhooks: WebhooksBody,
  settings: Settings,
  stored: Settings,
): { readonly webhooks: WebhooksBody; readonly settings: Settings } => {
  const { verify } = webhooks;
  if (!('secret' in verify)) return { webhooks, settings };
  // No setting has such a name.
  const names = Object.keys(stored).map((name) => `${name} (stored)`);
  return {
    webhooks: { ...webhooks, verify: { ...verify, secret: [...[verify.secret].flat(), ...names] } },
    settings: { ...settings, ...Object.fromEntries(Object.entries(stored).map(([name, secret]) => [`${name} (stored)`, secret])) },
  };
};

export const createStoredSecrets = (sourceId: string, names: readonly string[], credentials: CredentialStore | null): StoredSecrets => {
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
