/** Groups rows and computes over each group (aggregate-data.md). Knows nothing of how the question was written. */
import { fold } from '../store/collation.ts';
import { badQuery } from '../web-api/errors.ts';
import type { AggregateMethod } from './apply-syntax.ts';
import type { EdmType, Primitive, PropertyAccess } from './property-access.ts';

export interface Grouping<T> {
  readonly name: string;
  readonly access: PropertyAccess<T>;
}

export interface Aggregation<T> {
  readonly name: string;
  readonly method: AggregateMethod | 'count';
  /** null: rows are counted, whatever they hold. */
  readonly access: PropertyAccess<T> | null;
}

/** The values of one group by name: first what it was grouped by, then what was computed. */
export type GroupValues = ReadonlyMap<string, Primitive>;

const numbers: readonly EdmType[] = ['Edm.Int32', 'Edm.Int64', 'Edm.Decimal'];

/** Throws 400 for a type that cannot be computed with, even when there are no rows. */
export function aggregate<T>(
  items: Iterable<T>,
  groupings: readonly Grouping<T>[],
  aggregations: readonly Aggregation<T>[],
): readonly GroupValues[] {
  for (const { method, access } of aggregations) {
    if ((method === 'sum' || method === 'average') && access !== null && !numbers.includes(access.edmType)) {
      throw badQuery(`The aggregation method '${method}' cannot be used with a property of type '${access.edmType}'.`);
    }
  }
  const groups = new Map<string, { readonly keys: readonly Primitive[]; readonly items: T[] }>();
  // Without a grouping there is one group, of no rows if need be.
  if (groupings.length === 0) groups.set('[]', { keys: [], items: [] });
  for (const item of items) {
    const keys = groupings.map(({ access }) => access.read(item));
    const text = JSON.stringify(keys.map((key) => (typeof key === 'string' ? fold(key) : key)));
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { keys, items: [item] });
    else group.items.push(item);
  }
  return [...groups.values()]
    .sort((a, b) => compareKeys(a.keys, b.keys))
    .map(({ keys, items: members }) => {
      const grouped = groupings.map(({ name }, index) => [name, keys[index] ?? null] as const);
      const computed = aggregations.map((aggregation) => [aggregation.name, compute(members, aggregation)] as const);
      return new Map([...grouped, ...computed]);
    });
}

/** Nothing counts neither as a number nor as a value; over no values the answer is nothing. */
function compute<T>(items: readonly T[], { method, access }: Aggregation<T>): Primitive {
  if (access === null) return items.length;
  const values = items.map((item) => access.read(item)).filter((value) => value !== null);
  if (method === 'count') return values.length;
  if (method === 'countdistinct') return new Set(values.map((value) => (typeof value === 'string' ? fold(value) : value))).size;
  if (values.length === 0) return null;
  if (method === 'min' || method === 'max') {
    const isBetter = (a: Primitive, b: Primitive) => comparePrimitives(a, b) * (method === 'min' ? 1 : -1) < 0;
    return values.reduce<Primitive>((best, value) => (best === null || isBetter(value, best) ? value : best), null);
  }
  const sum = values.reduce<number>((total, value) => total + Number(value), 0);
  return method === 'sum' ? sum : sum / values.length;
}

function compareKeys(a: readonly Primitive[], b: readonly Primitive[]): number {
  for (const [index, key] of a.entries()) {
    const difference = comparePrimitives(key, b[index] ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Nothing comes first, as in SQL Server. */
export function comparePrimitives(a: Primitive, b: Primitive): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
