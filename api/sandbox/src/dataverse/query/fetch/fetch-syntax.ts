/**
 * From FetchXML to what it asks for (fetchxml/overview.md). Takes the elements and attributes that the sandbox answers and refuses
 * all others, so that no part of a query is ever passed over.
 */
import { badQuery, notImplemented } from '../../web-api/errors.ts';
import { parseXml, type XmlElement } from './xml.ts';

export interface FetchQuery {
  readonly top: number | null;
  readonly count: number | null;
  readonly page: number;
  readonly pagingCookie: string | null;
  readonly isDistinct: boolean;
  readonly isAggregate: boolean;
  readonly entity: FetchEntity;
}

export interface FetchEntity {
  readonly name: string;
  readonly allAttributes: boolean;
  readonly attributes: readonly FetchAttribute[];
  readonly orders: readonly FetchOrder[];
  readonly filters: readonly FetchFilter[];
  readonly links: readonly FetchLink[];
}

export interface FetchAttribute {
  readonly name: string;
  readonly alias: string | null;
  readonly aggregate: string | null;
  readonly isGroupBy: boolean;
  readonly isDistinct: boolean;
}

export interface FetchOrder {
  /** A column, or the alias of an aggregate's attribute. */
  readonly name: string;
  readonly isDescending: boolean;
}

export interface FetchFilter {
  readonly type: 'and' | 'or';
  readonly conditions: readonly FetchCondition[];
  readonly filters: readonly FetchFilter[];
}

export interface FetchCondition {
  readonly column: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** The alias of the link-entity that the column is of. */
  readonly entityName: string | null;
  /** Compared with this column of the same row instead of with values. */
  readonly valueOf: string | null;
}

export interface FetchLink extends FetchEntity {
  /** The column of the linked table. */
  readonly from: string;
  /** The column of the table that it is linked to. */
  readonly to: string;
  readonly alias: string;
  readonly isOuter: boolean;
}

const ignoredFetchAttributes = ['version', 'mapping', 'output-format', 'no-lock', 'returntotalrecordcount', 'xmlns', 'utc-offset'];

export function parseFetch(xml: string): FetchQuery {
  const root = parseXml(xml);
  if (root.name !== 'fetch') throw badQuery(`Invalid FetchXML: the root element is '${root.name}' and not 'fetch'.`);
  allow(root, ['top', 'count', 'page', 'paging-cookie', 'distinct', 'aggregate', ...ignoredFetchAttributes], ['entity']);
  const [entity, ...more] = root.children;
  if (entity === undefined || more.length > 0) throw badQuery("Invalid FetchXML: 'fetch' must have one 'entity' element.");
  allow(entity, ['name'], ['attribute', 'all-attributes', 'order', 'filter', 'link-entity']);
  const query = {
    top: wholeNumber(root, 'top'),
    count: wholeNumber(root, 'count'),
    page: wholeNumber(root, 'page') ?? 1,
    pagingCookie: root.attributes.get('paging-cookie') ?? null,
    isDistinct: flag(root, 'distinct'),
    isAggregate: flag(root, 'aggregate'),
    entity: { name: required(entity, 'name'), ...contentOf(entity, createAliases()) },
  };
  if (query.top !== null && (query.count !== null || root.attributes.has('page'))) {
    throw badQuery('The top attribute cannot be specified together with the paging attributes count and page.');
  }
  if (query.page < 1) throw badQuery("Invalid FetchXML: the attribute 'page' must be 1 or more.");
  return query;
}

/** Linked tables without an alias get their own name with a number. */
function createAliases(): (link: XmlElement) => string {
  const taken = new Set<string>();
  return (link) => {
    const alias = link.attributes.get('alias') ?? `${required(link, 'name')}${taken.size + 1}`;
    if (taken.has(alias)) throw badQuery(`The alias '${alias}' is used more than once.`);
    taken.add(alias);
    return alias;
  };
}

