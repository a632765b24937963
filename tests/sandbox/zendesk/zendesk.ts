import { zendeskSandbox } from '../../../api/sandbox/src/zendesk/identity.ts';
import { type ZendeskOptions, startZendesk } from '../../../api/sandbox/src/zendesk/server.ts';
import type { JsonObject } from '../../support/http-json.ts';
import { type Answer, ask } from '../support/ask.ts';

export interface UserPage {
  readonly users: readonly (JsonObject & { readonly id: number; readonly active: boolean; readonly role: string })[];
  readonly count?: number;
  readonly next_page?: string | null;
  readonly meta?: { readonly has_more: boolean; readonly after_cursor: string | null };
  readonly links?: { readonly next: string | null; readonly prev: string | null };
  readonly after_cursor?: string;
  readonly after_url?: string;
  readonly end_of_stream?: boolean;
}

export interface OrganizationExport {
  readonly organizations: readonly (JsonObject & { readonly id: number })[];
  readonly end_time: number;
  readonly next_page: string;
  readonly count: number;
  readonly end_of_stream: boolean;
}

/** Limits that no test meets by accident. */
const roomy = { requestsPerMinute: 100_000, incrementalRequestsPerMinute: 100_000 };

const basic = `Basic ${Buffer.from(`${zendeskSandbox.adminEmail}/token:${zendeskSandbox.apiToken}`).toString('base64')}`;

/** An account of the test's own, and a way to ask it as its admin. */
export const openZendesk = async ({ settings, ...options }: Partial<ZendeskOptions> = {}) => {
  const server = await startZendesk({
    host: '127.0.0.1',
    port: 0,
    accounts: 0,
    contacts: 0,
    seed: 1,
    settings: { ...roomy, ...settings },
    ...options,
  });
  const request = <Body = JsonObject>(method: string, path: string, json?: unknown, authorization: string = basic): Promise<Answer<Body>> =>
    ask(path.startsWith('http') ? path : `${server.url}${path}`, { method, json, headers: { authorization } });
  const users = async (path: string) => (await request<UserPage>('GET', path)).body;
  return {
    url: server.url,
    close: server.close,
    ask: request,
    get: <Body = JsonObject>(path: string) => request<Body>('GET', path),
    users,
    /** The first so many end users' ids. */
    endUserIds: async (count: number) => (await users(`/api/v2/users?role=end-user&page[size]=${count}`)).users.map(({ id }) => id),
    token: async (fields: JsonObject) =>
      request<{ access_token: string; refresh_token?: string }>('POST', '/oauth/tokens', { ...client, ...fields }, ''),
  };
};

export const client = { client_id: zendeskSandbox.clientId, client_secret: zendeskSandbox.clientSecret } as const;

export type OpenZendesk = Awaited<ReturnType<typeof openZendesk>>;
