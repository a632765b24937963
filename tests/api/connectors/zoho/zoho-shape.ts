import type { JsonObject } from '../../../../api/src/crm/types.ts';
import type { CrmReply, CrmRequest } from '../../crm/support/crm-server.ts';
import { readSample, startShapeServer } from '../support/shape-server.ts';

type Module = 'Accounts' | 'Contacts';
type Kept = JsonObject & { readonly id: string; readonly Modified_Time: string };
interface Deleted {
  readonly id: string;
  readonly deleted_time: string;
}

export const client = { clientId: '1000.SAMPLE', clientSecret: 'sample-secret', refreshToken: '1000.refresh.sample' } as const;

const pageSize = 200;
const numberedUpTo = 2000;
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;
const listParameters = ['fields', 'ids', 'cvid', 'page', 'per_page', 'page_token', 'sort_by', 'sort_order', 'converted', 'territory_id'];
const sample = (name: string): JsonObject => readSample('zoho', name);
const refuse = (status: number, name: string): CrmReply => ({ status, body: sample(name) });
const missing = (param: string): CrmReply => ({
  status: 400,
  body: {
    code: 'REQUIRED_PARAM_MISSING',
    details: { param_name: param },
    message: 'One of the expected parameter is missing',
    status: 'error',
  },
});
const invalid = (param: string): CrmReply => ({
  status: 400,
  body: { code: 'INVALID_DATA', details: { param_name: param }, message: 'invalid data', status: 'error' },
});
const nothing: CrmReply = { status: 204, body: '' };

