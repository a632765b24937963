import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { type HubSpotOptions, startHubSpot } from '../../../api/sandbox/src/hubspot/server.ts';
import { type JsonObject } from '../../support/http-json.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

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
  const ask = async <Body = JsonObject>(
    method: string,
    path: string,
    body?: unknown,
    token: string = hubSpotSandbox.privateAppToken,
  ): Promise<Answer<Body>> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as Body };
  };
  return {
    url: server.url,
    close: server.close,
    ask,
    get: <Body = JsonObject>(path: string) => ask<Body>('GET', path),
    page: async (path: string) => (await ask<HubSpotPage>('GET', path)).body,
    record: async (path: string) => (await ask<HubSpotRecord>('GET', path)).body,
    search: (type: 'contacts' | 'companies', body: object) => ask<HubSpotPage>('POST', `/crm/objects/2026-03/${type}/search`, body),
    form: (path: string, fields: Readonly<Record<string, string>>) => fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) }),
  };
};

export type OpenHubSpot = Awaited<ReturnType<typeof openHubSpot>>;

export const idsOf = ({ results }: HubSpotPage): readonly string[] => results.map(({ id }) => id);
