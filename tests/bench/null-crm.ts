import type { IncomingMessage, ServerResponse } from 'node:http';
import { companyDigits, companyKinds, firstNumber, lastChange, ownDigits, personKinds } from './null-records.ts';
import { type PageTemplate, type Slot, createPageTemplate } from './page-template.ts';

const largestPage = 1_000;

interface NullCollection {
  readonly kinds: readonly string[];
  readonly slots: readonly Slot[];
  readonly total: number;
  readonly templates: Map<number, PageTemplate>;
}

const templateFor = ({ kinds, slots, templates }: NullCollection, perPage: number): PageTemplate => {
  const known = templates.get(perPage);
  if (known) return known;
  const made = createPageTemplate({ kinds, perPage, slots });
  templates.set(perPage, made);
  return made;
};

const sendJson = (response: ServerResponse, status: number, body: string | Buffer): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }).end(body);
};

const readNumber = (query: URLSearchParams, name: string, fallback: number): number => {
  const value = Number(query.get(name) ?? fallback);
  return Number.isInteger(value) && value > 0 ? value : fallback;
};

const sendPage = (response: ServerResponse, collection: NullCollection, query: URLSearchParams): void => {
  const perPage = Math.min(largestPage, readNumber(query, 'per_page', 100));
  const page = readNumber(query, 'page', 1);
  const since = query.get('updated_since');
  const [from, below] = [readNumber(query, 'id_from', firstNumber), readNumber(query, 'id_below', firstNumber + collection.total)];
  const total = since !== null && Date.parse(since) > Date.parse(lastChange) ? 0 : Math.max(0, below - from);
  // A slice begins where a page does.
  const skippedPages = (from - firstNumber) / perPage;
  const recordCount = Math.max(0, Math.min(perPage, total - (page - 1) * perPage));
  const records = templateFor(collection, perPage).render(page + skippedPages, recordCount);
  const tail = Buffer.from(`],"page":${page},"per_page":${perPage},"total_pages":${Math.ceil(total / perPage)},"total":${total}}`);
  sendJson(response, 200, Buffer.concat([records, tail]));
};

const recordOf = ({ kinds, slots }: NullCollection, id: string): string => {
  const position = Number(id.replace(/^C/, '')) - firstNumber;
  const kind = kinds[position % kinds.length] ?? '';
  return slots.reduce((text, { digits, numberAt }) => text.replaceAll(digits, String(numberAt(position))), kind);
};

/** Northwind's API with no CRM behind it: every page there is, at next to no cost. */
export const createNullCrm = ({
  accounts,
  contacts,
  delayMs = 0,
}: {
  readonly accounts: number;
  readonly contacts: number;
  /** How long a page takes: a CRM that is slow, not busy. */
  readonly delayMs?: number;
}) => {
  const own: Slot = { digits: ownDigits, numberAt: (position) => firstNumber + position };
  const company: Slot = { digits: companyDigits, numberAt: (position) => firstNumber + (position % accounts) };
  const collections: ReadonlyMap<string, NullCollection> = new Map([
    ['companies', { kinds: companyKinds, slots: [own], total: accounts, templates: new Map<number, PageTemplate>() }],
    ['people', { kinds: personKinds, slots: [own, company], total: contacts, templates: new Map<number, PageTemplate>() }],
  ]);

  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://null');
    const [, name = '', id] = /^\/api\/v1\/([a-z]+)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (name === 'ping') return sendJson(response, 200, '{"name":"Null CRM"}');
    const collection = collections.get(name);
    if (!collection) return sendJson(response, 404, '{"error":{"code":"not_found","message":"There is no such address."}}');
    if (id !== undefined) return sendJson(response, 200, recordOf(collection, id));
    const ids = url.searchParams.get('ids');
    if (ids === null) {
      if (delayMs === 0) return sendPage(response, collection, url.searchParams);
      setTimeout(() => sendPage(response, collection, url.searchParams), delayMs);
      return;
    }
    const records = ids.split(',').map((each) => recordOf(collection, each));
    return sendJson(response, 200, `{"data":[${records.join(',')}]}`);
  };
};
