import { clientId, clientSecret, password, userName } from '../../../api/sandbox/src/servicenow/data/identity.ts';
import { type ServiceNowOptions, startServiceNow } from '../../../api/sandbox/src/servicenow/server.ts';
import type { JsonObject } from '../../support/http-json.ts';
import { type AskOptions, ask } from '../support/ask.ts';

export interface TablePage {
  readonly result: readonly JsonObject[];
}
export interface OneRow {
  readonly result: JsonObject;
}

export const basic = `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`;
export const client = { client_id: clientId, client_secret: clientSecret };

type Parameters = Readonly<Record<string, string | number | boolean>>;

const queryOf = (parameters: Parameters): string =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [`sysparm_${name}`, String(value)])).toString();

/** An instance of the test's own, and a way to ask it as the integration user. */
export const openServiceNow = async (options: Partial<ServiceNowOptions> = {}) => {
  const server = await startServiceNow({ host: '127.0.0.1', port: 0, accounts: 0, contacts: 0, seed: 1, ...options });
  const send = <Body = JsonObject>(path: string, rest: AskOptions = {}) =>
    ask<Body>(`${server.url}${path}`, { ...rest, headers: { authorization: basic, ...rest.headers } });
  /** `table('customer_account', { query: 'name=x', limit: 5 })`: parameters without their `sysparm_`. */
  const table = <Body = TablePage>(path: string, parameters: Parameters = {}, rest: AskOptions = {}) =>
    send<Body>(`/api/now/table/${path}?${queryOf(parameters)}`, rest);
  const rows = async (name: string, query: string, parameters: Parameters = {}) =>
    (await table(name, { query, ...parameters })).body.result;

  return {
    url: server.url,
    close: server.close,
    send,
    table,
    rows,
    /** The named column of each row. */
    column: async (name: string, query: string, element = 'name') => (await rows(name, query)).map((row) => row[element]),
    countOf: async (name: string, query: string): Promise<number> =>
      Number((await table(name, { query, limit: 1 })).headers.get('x-total-count')),
    token: (form: Readonly<Record<string, string>>) => ask(`${server.url}/oauth_token.do`, { form }),
    control: (method: string, path: string, json?: unknown) => ask(`${server.url}/sandbox/${path}`, { method, json }),
    set: (settings: object) => ask(`${server.url}/sandbox/settings`, { method: 'PATCH', json: settings }),
    fault: (fault: object) => ask(`${server.url}/sandbox/faults`, { json: { count: 1, ...fault } }),
  };
};

export type OpenServiceNow = Awaited<ReturnType<typeof openServiceNow>>;