/** Zoho CRM as its documentation has it, within the limits that it states. */
export const startZoho = async (options: { readonly mostByToken?: number } = {}) => {
  const { mostByToken = 100_000 } = options;
  const records: Readonly<Record<Module, Map<string, Kept>>> = { Accounts: new Map(), Contacts: new Map() };
  const deleted: Readonly<Record<Module, Deleted[]>> = { Accounts: [], Contacts: [] };
  const goodTokens = new Set<string>();
  let issued = 0;
  let zgid = '694579981';
  let credits: string | null = null;
  let url = '';

  const moduleOf = ([, name]: RegExpExecArray): Module => (name === 'Accounts' ? 'Accounts' : 'Contacts');
  const signedIn =
    (answer: (request: CrmRequest, match: RegExpExecArray) => CrmReply) =>
    (request: CrmRequest, match: RegExpExecArray): CrmReply => {
      const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
      return scheme === 'Zoho-oauthtoken' && goodTokens.has(value) ? answer(request, match) : refuse(401, 'error-401');
    };

  const token = ({ body }: CrmRequest): CrmReply => {
    const form = new URLSearchParams(body);
    const isClient = form.get('client_id') === client.clientId && form.get('client_secret') === client.clientSecret;
    const isGood = form.get('refresh_token') === client.refreshToken || form.get('code') === 'good-code';
    // With HTTP 200.
    if (!isClient || !isGood) return { body: sample('error-invalid-code') };
    issued += 1;
    goodTokens.add(`1000.${issued}`);
    const refresh = form.get('grant_type') === 'authorization_code' ? { refresh_token: client.refreshToken } : {};
    return { body: { ...sample('post-oauth-token'), ...refresh, access_token: `1000.${issued}`, api_domain: url } };
  };

  /** Only what was asked for, and the id. */
  const shown = (record: Kept, fields: readonly string[]): JsonObject =>
    Object.fromEntries(Object.entries(record).filter(([name]) => name === 'id' || fields.includes(name)));

  const list = ({ query, headers }: CrmRequest, match: RegExpExecArray): CrmReply => {
    const fields = query.get('fields')?.split(',') ?? [];
    const perPage = Number(query.get('per_page') ?? pageSize);
    const [pageToken, page, since] = [query.get('page_token'), query.get('page'), headers['if-modified-since']];
    if (fields.length === 0) return missing('fields');
    if (fields.length > 50 || fields.some((field) => field.includes('.'))) return invalid('fields');
    if (perPage > pageSize || (pageToken !== null && page !== null)) return invalid('page');
    if (since !== undefined && !withOffset.test(String(since))) return invalid('If-Modified-Since');
    const start = pageToken === null ? (Number(page ?? 1) - 1) * perPage : Number(/^token-(\d+)$/.exec(pageToken)?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) return invalid('page_token');
    if (pageToken === null && start + perPage > numberedUpTo) return invalid('page');
    const wanted = query.get('ids')?.split(',');
    const sinceMs = since === undefined ? 0 : Date.parse(String(since));
    const found = [...records[moduleOf(match)].values()]
      .filter(({ id, Modified_Time: at }) => (wanted?.includes(id) ?? true) && Date.parse(at) >= sinceMs)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    if (found.length === 0) return since === undefined ? nothing : { status: 304, body: '' };
    const data = found.slice(start, start + perPage).map((record) => shown(record, fields));
    const end = start + data.length;
    const next = end < found.length && end < mostByToken ? `token-${end}` : null;
    const info = { ...(sample('get-records-contacts').info as JsonObject), count: data.length, more_records: end < found.length };
    return { body: { data, info: { ...info, next_page_token: next } } };
  };

  const get = (_request: CrmRequest, match: RegExpExecArray): CrmReply => {
    const id = match[2] ?? '';
    if (!/^\d{18}$/.test(id)) return refuse(400, 'error-400');
    const found = records[moduleOf(match)].get(id);
    return found === undefined ? nothing : { body: { data: [found] } };
  };

  const deletions = ({ query, headers }: CrmRequest, match: RegExpExecArray): CrmReply => {
    const sinceMs = Date.parse(String(headers['if-modified-since'] ?? '')) || 0;
    const page = Number(query.get('page') ?? 1);
    const found = deleted[moduleOf(match)].filter(({ deleted_time: at }) => Date.parse(at) >= sinceMs);
    if (found.length === 0) return nothing;
    const [first] = readSample<{ data: readonly JsonObject[] }>('zoho', 'get-deleted-records').data;
    const data = found.slice((page - 1) * pageSize, page * pageSize).map((one) => ({ ...first, ...one }));
    return { body: { data, info: { per_page: pageSize, count: data.length, page, more_records: page * pageSize < found.length } } };
  };

  const org = (): CrmReply => {
    const answer = readSample<{ org: readonly JsonObject[] }>('zoho', 'get-org');
    return { body: { org: answer.org.map((one) => ({ ...one, zgid })) } };
  };

  const server = await startShapeServer(
    [
      { method: 'POST', path: /^\/oauth\/v2\/token$/, answer: token },
      { path: /^\/crm\/v8\/org$/, answer: signedIn(org) },
      { path: /^\/crm\/v8\/(Accounts|Contacts)$/, parameters: listParameters, answer: signedIn(list) },
      { path: /^\/crm\/v8\/(Accounts|Contacts)\/deleted$/, parameters: ['type', 'page', 'per_page'], answer: signedIn(deletions) },
      { path: /^\/crm\/v8\/(Accounts|Contacts)\/([^/]+)$/, parameters: ['fields'], answer: signedIn(get) },
    ],
    (): Readonly<Record<string, string>> => (credits === null ? {} : { 'x-api-credits-remaining': credits }),
  );
  url = server.url;

  return {
    ...server,
    put: (module: Module, id: string, values: JsonObject = {}): void => {
      const [first] = readSample<{ data: readonly Kept[] }>('zoho', `get-records-${module.toLowerCase()}`).data;
      if (first === undefined) throw new Error('the sample is empty');
      records[module].set(id, { ...first, ...records[module].get(id), ...values, id });
    },
    delete: (module: Module, id: string, at: string): void => {
      records[module].delete(id);
      deleted[module].push({ id, deleted_time: at });
    },
    endTokens: (): void => goodTokens.clear(),
    becomeOrganisation: (id: string): void => {
      zgid = id;
    },
    sayCredits: (remaining: number): void => {
      credits = String(remaining);
    },
  };
};
