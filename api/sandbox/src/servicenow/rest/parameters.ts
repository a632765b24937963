import type { DisplayValue } from './represent.ts';

/** https://www.servicenow.com/docs/r/australia/api-reference/rest-apis/c_TableAPI.html */
const defaultLimit = 10_000;

export interface TableParameters {
  readonly query: string;
  readonly fields: readonly string[] | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly displayValue: DisplayValue;
  readonly excludesReferenceLink: boolean;
  readonly isCounted: boolean;
  readonly hasLinkHeader: boolean;
}

/** What cannot be read is as if it was not given: no refusal here either. */
const wholeNumber = (text: string | null, fallback: number): number => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : fallback);

const displayValueOf = (text: string | null): DisplayValue => (text === 'true' || text === 'all' ? text : 'false');

/** `?active=true` is short for `?sysparm_query=active=true`; so a misspelled sysparm_query is a clause that makes no sense. */
const pairsAsQuery = (given: URLSearchParams): string =>
  [...given].flatMap(([name, value]) => (name.startsWith('sysparm_') ? [] : `${name}=${value.replaceAll('^', '^^')}`)).join('^');

export const readParameters = (given: URLSearchParams): TableParameters => {
  const fields = (given.get('sysparm_fields') ?? '').split(',').flatMap((name) => name.trim() || []);
  return {
    query: given.get('sysparm_query') ?? pairsAsQuery(given),
    fields: fields.length > 0 ? fields : undefined,
    limit: wholeNumber(given.get('sysparm_limit'), defaultLimit),
    offset: wholeNumber(given.get('sysparm_offset'), 0),
    displayValue: displayValueOf(given.get('sysparm_display_value')),
    excludesReferenceLink: given.get('sysparm_exclude_reference_link') === 'true',
    isCounted: given.get('sysparm_no_count') !== 'true',
    hasLinkHeader: given.get('sysparm_suppress_pagination_header') !== 'true',
  };
};

interface LinkOptions {
  readonly url: URL;
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  /** A fault: the next page is this one. */
  readonly isRepeated: boolean;
}

/** The header `Link`: first, and where they exist previous, next and last. */
export const linkHeader = ({ url, offset, limit, total, isRepeated }: LinkOptions): string => {
  const at = (position: number): string => {
    const page = new URL(url);
    page.searchParams.set('sysparm_limit', String(limit));
    page.searchParams.set('sysparm_offset', String(position));
    return page.href;
  };
  const hasNext = limit > 0 && offset + limit < total;
  const last = limit > 0 ? Math.max(0, Math.floor((total - 1) / limit) * limit) : 0;
  return [
    `<${at(0)}>;rel="first"`,
    ...(offset > 0 ? [`<${at(Math.max(0, offset - limit))}>;rel="prev"`] : []),
    ...(hasNext ? [`<${at(isRepeated ? offset : offset + limit)}>;rel="next"`] : []),
    `<${at(last)}>;rel="last"`,
  ].join(',');
};
