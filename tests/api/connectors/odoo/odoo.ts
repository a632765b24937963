import type { JsonObject, JsonValue } from '../../../../api/src/crm/types.ts';
import type { CrmReply, CrmRequest } from '../../crm/support/crm-server.ts';
import { type DocumentedCrm, openDocumented, readSample, startDocumentedCrm } from '../support/documented-crm.ts';

export interface Partner extends JsonObject {
  readonly id: number;
  readonly active: boolean;
  readonly write_date: string;
}

interface SearchRead {
  readonly domain: readonly (readonly [string, string, JsonValue])[];
  readonly fields: readonly string[];
  readonly order?: string;
  readonly limit?: number;
  readonly context?: { readonly active_test?: boolean; readonly lang?: string };
}

const failed = (status: number, name: string, message: string): CrmReply => ({
  status,
  body: { name, message, arguments: [message], context: {}, debug: '' },
});

/** PostgreSQL compares like with like: a clause with a value of another type is a mistake of the caller. */
const holds = (partner: Partner, [field, operator, value]: SearchRead['domain'][number]): boolean => {
  const own = partner[field];
  if (operator === 'in') return Array.isArray(value) && value.every((one) => typeof one === typeof own) && value.includes(own ?? null);
  if (typeof own !== typeof value || own === undefined || own === null || value === null)
    throw new TypeError(`${field} ${operator} takes no ${typeof value}`);
  switch (operator) {
    case '=':
      return own === value;
    case '>':
      return own > value;
    case '>=':
      return own >= value;
    case '<':
      return own < value;
    default:
      throw new TypeError(`Invalid operator ${operator}`);
  }
};

const withFields = (partner: Partner, fields: readonly string[]): JsonObject =>
  Object.fromEntries(
    ['id', ...fields].map((name) => {
      if (!(name in partner)) throw new TypeError(`Invalid field '${name}' on 'res.partner'`);
      return [name, partner[name] ?? false];
    }),
  );

const answer = (partners: () => readonly Partner[]) => {
  return ({ method, path, headers, body }: CrmRequest): CrmReply => {
    if (method !== 'POST' || path !== '/json/2/res.partner/search_read')
      return failed(404, 'werkzeug.exceptions.NotFound', 'Did you mean POST /json/2/<model>/<method>?');
    if (headers['content-type']?.startsWith('application/json') !== true)
      return failed(415, 'werkzeug.exceptions.UnsupportedMediaType', '');
    const asked = JSON.parse(body) as SearchRead;
    try {
      const found = partners()
        .filter(({ active }) => active || asked.context?.active_test === false)
        .filter((partner) => asked.domain.every((clause) => holds(partner, clause)));
      if (asked.order !== undefined && !['id', 'id desc'].includes(asked.order))
        throw new TypeError(`order ${asked.order} is not expected`);
      const byId = found.toSorted((one, other) => one.id - other.id);
      const ordered = asked.order === undefined ? found.toReversed() : asked.order === 'id' ? byId : byId.toReversed();
      return { body: ordered.slice(0, asked.limit ?? ordered.length).map((partner) => withFields(partner, asked.fields)) };
    } catch (error) {
      if (error instanceof TypeError) return failed(422, 'builtins.ValueError', error.message);
      throw error;
    }
  };
};

export interface Odoo {
  readonly crm: DocumentedCrm;
  readonly data: { partners: readonly Partner[] };
  readonly open: (settings?: Readonly<Record<string, string>>) => ReturnType<typeof openDocumented>;
}

const apiKey = '6578616d706c65206a736f6e20617069206b6579';

/** Answers as External JSON-2 API of Odoo 19’s documentation shows, with the ORM’s rules for domains, fields and archived records. */
export const startOdoo = async (): Promise<Odoo> => {
  const data: Odoo['data'] = { partners: [] };
  const crm = await startDocumentedCrm({
    authorisation: `bearer ${apiKey}`,
    unauthorised: { status: 401, body: await readSample<JsonObject>('odoo', 'unauthorized') },
    answer: answer(() => data.partners),
  });
  return { crm, data, open: (settings = {}) => openDocumented('odoo', { address: crm.url, apiKey, ...settings }) };
};
