import { type NorthwindOptions, northwindApiKey, startNorthwind } from '../../../api/sandbox/src/northwind/server.ts';
import type { JsonObject } from '../../support/http-json.ts';

export interface Answer<Body = JsonObject> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

export interface PageBody {
  readonly data: readonly JsonObject[];
  readonly page: number;
  readonly per_page: number;
  readonly total_pages: number;
  readonly total: number;
}

/** A CRM of the test's own, and a way to ask it. */
export const openNorthwind = async (options: Partial<NorthwindOptions> = {}) => {
  const server = await startNorthwind({ host: '127.0.0.1', port: 0, accounts: 0, contacts: 0, seed: 1, ...options });
  const ask = async <Body = JsonObject>(method: string, path: string, body?: unknown): Promise<Answer<Body>> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'x-api-key': northwindApiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
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
    page: async (path: string) => (await ask<PageBody>('GET', path)).body,
  };
};

export type OpenNorthwind = Awaited<ReturnType<typeof openNorthwind>>;
