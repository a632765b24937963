import { type JsonObject, requestJson } from './http-json.ts';

type CrmCollection = 'companies' | 'people';

export interface CrmFault {
  readonly kind: 'unavailable' | 'throttle' | 'unauthorised' | 'cutBody' | 'slow';
  /** How many of the next requests it strikes. */
  readonly count: number;
  readonly retryAfterSeconds?: number;
  /** Of `slow`: how long the answer waits. */
  readonly delayMs?: number;
  /** Only requests whose path begins with this. */
  readonly path?: string;
  /** So many requests that fit go through before the first is struck. */
  readonly after?: number;
}

/** The sandbox's CRM as a test handles it: through its API, like everybody. Ids are text, as beyond 2^53 they would not survive as numbers. */
export interface SandboxCrm {
  /** By path from the CRM's root, e.g. `/api/v1/people?page=2`. */
  get<Body = JsonObject>(path: string): Promise<Body>;
  /** The same before JSON's numbers lose their last digits. */
  getText(path: string): Promise<string>;
  /** The new record's id. */
  create(collection: CrmCollection, values: JsonObject): Promise<string>;
  patch(collection: CrmCollection, id: string, values: JsonObject): Promise<JsonObject>;
  /** Softly. */
  delete(collection: CrmCollection, id: string): Promise<void>;
  /** How many live records there are. */
  count(collection: CrmCollection): Promise<number>;
  subscribe(subscription: { readonly url: string; readonly secret: string }): Promise<void>;
  addFault(fault: CrmFault): Promise<void>;
  clearFaults(): Promise<void>;
  clearStatistics(): Promise<void>;
}

export const connectToCrm = ({ crmUrl, apiKey }: { readonly crmUrl: string; readonly apiKey: string }): SandboxCrm => {
  const headers = { 'x-api-key': apiKey };
  const api = `${crmUrl}/api/v1`;
  const recordUrl = (collection: CrmCollection, id: string): string => `${api}/${collection}/${encodeURIComponent(id)}`;
  return {
    get: (path) => requestJson(`${crmUrl}${path}`, { headers }),
    getText: async (path) => (await fetch(`${crmUrl}${path}`, { headers })).text(),
    create: async (collection, values) => {
      const { id } = await requestJson<{ id: string | number }>(`${api}/${collection}`, { method: 'POST', headers, body: values });
      return String(id);
    },
    patch: (collection, id, values) => requestJson(recordUrl(collection, id), { method: 'PATCH', headers, body: values }),
    delete: async (collection, id) => {
      await requestJson(recordUrl(collection, id), { method: 'DELETE', headers });
    },
    count: async (collection) => (await requestJson<{ total: number }>(`${api}/${collection}?per_page=1`, { headers })).total,
    subscribe: async (subscription) => {
      await requestJson(`${api}/hooks`, { method: 'POST', headers, body: subscription });
    },
    addFault: async (fault) => {
      await requestJson(`${crmUrl}/sandbox/faults`, { method: 'POST', body: fault });
    },
    clearFaults: async () => {
      await requestJson(`${crmUrl}/sandbox/faults`, { method: 'DELETE' });
    },
    clearStatistics: async () => {
      await requestJson(`${crmUrl}/sandbox/statistics`, { method: 'DELETE' });
    },
  };
};
