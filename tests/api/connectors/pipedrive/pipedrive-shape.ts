import type { JsonObject } from '../../../../api/src/crm/types.ts';
import type { CrmReply, CrmRequest } from '../../crm/support/crm-server.ts';
import { readSample, startShapeServer } from '../support/shape-server.ts';

type Entity = 'persons' | 'organizations';
type Kept = JsonObject & { readonly id: number; readonly update_time: string; readonly is_deleted: boolean };

export const apiToken = 'pipedrive-sample-api-token';
export const client = { clientId: 'app-1', clientSecret: 'app-secret', refreshToken: '12122:1:0c9b7d8e' } as const;

const largestPage = 500;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const listParameters = ['ids', 'updated_since', 'updated_until', 'sort_by', 'sort_direction', 'limit', 'cursor'];
const sample = (name: string): JsonObject => readSample('pipedrive', name);
const refuse = (status: number, name: string): CrmReply => ({ status, body: sample(name) });
const badRequest: CrmReply = { status: 400, body: { success: false, error: 'Bad request', code: 'ERR_BAD_REQUEST' } };

/** An opaque marker of the first item on the next page: as the documented one does, it names the last id. */
const cursorAfter = (id: number): string =>
  Buffer.from(JSON.stringify({ field: 'id', fieldValue: id, sortDirection: 'asc', id })).toString('base64url');
const idIn = (cursor: string): number => (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { id: number }).id;

/** Pipedrive as its documentation has it: what is not documented (deleted records in lists) is not there. */
export const startPipedrive = async () => {
  const records: Readonly<Record<Entity, Map<number, Kept>>> = { persons: new Map(), organizations: new Map() };
  const accessTokens = new Set<string>();
  let issued = 0;
  let companyId = 12_122;
  let apiDomain = '';
  let remaining = '80';

  const isSignedIn = ({ headers }: CrmRequest): boolean =>
    headers['x-api-token'] === apiToken || accessTokens.has((headers.authorization ?? '').replace(/^Bearer /, ''));
  const signedIn =
    (answer: (request: CrmRequest, match: RegExpExecArray) => CrmReply) =>
    (request: CrmRequest, match: RegExpExecArray): CrmReply =>
      isSignedIn(request) ? answer(request, match) : refuse(401, 'error-401');
  const entityOf = ([, entity]: RegExpExecArray): Entity => (entity === 'persons' ? 'persons' : 'organizations');

  const list = ({ query }: CrmRequest, match: RegExpExecArray): CrmReply => {
    const entity = entityOf(match);
    const limit = Number(query.get('limit') ?? 100);
    const [since, until, ids, cursor] = ['updated_since', 'updated_until', 'ids', 'cursor'].map((name) => query.get(name));
    const badTime = [since, until].some((time) => time != null && !rfc3339.test(time));
    const wanted = ids?.split(',').map(Number);
    if (badTime || limit > largestPage || (wanted?.length ?? 0) > 100 || query.get('sort_by') === 'name') return badRequest;
    const found = [...records[entity].values()]
      .filter(({ is_deleted }) => !is_deleted)
      .filter(({ id }) => wanted?.includes(id) ?? true)
      .filter(({ update_time: at }) => (since == null || at >= since) && (until == null || at < until))
      .filter(({ id }) => cursor == null || id > idIn(cursor))
      .toSorted((one, other) => one.id - other.id);
    const data = found.slice(0, limit);
    const next = found.length > limit ? cursorAfter(data.at(-1)?.id ?? 0) : null;
    return { body: { ...sample(`get-${entity}`), data, additional_data: { next_cursor: next } } };
  };

  const get = (_request: CrmRequest, match: RegExpExecArray): CrmReply => {
    const found = records[entityOf(match)].get(Number(match[2]));
    return found === undefined ? refuse(404, 'error-404') : { body: { ...sample('get-person'), data: found } };
  };

  const me = (): CrmReply => {
    const answer = readSample<{ data: JsonObject }>('pipedrive', 'get-users-me');
    return { body: { ...answer, data: { ...answer.data, company_id: companyId } } };
  };

  const token = ({ headers, body }: CrmRequest): CrmReply => {
    const form = new URLSearchParams(body);
    const basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
    if (headers.authorization !== basic) return { status: 401, body: { success: false, error: 'invalid_client' } };
    const isGood =
      form.get('grant_type') === 'authorization_code'
        ? form.get('code') === 'good-code'
        : form.get('refresh_token') === client.refreshToken;
    if (!isGood) return { status: 400, body: { error: 'invalid_grant' } };
    issued += 1;
    const access = `v1u:${issued}`;
    accessTokens.add(access);
    return { body: { ...sample('post-oauth-token'), access_token: access, api_domain: apiDomain } };
  };

  const server = await startShapeServer(
    [
      { method: 'POST', path: /^\/oauth\/token$/, answer: token },
      { path: /^\/api\/v1\/users\/me$/, answer: signedIn(me) },
      { path: /^\/api\/v2\/(persons|organizations)$/, parameters: listParameters, answer: signedIn(list) },
      { path: /^\/api\/v2\/(persons|organizations)\/(\d+)$/, parameters: ['include_fields', 'custom_fields'], answer: signedIn(get) },
    ],
    () => ({ 'x-ratelimit-limit': '80', 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': '2' }),
  );
  apiDomain = server.url;

  return {
    ...server,
    put: (entity: Entity, id: number, values: JsonObject = {}): void => {
      const [first] = readSample<{ data: readonly Kept[] }>('pipedrive', `get-${entity}`).data;
      if (first === undefined) throw new Error('the sample is empty');
      records[entity].set(id, { ...first, ...records[entity].get(id), ...values, id });
    },
    /** After its 30 days. */
    forget: (entity: Entity, id: number): void => void records[entity].delete(id),
    endTokens: (): void => accessTokens.clear(),
    becomeCompany: (id: number): void => {
      companyId = id;
    },
    sayApiDomain: (domain: string): void => {
      apiDomain = domain;
    },
    sayRemaining: (count: number): void => {
      remaining = String(count);
    },
  };
};
