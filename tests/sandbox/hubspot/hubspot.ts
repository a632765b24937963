import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { type HubSpotOptions, startHubSpot } from '../../../api/sandbox/src/hubspot/server.ts';
import type { JsonObject } from '../../support/http-json.ts';
import { type Answer, ask } from '../support/ask.ts';

export interface HubSpotRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
  readonly archivedAt?: string;
}

export interface HubSpotPage {
  readonly total: number;
  readonly results: readonly HubSpotRecord[];
  readonly paging?: { readonly next: { readonly after: string } };
}

/** Limits that no test meets by accident. */
const roomy = { requestsPerTenSeconds: 100_000, searchesPerSecond: 100_000 };

/** A portal of the test's own, and a way to ask it as the private app. */
export const openHubSpot = async ({ settings, ...options }: Partial<HubSpotOptions> = {}) => {
  const server = await startHubSpot({
    host: '127.0.0.1',
    port: 0,
    accounts: 0,
    contacts: 0,
    seed: 1,
    settings: { ...roomy, ...settings },
    ...options,
  });
  const request = <Body = JsonObject>(
    method: string,
    path: string,
    json?: unknown,
    token: string = hubSpotSandbox.privateAppToken,
  ): Promise<Answer<Body>> => ask(`${server.url}${path}`, { method, json, headers: { authorization: `Bearer ${token}` } });
  return {
    url: server.url,
    close: server.close,
    ask: request,
    get: <Body = JsonObject>(path: string) => request<Body>('GET', path),
    page: async (path: string) => (await request<HubSpotPage>('GET', path)).body,
    record: async (path: string) => (await request<HubSpotRecord>('GET', path)).body,
    search: (type: 'contacts' | 'companies', body: object) => request<HubSpotPage>('POST', `/crm/objects/2026-03/${type}/search`, body),
    form: (path: string, fields: Readonly<Record<string, string>>) =>
      fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) }),
  };
};

export type OpenHubSpot = Awaited<ReturnType<typeof openHubSpot>>;

export const idsOf = ({ results }: HubSpotPage): readonly string[] => results.map(({ id }) => id);