function contentOf(element: XmlElement, aliasOf: (link: XmlElement) => string): Omit<FetchEntity, 'name'> {
  const named = (name: string) => element.children.filter((child) => child.name === name);
  return {
    allAttributes: named('all-attributes').length > 0,
    attributes: named('attribute').map(parseAttribute),
    orders: named('order').map(parseOrder),
    filters: named('filter').map(parseFilterElement),
    links: named('link-entity').map((link) => parseLink(link, aliasOf)),
  };
}

function parseAttribute(element: XmlElement): FetchAttribute {
  allow(element, ['name', 'alias', 'aggregate', 'groupby', 'distinct'], []);
  return {
    name: required(element, 'name'),
    alias: element.attributes.get('alias') ?? null,
    aggregate: element.attributes.get('aggregate') ?? null,
    isGroupBy: flag(element, 'groupby'),
    isDistinct: flag(element, 'distinct'),
  };
}

function parseOrder(element: XmlElement): FetchOrder {
  allow(element, ['attribute', 'alias', 'descending'], []);
  const name = element.attributes.get('attribute') ?? element.attributes.get('alias');
  if (name === undefined) throw badQuery("Invalid FetchXML: 'order' must have an 'attribute' or an 'alias'.");
  return { name, isDescending: flag(element, 'descending') };
}

function parseFilterElement(element: XmlElement): FetchFilter {
  allow(element, ['type', 'hint'], ['condition', 'filter']);
  const type = element.attributes.get('type') ?? 'and';
  if (type !== 'and' && type !== 'or') throw badQuery(`Invalid FetchXML: '${type}' is no type of a filter.`);
  return {
    type,
    conditions: element.children.filter((child) => child.name === 'condition').map(parseCondition),
    filters: element.children.filter((child) => child.name === 'filter').map(parseFilterElement),
  };
}

function parseCondition(element: XmlElement): FetchCondition {
  allow(element, ['attribute', 'operator', 'value', 'entityname', 'valueof', 'uitype', 'uiname', 'uihidden'], ['value']);
  const value = element.attributes.get('value');
  return {
    column: required(element, 'attribute'),
    operator: required(element, 'operator'),
    values: value === undefined ? element.children.map((child) => child.text.trim()) : [value],
    entityName: element.attributes.get('entityname') ?? null,
    valueOf: element.attributes.get('valueof') ?? null,
  };
}

function parseLink(element: XmlElement, aliasOf: (link: XmlElement) => string): FetchLink {
  allow(
    element,
    ['name', 'from', 'to', 'alias', 'link-type', 'intersect', 'visible'],
    ['attribute', 'all-attributes', 'order', 'filter', 'link-entity'],
  );
  const type = element.attributes.get('link-type') ?? 'inner';
  if (type !== 'inner' && type !== 'outer') throw notImplemented(`The link-type '${type}' of FetchXML`);
  return {
    name: required(element, 'name'),
    from: required(element, 'from'),
    to: required(element, 'to'),
    alias: aliasOf(element),
    isOuter: type === 'outer',
    ...contentOf(element, aliasOf),
  };
}

function allow(element: XmlElement, attributes: readonly string[], children: readonly string[]): void {
  for (const name of element.attributes.keys()) {
    if (!attributes.includes(name)) throw notImplemented(`The attribute '${name}' of FetchXML's element '${element.name}'`);
  }
  for (const child of element.children) {
    if (!children.includes(child.name))
      throw badQuery(`Invalid FetchXML: the element '${child.name}' is not expected in '${element.name}'.`);
  }
}

function required(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined || value === '') throw badQuery(`Invalid FetchXML: the element '${element.name}' needs the attribute '${name}'.`);
  return value;
}

const flag = (element: XmlElement, name: string): boolean => ['true', '1'].includes(element.attributes.get(name) ?? '');

function wholeNumber(element: XmlElement, name: string): number | null {
  const value = element.attributes.get(name);
  if (value === undefined) return null;
  if (!/^\d{1,6}$/.test(value)) throw badQuery(`Invalid FetchXML: the attribute '${name}' must be a whole number.`);
  return Number(value);
}
