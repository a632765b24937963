/** $orderby, with the primary key as the last word, so that the order of a page is the order of the whole. */
import { fold } from '../store/collation.ts';
import { badQuery } from '../web-api/errors.ts';
import type { Primitive, PropertyResolver } from './property-access.ts';

export interface Order<T> {
  /** How many values a key has. */
  readonly keyLength: number;
  /** The values that an item is ordered by, the last one being its id. */
  keyOf(item: T): readonly Primitive[];
  readonly compare: (a: readonly Primitive[], b: readonly Primitive[]) => number;
}

/** `aliases` are the query's `@name` parameters: one may stand for the name of a property. */
export function createOrder<T extends { readonly id: string }>(
  orderBy: string | null,
  aliases: ReadonlyMap<string, string>,
  resolve: PropertyResolver<T>,
): Order<T> {
  const terms = (orderBy ?? '')
    .split(',')
    .filter((term) => orderBy !== null || term !== '')
    .map((term) => parseTerm(term.trim(), aliases));
  const reads = terms.map(({ path }) => {
    const access = resolve(path);
    return (item: T) => sortable(access.readSortValue === undefined ? access.read(item) : access.readSortValue(item));
  });
  return {
    keyLength: reads.length + 1,
    keyOf: (item) => [...reads.map((read) => read(item)), item.id],
    compare(a, b) {
      for (let index = 0; index < a.length; index += 1) {
        const difference = comparePrimitives(a[index] ?? null, b[index] ?? null);
        if (difference !== 0) return terms[index]?.isDescending === true ? -difference : difference;
      }
      return 0;
    },
  };
}

function parseTerm(term: string, aliases: ReadonlyMap<string, string>): { readonly path: string; readonly isDescending: boolean } {
  const [path = '', direction = 'asc', ...rest] = term.split(/\s+/);
  if (path === '' || rest.length > 0 || (direction !== 'asc' && direction !== 'desc'))
    throw badQuery(`Syntax error in $orderby near '${term}'.`);
  if (path.startsWith('@')) {
    const named = aliases.get(path);
    if (named === undefined) throw badQuery(`The parameter alias '${path}' in $orderby has no value.`);
    return { path: named.trim(), isDescending: direction === 'desc' };
  }
  return { path, isDescending: direction === 'desc' };
}

const sortable = (value: Primitive): Primitive => (typeof value === 'string' ? fold(value) : value);

/** Nothing comes first, as in SQL Server. */
function comparePrimitives(a: Primitive, b: Primitive): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
