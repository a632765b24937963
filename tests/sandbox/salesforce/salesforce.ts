import { clientId, clientSecret } from '../../../api/sandbox/src/salesforce/data/identity.ts';
import { type SalesforceOptions, startSalesforce } from '../../../api/sandbox/src/salesforce/server.ts';
import type { JsonObject } from '../../support/http-json.ts';
import { type AskOptions, ask } from '../support/ask.ts';

export interface QueryPage {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly JsonObject[];
}

export type Problem = readonly { readonly errorCode: string; readonly message: string; readonly fields?: readonly string[] }[];

export const version = 'v66.0';

/** An organisation of the test's own, and a way to ask it as a signed-in client. */
export const openSalesforce = async (options: Partial<SalesforceOptions> = {}) => {
  const server = await startSalesforce({ host: '127.0.0.1', port: 0, accounts: 0, contacts: 0, seed: 1, ...options });
  const token = (form: Readonly<Record<string, string>>) => ask(`${server.url}/services/oauth2/token`, { form });
  const signIn = async (): Promise<string> => {
    const { body } = await token({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    return String(body.access_token);
  };
  let session = await signIn();
  const send = <Body = JsonObject>(path: string, rest: AskOptions = {}) =>
    ask<Body>(`${server.url}${path}`, { ...rest, headers: { authorization: `Bearer ${session}`, ...rest.headers } });
  const data = <Body = JsonObject>(path: string, rest: AskOptions = {}) => send<Body>(`/services/data/${version}${path}`, rest);
  const query = <Body = QueryPage>(soql: string, rest: AskOptions & { readonly path?: 'query' | 'queryAll' } = {}) =>
    data<Body>(`/${rest.path ?? 'query'}?q=${encodeURIComponent(soql)}`, rest);

  return {
    url: server.url,
    close: server.close,
    token,
    send,
    data,
    query,
    signInAgain: async (): Promise<void> => {
      session = await signIn();
    },
    rows: async (soql: string): Promise<readonly JsonObject[]> => (await query(soql)).body.records,
    /** Follows nextRecordsUrl to the end. */
    walk: async (soql: string, headers: Readonly<Record<string, string>> = {}): Promise<readonly JsonObject[]> => {
      const found: JsonObject[] = [];
      let page = (await query(soql, { headers })).body;
      for (;;) {
        found.push(...page.records);
        if (page.done || page.nextRecordsUrl === undefined) return found;
        page = (await send<QueryPage>(page.nextRecordsUrl, { headers })).body;
      }
    },
    control: (method: string, path: string, json?: unknown) => ask(`${server.url}/sandbox/${path}`, { method, json }),
    set: (settings: object) => ask(`${server.url}/sandbox/settings`, { method: 'PATCH', json: settings }),
    fault: (fault: object) => ask(`${server.url}/sandbox/faults`, { json: { count: 1, ...fault } }),
  };
};

export type OpenSalesforce = Awaited<ReturnType<typeof openSalesforce>>;
