import type { JsonObject } from '../../../../api/src/crm/types.ts';
import type { CrmReply, CrmRequest } from '../../crm/support/crm-server.ts';
import { type DocumentedCrm, openDocumented, readSample, startDocumentedCrm } from '../support/documented-crm.ts';

export interface FreshRecord extends JsonObject {
  readonly id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What a view holds; tests change it while it is being read. */
export interface FreshsalesData {
  contacts: readonly FreshRecord[];
  sales_accounts: readonly FreshRecord[];
}

const largestPage = 100;
const refused = (status: number, message: string): CrmReply => ({ status, body: { errors: { code: status, message: [message] } } });

const sorted = (records: readonly FreshRecord[], query: URLSearchParams): readonly FreshRecord[] | null => {
  const field = query.get('sort');
  if (field !== 'created_at' && field !== 'updated_at') return null;
  const direction = query.get('sort_type') === 'desc' ? -1 : 1;
  return records.toSorted((one, other) => direction * (Date.parse(one[field]) - Date.parse(other[field]) || one.id - other.id));
};

/** Companies of a contact are there only for those who ask. */
const included = (record: FreshRecord, query: URLSearchParams): JsonObject => {
  if (query.get('include') === 'sales_accounts') return record;
  const { sales_accounts: _left, ...rest } = record;
  return rest;
};

const answer = (data: FreshsalesData, views: Readonly<Record<string, { readonly all: number; readonly filters: JsonObject }>>) => {
  return ({ method, path, query }: CrmRequest): CrmReply => {
    const [, entity = '', what = '', view] = /^\/crm\/sales\/api\/(contacts|sales_accounts)\/([^/]+)(?:\/(\d+))?$/.exec(path) ?? [];
    if (method !== 'GET' || (entity !== 'contacts' && entity !== 'sales_accounts')) return refused(404, 'not found');
    if (what === 'filters') return { body: views[entity]?.filters };
    if (what !== 'view') {
      const one = data[entity].find(({ id }) => String(id) === what);
      return one === undefined ? refused(404, 'not found') : { body: { [entity.slice(0, -1)]: included(one, query) } };
    }
    const size = Number(query.get('per_page') ?? 25);
    if (view !== String(views[entity]?.all) || size > largestPage) return refused(400, 'bad view');
    const records = sorted(data[entity], query);
    if (records === null) return refused(400, 'bad sort');
    const page = Number(query.get('page') ?? 1);
    return {
      body: {
        [entity]: records.slice((page - 1) * size, page * size).map((record) => included(record, query)),
        meta: { total_pages: Math.ceil(records.length / size), total: records.length },
      },
    };
  };
};

export interface Freshsales {
  readonly crm: DocumentedCrm;
  readonly data: FreshsalesData;
  readonly open: (apiKey?: string) => ReturnType<typeof openDocumented>;
}

const apiKey = 'sfg999666t673t7t82';

/** Answers as developers.freshworks.com/crm/api shows: views by id, pages of at most 100, companies on request. */
export const startFreshsales = async (): Promise<Freshsales> => {
  const data: FreshsalesData = { contacts: [], sales_accounts: [] };
  const views = {
    contacts: { all: 17001234502, filters: await readSample<JsonObject>('freshsales', 'contacts-filters') },
    sales_accounts: { all: 17001234602, filters: await readSample<JsonObject>('freshsales', 'sales-accounts-filters') },
  };
  const crm = await startDocumentedCrm({
    authorisation: `Token token=${apiKey}`,
    unauthorised: { status: 401, body: { login: 'failed', message: 'Invalid key' } },
    answer: answer(data, views),
  });
  return { crm, data, open: (key = apiKey) => openDocumented('freshsales', { address: `${crm.url}/crm/sales`, apiKey: key }) };
};
