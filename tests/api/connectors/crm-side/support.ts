import { dirname } from 'node:path';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import { samplesFolder } from '../../../../api/src/configured-manifest.ts';
import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import type { HookGuide } from '../../../../api/src/crm/webhook/install/types.ts';
import type { VerifiedDelivery } from '../../../../api/src/crm/webhook/types.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';

/** Published with Standard Webhooks 1.0, with the id, the time, the body and the signature that go with it. */
export const golden = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampSeconds: 1614265330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
} as const;

/** What a connector in the box needs to be opened; nothing is asked of these addresses. */
const settingsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  salesforce: { address: 'https://acme.my.salesforce.com', clientId: 'a', clientSecret: 'b' },
  servicenow: { address: 'https://acme.service-now.com', clientId: 'a', clientSecret: 'b' },
  hubspot: { portalId: '62515', accessToken: 'a' },
  zendesk: { address: 'https://acme.zendesk.com', clientId: 'a', clientSecret: 'b' },
  northwind: { baseUrl: 'https://crm.example.com', apiKey: 'a' },
  'rest-template': { address: 'https://crm.example.com', apiKey: 'a' },
  pipedrive: { address: 'https://acme.pipedrive.com', apiToken: 'a' },
};

/** Read once: that takes as long as most tests. */
const manifests = new Map<string, ReturnType<typeof loadManifest>>();
const manifestOf = (file: string): ReturnType<typeof loadManifest> => {
  const known = manifests.get(file) ?? loadManifest(file);
  manifests.set(file, known);
  return known;
};

interface OpenOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly nowMs?: number;
  /** The CRM is at a private address, as the receivers of tests are. */
  readonly isNear?: boolean;
}

export const openInBox = async (
  id: string,
  { settings = {}, nowMs = Date.now(), isNear = false }: OpenOptions = {},
): Promise<SourceConnector> => {
  const file = `api/connectors/${id}/manifest.yaml`;
  return openConnector({
    manifest: await manifestOf(file),
    source: { id, settings: { ...settingsOf[id], ...settings }, allowPrivateNetwork: isNear },
    clock: { nowMs: () => nowMs },
    credentials: createMemoryCredentials(),
    folder: dirname(file),
    samplesFolder,
  });
};

export const address = 'https://sync.example.com/webhooks/crm';

export const printed = async (id: string, place = address, options: OpenOptions = {}): Promise<HookGuide> => {
  const webhookSetup = (await openInBox(id, options)).webhookSetups.get('');
  if (webhookSetup === undefined) throw new Error(`${id} has no webhook`);
  return webhookSetup.print({ address: place, source: 'crm' });
};

interface Posted {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** As the door takes it, which knows nothing of the programs that have signed it. */
export const judge = ({ webhook }: SourceConnector, { headers, body }: Posted, nowMs: number): VerifiedDelivery => {
  if (webhook === null) throw new Error('no webhook');
  return webhook.verify({ method: 'POST', url: address, headers, rawBody: Buffer.from(body) }, nowMs);
};
