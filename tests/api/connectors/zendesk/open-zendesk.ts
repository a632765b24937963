import { zendeskSandbox } from '../../../../api/sandbox/src/zendesk/identity.ts';
import type { ZendeskSettings } from '../../../../api/sandbox/src/zendesk/settings.ts';
import type { OpenConnectorOptions } from '../../../../api/src/crm/connector-options.ts';
import { loadManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import { handClock } from '../../../sandbox/support/hand-clock.ts';
import { client, openZendesk } from '../../../sandbox/zendesk/zendesk.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';

/** Checked once: that takes as long as most tests. */
const manifest = loadManifest('api/connectors/zendesk/manifest.yaml');
export const zendeskManifest = () => manifest;

type Settings = Readonly<Record<string, string>>;

export const apiToken: Settings = { signIn: 'token', email: zendeskSandbox.adminEmail, apiToken: zendeskSandbox.apiToken };
export const oauthClient: Settings = { clientId: client.client_id, clientSecret: client.client_secret };

export interface StartOptions {
  readonly accounts?: number;
  readonly contacts?: number;
  readonly settings?: Partial<ZendeskSettings>;
}

/** A Zendesk account whose time stands still, and connectors that sleep by moving it. */
export const startZendesk = async (options: StartOptions = {}) => {
  const clock = handClock('2026-05-01T10:00:00.000Z');
  const crm = await openZendesk({ now: clock.now, ...options });
  const slept: number[] = [];
  const connect = async (settings: Settings = oauthClient, rest: Partial<OpenConnectorOptions> = {}): Promise<SourceConnector> =>
    openConnector({
      manifest: await manifest,
      source: { id: 'zendesk', settings: { address: crm.url, ...settings }, allowPrivateNetwork: true },
      clock: { nowMs: () => clock.now().getTime() },
      credentials: createMemoryCredentials(),
      random: () => 0.5,
      sleep: async (ms, signal) => {
        signal.throwIfAborted();
        slept.push(ms);
        clock.passMs(ms);
      },
      ...rest,
    });
  return {
    ...crm,
    connect,
    slept,
    nowMs: () => clock.now().getTime(),
    passMs: clock.passMs,
    massUpdate: (table: 'accounts' | 'contacts', count: number) => crm.ask('POST', '/sandbox/mass-update', { table, count }),
    requestsByRoute: async () =>
      (await crm.get<{ requestsByRoute: Readonly<Record<string, number>> }>('/sandbox/statistics')).body.requestsByRoute,
  };
};

export type StartedZendesk = Awaited<ReturnType<typeof startZendesk>>;
