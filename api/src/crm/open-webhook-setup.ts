import type { Manifest } from './manifest/schema/manifest.ts';
import type { InstallBody } from './manifest/schema/webhook-install.ts';
import type { CredentialStore } from './sign-in/types.ts';
import { type HookBodies, hooksOf } from './webhook/hooks-of.ts';
import { createDoorWithStoredSecrets } from './webhook/install/door-with-stored-secrets.ts';
import type { InstallConnection } from './webhook/install/resource.ts';
import { createStoredSecrets, storedSettingsOf, withStoredSecrets } from './webhook/install/stored-secrets.ts';
import type { WebhookSetup } from './webhook/install/types.ts';
import { createWebhookSetup } from './webhook/install/webhook-setup.ts';
import type { WebhookDoor } from './webhook/types.ts';

type Settings = Readonly<Record<string, string>>;

export interface OpenWebhookSetupOptions {
  readonly sourceId: string;
  readonly manifest: Manifest;
  readonly settings: Settings;
  readonly credentials: CredentialStore | null;
  readonly isNear: boolean;
  readonly folder: string | null;
  readonly samplesFolder: string | null;
  /** With what is configured; null where the manifest declares no webhook. */
  readonly door: WebhookDoor | null;
  /** The same door with other secrets. */
  readonly openDoor: (bodies: HookBodies, settings: Settings) => WebhookDoor;
  readonly connect: (install: InstallBody) => InstallConnection;
}

/** How the CRM is brought to knock at the door, and the door that then knows the secrets which the CRM has made. */
export const openWebhookSetup = (
  options: OpenWebhookSetupOptions,
): { readonly webhook: WebhookDoor | null; readonly webhookSetups: ReadonlyMap<string, WebhookSetup> } => {
  const { sourceId, manifest, settings, credentials, door, openDoor, connect } = options;
  const bodies = hooksOf(manifest);
  const stored = new Map(
    [...bodies].map(([hook, body]) => [hook, createStoredSecrets({ sourceId, hook, names: storedSettingsOf(body), credentials })] as const),
  );
  const webhookSetups = new Map(
    [...bodies].flatMap(([hook, webhooks]) => {
      const own = stored.get(hook);
      if (own === undefined) return [];
      return [[hook, createWebhookSetup({ ...options, webhooks, stored: own, connect: () => connect(webhooks.install ?? {}) })] as const];
    }),
  );
  const canStore = credentials !== null && [...bodies.values()].some((body) => storedSettingsOf(body).length > 0);
  if (door === null || !canStore) return { webhook: door, webhookSetups };
  const readStored = async (): Promise<Readonly<Record<string, Settings>>> =>
    Object.fromEntries(await Promise.all([...stored].map(async ([hook, own]) => [hook, await own.read()] as const)));
  const open = (secrets: Readonly<Record<string, Settings>>): WebhookDoor => {
    const all = withStoredSecrets(bodies, settings, secrets);
    return openDoor(all.bodies, all.settings);
  };
  return { webhook: createDoorWithStoredSecrets({ door, open, readStored }), webhookSetups };
};
