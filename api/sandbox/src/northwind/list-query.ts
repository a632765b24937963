import { badRequest } from './problem.ts';

export const pageSizeLimit = 500;
export const idsLimit = 100;
const defaultPageSize = 100;

const searchKinds = ['email', 'phone', 'name'] as const;
export type SearchKind = (typeof searchKinds)[number];

export type ListQuery =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'search'; readonly by: SearchKind; readonly text: string; readonly limit: number }
  | {
      readonly kind: 'page';
      readonly page: number;
      readonly perPage: number;
      readonly updatedSince?: string;
      readonly includeDeleted: boolean;
    };

type RawQuery = Readonly<Record<string, unknown>>;

const textOf = (query: RawQuery, name: string): string | undefined => {
  const value = query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw badRequest(`${name} may be given once.`);
};

const positiveInteger = (query: RawQuery, name: string, fallback: number): number => {
  const text = textOf(query, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < 1) throw badRequest(`${name} must be a whole number from 1 on.`);
  return value;
};

/** Any ISO-8601 moment with its zone. A `+` that was not escaped arrives as a space and is refused, as a strict CRM does. */
const moment = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const value = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(value.getTime())) {
    throw badRequest('updated_since must be an ISO-8601 moment such as 2026-01-02T03:04:05Z.');
  }
  return value.toISOString();
};

const flag = (text: string | undefined): boolean => {
  if (text !== undefined && text !== 'true' && text !== 'false') throw badRequest('include_deleted must be true or false.');
  return text === 'true';
};

/** Reads `?ids=`, `?email=`, `?phone=` or `?name=` with `per_page`, or `?page=&per_page=&updated_since=&include_deleted=`. An unknown parameter is refused rather than dropped in silence. */
export const readListQuery = (query: RawQuery): ListQuery => {
  const known = ['ids', 'page', 'per_page', 'updated_since', 'include_deleted', ...searchKinds];
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`There is no parameter "${unknown}".`);

  const ids = textOf(query, 'ids');
  if (ids !== undefined) {
    const list = ids.split(',').filter((id) => id !== '');
    if (list.length === 0 || list.length > idsLimit) throw badRequest(`ids must name 1 to ${idsLimit} records.`);
    return { kind: 'ids', ids: list };
  }
  const perPage = positiveInteger(query, 'per_page', defaultPageSize);
  if (perPage > pageSizeLimit) throw badRequest(`per_page may be at most ${pageSizeLimit}.`);
  const by = searchKinds.find((kind) => query[kind] !== undefined);
  if (by !== undefined) {
    const text = textOf(query, by) ?? '';
    if (text.length < 2) throw badRequest(`${by} must have two characters at least.`);
    return { kind: 'search', by, text, limit: perPage };
  }
  const updatedSince = moment(textOf(query, 'updated_since'));
  return {
    kind: 'page',
    page: positiveInteger(query, 'page', 1),
    perPage,
    ...(updatedSince === undefined ? {} : { updatedSince }),
    includeDeleted: flag(textOf(query, 'include_deleted')),
  };
};
