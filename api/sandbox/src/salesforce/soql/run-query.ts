import type { FieldValue } from '../data/field.ts';
import { type ObjectDefinition, findObject } from '../data/objects.ts';
import type { Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { errors } from '../errors.ts';
import { compileCondition } from './compile-condition.ts';
import { parseQuery } from './parse.ts';
import { type ResolvedPath, recordAt, resolvePath } from './resolve-path.ts';
import type { OrderBy, Query } from './syntax.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_fields.htm */
const allFieldsLimit = 200;

export interface PreparedQuery {
  readonly object: ObjectDefinition;
  readonly isCount: boolean;
  readonly columns: readonly ResolvedPath[];
  /** Finds the records; each call looks anew. */
  readonly run: () => readonly SObject[];
}

interface QueryOptions {
  readonly org: Org;
  readonly text: string;
  /** queryAll: with what is in the recycle bin. */
  readonly includesDeleted: boolean;
}

const columnsOf = (object: ObjectDefinition, { select, limit }: Query): readonly ResolvedPath[] => {
  if (select.kind === 'count') return [];
  const paths = [...select.paths];
  for (const group of select.groups) {
    if (group !== 'STANDARD' && (limit === undefined || limit > allFieldsLimit)) {
      throw errors.malformedQuery(`The SOQL FIELDS function must have a LIMIT of at most ${allFieldsLimit}`);
    }
    if (group !== 'CUSTOM') paths.push(...object.fields.map((field) => field.name));
  }
  const columns = paths.map((path) => resolvePath(object, path));
  const names = columns.map((column) => column.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw errors.invalidField(`duplicate field selected: ${twice}`);
  return columns;
};

const compareValues = (left: FieldValue, right: FieldValue, { isDescending, areNullsLast }: OrderBy): number => {
  if (left === right) return 0;
  if (left === null || right === null) return (left === null) === areNullsLast ? 1 : -1;
  const isLess =
    typeof left === 'string' && typeof right === 'string'
      ? left.toLowerCase() < right.toLowerCase() || (left.toLowerCase() === right.toLowerCase() && left < right)
      : left < right;
  return isLess === isDescending ? 1 : -1;
};

/** Ids are compared as they are: in lower case two of them could be one. */
const compareExactly = (left: FieldValue, right: FieldValue, isDescending: boolean): number =>
  left === right ? 0 : (left ?? '') < (right ?? '') === isDescending ? 1 : -1;

const sorterOf = (org: Org, object: ObjectDefinition, orderBy: readonly OrderBy[]) => {
  const orders = orderBy.map((order) => ({ order, path: resolvePath(object, order.path) }));
  return (a: SObject, b: SObject): number => {
    for (const { order, path } of orders) {
      const [left, right] = [a, b].map((record) => {
        const owner = recordAt(org, record, path.steps);
        return owner ? valueOf(owner, path.field.name) : null;
      });
      const isExact = path.field.type === 'id' || path.field.type === 'datetime';
      const result = isExact
        ? compareExactly(left ?? null, right ?? null, order.isDescending)
        : compareValues(left ?? null, right ?? null, order);
      if (result !== 0) return result;
    }
    return 0;
  };
};

/** Checks a query against the objects. Throws what Salesforce says of it. */
export const prepareQuery = ({ org, text, includesDeleted }: QueryOptions): PreparedQuery => {
  const query = parseQuery(text);
  const object = findObject(query.from);
  if (!object) throw errors.invalidType(query.from);
  const columns = columnsOf(object, query);
  const test = query.where ? compileCondition(org, object, query.where) : () => true;
  const sorter = sorterOf(org, object, query.orderBy);
  const offset = query.offset ?? 0;
  return {
    object,
    columns,
    isCount: query.select.kind === 'count',
    run: () => {
      const found = org.all(object.name).filter((record) => (includesDeleted || !record.IsDeleted) && test(record));
      const sorted = query.orderBy.length > 0 ? found.sort(sorter) : found;
      return sorted.slice(offset, query.limit === undefined ? undefined : offset + query.limit);
    },
  };
};
