import { invalid } from './errors.ts';

/** https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm#limitations */
export const searchLimits = {
  groups: 5,
  filtersOfGroup: 6,
  filters: 18,
  page: 200,
  defaultPage: 10,
  results: 10_000,
  query: 3_000,
} as const;

const operators = [
  'LT',
  'LTE',
  'GT',
  'GTE',
  'EQ',
  'NEQ',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

export interface Filter {
  readonly propertyName: string;
  readonly operator: (typeof operators)[number];
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

export interface SearchBody {
  readonly filterGroups?: readonly { readonly filters: readonly Filter[] }[];
  /** The specification says texts, the guide objects; HubSpot takes both. */
  readonly sorts?: readonly (string | { readonly propertyName: string; readonly direction?: 'ASCENDING' | 'DESCENDING' })[];
  readonly query?: string;
  readonly properties?: readonly string[];
  readonly limit?: number;
  readonly after?: string | number;
}

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const filter = {
  type: 'object',
  required: ['propertyName', 'operator'],
  properties: { propertyName: text, operator: { enum: operators }, value: text, highValue: text, values: texts },
} as const;
const sort = {
  type: 'object',
  required: ['propertyName'],
  properties: { propertyName: text, direction: { enum: ['ASCENDING', 'DESCENDING'] } },
} as const;

export const searchSchema = {
  type: 'object',
  properties: {
    filterGroups: {
      type: 'array',
      items: { type: 'object', required: ['filters'], properties: { filters: { type: 'array', items: filter } } },
    },
    sorts: { type: 'array', items: { anyOf: [text, sort] } },
    query: text,
    properties: texts,
    limit: { type: 'integer' },
    after: { type: ['string', 'integer'] },
  },
} as const;

export interface PageWanted {
  readonly start: number;
  readonly limit: number;
}

/** Checks the bounds that the schema cannot. "Attempting to page beyond 10,000 will result in a 400 error." */
export const pageWanted = ({
  filterGroups = [],
  sorts = [],
  query = '',
  limit = searchLimits.defaultPage,
  after = 0,
}: SearchBody): PageWanted => {
  const counts = filterGroups.map(({ filters }) => filters.length);
  if (counts.length > searchLimits.groups) throw invalid(`There are more than ${searchLimits.groups} filterGroups.`);
  if (counts.some((count) => count > searchLimits.filtersOfGroup))
    throw invalid(`A filterGroup has more than ${searchLimits.filtersOfGroup} filters.`);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > searchLimits.filters) throw invalid(`There are more than ${searchLimits.filters} filters in total.`);
  if (sorts.length > 1) throw invalid('Only one sort rule can be applied to any search.');
  if (query.length > searchLimits.query) throw invalid(`The query has more than ${searchLimits.query} characters.`);
  if (limit < 1 || limit > searchLimits.page) throw invalid(`limit must be from 1 to ${searchLimits.page}.`);
  const start = Number(after);
  if (!/^\d+$/.test(String(after))) throw invalid('after must be a whole number, given back as it came.');
  if (start + limit > searchLimits.results) throw invalid(`Cannot page beyond ${searchLimits.results} results.`);
  return { start, limit };
};
