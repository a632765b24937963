/** Reads $apply (aggregate-data.md): `filter(…)`, then `groupby((…),aggregate(…))` or `aggregate(…)`. */
import { badQuery, notImplemented } from '../web-api/errors.ts';
import { splitTopLevel } from './query-options.ts';

export const aggregateMethods = ['sum', 'average', 'min', 'max', 'countdistinct'] as const;
export type AggregateMethod = (typeof aggregateMethods)[number];

export interface AggregateTerm {
  readonly alias: string;
  /** null: `$count`. */
  readonly path: string | null;
  readonly method: AggregateMethod | 'count';
}

export interface Apply {
  /** Expressions that all must be true of a row. */
  readonly filters: readonly string[];
  /** The properties to group by; null: all rows are one group. */
  readonly groupBy: readonly string[] | null;
  readonly aggregates: readonly AggregateTerm[];
}

export function parseApply(text: string): Apply {
  const steps = splitTopLevel(text, '/').map(parseCall);
  const filters: string[] = [];
  while (steps[0]?.name === 'filter') filters.push(steps.shift()?.inside ?? '');
  const [last, ...more] = steps;
  if (last === undefined) throw notImplemented('$apply with nothing but a filter');
  if (more.length > 0) throw notImplemented('$apply with a transformation after groupby or aggregate');
  if (last.name === 'aggregate') return { filters, groupBy: null, aggregates: parseAggregates(last.inside) };
  if (last.name !== 'groupby') throw badQuery(`The transformation '${last.name}' of $apply is not supported.`);

  const [properties = '', inner, ...tooMany] = splitTopLevel(last.inside, ',').map((part) => part.trim());
  const list = /^\((.+)\)$/s.exec(properties)?.[1];
  if (list === undefined || tooMany.length > 0) throw badQuery(`Syntax error in $apply near '${last.inside}'.`);
  const aggregation = inner === undefined ? null : parseCall(inner);
  if (aggregation !== null && aggregation.name !== 'aggregate') throw badQuery(`Syntax error in $apply near '${inner ?? ''}'.`);
  return {
    filters,
    groupBy: list.split(',').map((name) => name.trim()),
    aggregates: aggregation === null ? [] : parseAggregates(aggregation.inside),
  };
}

function parseCall(text: string): { readonly name: string; readonly inside: string } {
  const match = /^([a-z]+)\s*\((.*)\)$/s.exec(text.trim());
  if (match === null) throw badQuery(`Syntax error in $apply near '${text}'.`);
  return { name: match[1] ?? '', inside: match[2] ?? '' };
}

function parseAggregates(text: string): readonly AggregateTerm[] {
  const terms = splitTopLevel(text, ',').map((part) => parseTerm(part.trim()));
  const twice = terms.find((term, index) => terms.findIndex((other) => other.alias === term.alias) !== index);
  if (twice !== undefined) throw badQuery(`The alias '${twice.alias}' in $apply is used more than once.`);
  return terms;
}

function parseTerm(text: string): AggregateTerm {
  const counted = /^\$count\s+as\s+(\w+)$/.exec(text);
  if (counted !== null) return { alias: counted[1] ?? '', path: null, method: 'count' };
  const match = /^([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)$/.exec(text);
  if (match === null) throw badQuery(`Syntax error in $apply near '${text}'.`);
  const [, path = '', method = '', alias = ''] = match;
  const known = aggregateMethods.find((candidate) => candidate === method);
  if (known === undefined) throw badQuery(`The aggregation method '${method}' is not supported.`);
  return { alias, path, method: known };
}
