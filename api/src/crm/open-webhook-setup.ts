import type { Manifest } from './manifest/schema/manifest.ts';
import type { CredentialStore, WebhookDoor, WebhookSetup } from './types.ts';
import { createDoorWithStoredSecrets } from './webhook/install/door-with-stored-secrets.ts';
import type { InstallConnection } from './webhook/install/resource.ts';
import { createStoredSecrets, storedSettingsOf, withStoredSecrets } from './webhook/install/stored-secrets.ts';
import { createWebhookSetup } from './webhook/install/webhook-setup.ts';

type Settings = Readonly<Record<string, string>>;
type WebhooksBody = NonNullable<Manifest['webhooks']>;

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
  readonly openDoor: (webhooks: WebhooksBody, settings: Settings) => WebhookDoor;
  readonly connect: () => InstallConnection;
}

/** How the CRM is brought to knock at the door, and the door that then knows the secrets which the CRM has made. */
export const openWebhookSetup = (
  options: OpenWebhookSetupOptions,
): { readonly webhook: WebhookDoor | null; readonly webhookSetup: WebhookSetup | null } => {
  const { sourceId, manifest, settings, credentials, door, openDoor } = options;
  const { webhooks } = manifest;
  if (door === null || webhooks === undefined) return { webhook: door, webhookSetup: null };
  const names = storedSettingsOf(webhooks);
  const stored = createStoredSecrets(sourceId, names, credentials);
  const openWith = (secrets: Settings): WebhookDoor => {
    const all = withStoredSecrets(webhooks, settings, secrets);
    return openDoor(all.webhooks, all.settings);
  };
  return {
    webhook: names.length === 0 || credentials === null ? door : createDoorWithStoredSecrets({ door, open: openWith, stored }),
    webhookSetup: createWebhookSetup({ ...options, webhooks, stored }),
  };
};
