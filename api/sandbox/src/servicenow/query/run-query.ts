import { type Row, valueOf } from '../data/row.ts';
import { type ClauseContext, type Test, compileClause } from './compile-clause.ts';
import { findWalk } from './dot-walk.ts';
import { type OrderBy, parseEncodedQuery } from './parse-encoded.ts';

interface QueryOptions extends ClauseContext {
  readonly query: string;
  /** What a clause without sense does: makes the whole query find nothing, or (as by default) is left out. */
  readonly returnsNoRowsForInvalidQuery: boolean;
}

/** undefined: the query makes no sense and is to find nothing. */
const compile = (options: QueryOptions, groups: ReturnType<typeof parseEncodedQuery>['groups']): Test | undefined => {
  let isInvalid = false;
  const groupTests = groups.map((group) =>
    group.flatMap((alternatives): readonly Test[] => {
      const tests = alternatives.flatMap((clause) => compileClause(options, clause) ?? []);
      isInvalid ||= tests.length < alternatives.length;
      // Nothing of it is left: it does not narrow the result any more.
      return tests.length === 0 ? [] : [(row) => tests.some((test) => test(row))];
    }),
  );
  if (isInvalid && options.returnsNoRowsForInvalidQuery) return undefined;
  return (row) => groupTests.some((tests) => tests.every((test) => test(row)));
};

const sorterOf = ({ instance, table }: ClauseContext, orderBy: readonly OrderBy[]) => {
  const orders = orderBy.flatMap(({ field, isDescending }) => {
    const walk = findWalk(instance, table, field);
    return walk ? [{ walk, isDescending }] : [];
  });
  return (a: Row, b: Row): number => {
    for (const { walk, isDescending } of orders) {
      const [left = '', right = ''] = [a, b].map((row) => {
        const owner = walk.rowAt(row);
        return owner ? valueOf(owner, walk.column.element) : '';
      });
      const isNumber = walk.column.type === 'integer';
      if (left !== right) return (isNumber ? Number(left) < Number(right) : left < right) === isDescending ? 1 : -1;
    }
    return 0;
  };
};

/** Rows are kept by sys_id, so only other orders cost a sort. */
const isNatural = (orderBy: readonly OrderBy[]): boolean => {
  const [first] = orderBy;
  return first === undefined || (first.field === 'sys_id' && !first.isDescending);
};

/** All rows that fit, in order, whatever the user may see of them. */
export const runQuery = (options: QueryOptions): readonly Row[] => {
  const { groups, orderBy } = parseEncodedQuery(options.query);
  const test = compile(options, groups);
  if (!test) return [];
  const found = options.instance.rowsOf(options.table).filter(test);
  return isNatural(orderBy) ? found : found.sort(sorterOf(options, orderBy));
};
