/** $select, $filter and $expand over metadata objects. */
import { compileFilter } from '../query/compile-filter.ts';
import type { Filter } from '../query/filter-syntax.ts';
import { parseFilter } from '../query/parse-filter.ts';
import type { EdmType, Primitive, PropertyResolver } from '../query/property-access.ts';
import { parseExpandOptions, type QueryOptions, splitTopLevel } from '../query/query-options.ts';
import { badQuery, DataverseError, propertyNotFound } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import type { MetadataObject } from './describe-parts.ts';

/** One navigation property in an $expand, with the options in its parentheses. */
export interface ExpandItem {
  readonly name: string;
  readonly options: QueryOptions;
}

export function parseExpandItems(expand: string | null): readonly ExpandItem[] {
  if (expand === null) return [];
  return splitTopLevel(expand, ',').map((item) => {
    const match = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(item);
    if (match === null) throw badQuery(`Syntax error in $expand near '${item}'.`);
    return { name: match[1] ?? '', options: parseExpandOptions(match[2] ?? '') };
  });
}

/** The selected properties; MetadataId always comes along. Throws 400 for a name that the type has not. */
export function pickProperties(source: MetadataObject, select: readonly string[] | null, typeName: string): MetadataObject {
  if (select === null) return source;
  const picked: Record<string, unknown> = {};
  for (const name of select) {
    if (!(name in source)) throw propertyNotFound(name, typeName);
    picked[name] = source[name];
  }
  return { ...picked, MetadataId: source.MetadataId };
}

/** `sample` tells the types of the properties; all objects of a list have the same. */
export function filterMetadata<T extends MetadataObject>(items: readonly T[], options: QueryOptions, typeName: string): readonly T[] {
  if (options.orderBy !== null) throw unsupported('The query parameter $orderby');
  const sample = items[0];
  if (options.filter === null || sample === undefined) return limited(items, options.top);
  const filter = parseFilter(options.filter, options.aliases);
  refuseFunctions(filter);
  const test = compileFilter(filter, propertiesLike(sample, typeName));
  return limited(items.filter(test), options.top);
}

const limited = <T>(items: readonly T[], top: number | null): readonly T[] => (top === null ? items : items.slice(0, top));

/** Metadata is filtered in memory by the real one too, and only by comparisons: `startswith` is answered 501. */
function refuseFunctions(filter: Filter): void {
  if (filter.kind === 'text') throw unsupported(`The "${filter.name}" function`);
  if (filter.kind === 'not') refuseFunctions(filter.operand);
  if (filter.kind === 'and' || filter.kind === 'or') {
    refuseFunctions(filter.left);
    refuseFunctions(filter.right);
  }
}

const unsupported = (what: string) => new DataverseError(501, '0x8006088a', `${what} isn't supported for Metadata Entities`);

function propertiesLike<T extends MetadataObject>(sample: T, typeName: string): PropertyResolver<T> {
  return (path) => {
    // `CanCreateAttributes/Value`: a complex property is filtered by what is in it.
    const [name = '', member] = path.split('/');
    if (!(name in sample)) throw propertyNotFound(path, typeName);
    const read = (item: T): unknown => (member === undefined ? item[name] : valueIn(item[name], member));
    return { edmType: path === 'MetadataId' ? 'Edm.Guid' : edmTypeOf(read(sample)), read: (item) => primitive(read(item)) };
  };
}

const valueIn = (complex: unknown, member: string): unknown =>
  typeof complex === 'object' && complex !== null ? Object.getOwnPropertyDescriptor(complex, member)?.value : undefined;

function edmTypeOf(value: unknown): EdmType {
  if (typeof value === 'boolean') return 'Edm.Boolean';
  return typeof value === 'number' ? 'Edm.Int32' : 'Edm.String';
}

function primitive(value: unknown): Primitive {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

export const contextOfMetadata = (session: Session, path: string): string => `${session.serviceRoot}$metadata#${path}`;
