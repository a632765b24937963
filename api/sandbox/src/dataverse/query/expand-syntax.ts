/** Reads $expand into its items and refuses what join-tables.md says cannot be combined. */
import { isCollection, type DataModel, type Table } from '../tables/data-model.ts';
import { badQuery, propertyNotFound } from '../web-api/errors.ts';
import { parseExpandOptions, type QueryOptions, splitTopLevel } from './query-options.ts';

export interface ExpandItem {
  readonly name: string;
  readonly isCollection: boolean;
  readonly isManyToMany: boolean;
  /** `primarycontactid/$ref`: the address instead of the row. */
  readonly isReference: boolean;
  readonly target: Table;
  readonly options: QueryOptions;
  readonly items: readonly ExpandItem[];
}

const largestExpand = 15;
const deepestExpand = 15;

/** Throws 400 for what is no navigation property of the table, and for options that do not go with each other. */
export function parseExpand(model: DataModel, table: Table, expand: string | null): readonly ExpandItem[] {
  const items = parseItems(model, table, expand, 0);
  if (countOf(items) > largestExpand) throw badQuery(`The query has more than ${largestExpand} $expand options.`);
  const hasNested = items.some((item) => item.items.length > 0);
  for (const item of items) refuseOptions(item, hasNested);
  refuseManyToManyCombined(items, hasNested);
  return items;
}

function parseItems(model: DataModel, table: Table, expand: string | null, depth: number): readonly ExpandItem[] {
  if (expand === null) return [];
  if (depth > deepestExpand) throw badQuery(`The query has more than ${largestExpand} $expand options.`);
  return splitTopLevel(expand, ',').map((text) => parseItem(model, table, text.trim(), depth));
}

function parseItem(model: DataModel, table: Table, text: string, depth: number): ExpandItem {
  const match = /^([A-Za-z_]\w*)(\/\$ref)?\s*(?:\((.*)\))?$/s.exec(text);
  if (match === null) throw badQuery(`Syntax error in $expand near '${text}'.`);
  const [, name = '', asReference, inside = ''] = match;
  const options = parseExpandOptions(inside);
  const isMany = isCollection(table, name);
  const targetName = (table.navigations.get(name)?.target ?? table.collections.get(name) ?? table.manyToMany.get(name))?.table;
  if (targetName === undefined) throw propertyNotFound(name, table.logicalName);
  const isReference = asReference !== undefined;
  if (isReference && isMany) throw badQuery('Expand with $ref is only supported on lookup type navigation property.');
  const target = model.require(targetName);
  return {
    name,
    isCollection: isMany,
    isManyToMany: table.manyToMany.has(name),
    isReference,
    target,
    options,
    items: parseItems(model, target, options.expand, depth + 1),
  };
}

const countOf = (items: readonly ExpandItem[]): number => items.reduce((sum, item) => sum + 1 + countOf(item.items), 0);

function refuseOptions(item: ExpandItem, hasNested: boolean): void {
  const { options } = item;
  if ((options.top !== null || options.orderBy !== null) && (!item.isCollection || hasNested)) {
    throw badQuery(
      'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
    );
  }
  for (const inner of item.items) refuseOptions(inner, hasNested);
}

/** The table "Supported Relationship types for $expand": several many-to-many ones side by side, and nothing else with them. */
function refuseManyToManyCombined(items: readonly ExpandItem[], hasNested: boolean): void {
  const hasManyToMany = (list: readonly ExpandItem[]): boolean => list.some((item) => item.isManyToMany || hasManyToMany(item.items));
  if (hasManyToMany(items) && (hasNested || items.some((item) => !item.isManyToMany))) {
    throw badQuery('$expand on many-to-many relationships cannot be nested or combined with $expand on other relationships.');
  }
}

/** For `@odata.context`: `primarycontactid(fullname)`. */
export function expandContext(items: readonly ExpandItem[]): readonly string[] {
  return items.map((item) => {
    if (item.isReference) return `${item.name}/$ref()`;
    return `${item.name}(${[...(item.options.select ?? []), ...expandContext(item.items)].join(',')})`;
  });
}
