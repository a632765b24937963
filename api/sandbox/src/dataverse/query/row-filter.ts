/** $filter over rows: what compile-filter.ts does for any item, with the functions and lambda operators that only rows have. */
import { requirePrivilege } from '../security/caller.ts';
import { relatedRows } from '../store/related-rows.ts';
import type { Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { badQuery, propertyNotFound } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import { compileFilter, type RowQuestions, type Test } from './compile-filter.ts';
import type { Filter, LambdaFilter } from './filter-syntax.ts';
import type { PropertyResolver } from './property-access.ts';
import { compileRowFunction } from './row-functions.ts';
import { rowProperties } from './row-properties.ts';

export function compileRowFilter(session: Session, table: Table, filter: Filter): Test<Row> {
  return compileIn({ session, table, prefix: '' }, filter);
}

/** Where an expression stands: in a query of `table`, or in a lambda whose variable comes before every name, as in `c/lastname`. */
interface Scope {
  readonly session: Session;
  readonly table: Table;
  readonly prefix: string;
}

function compileIn(scope: Scope, filter: Filter): Test<Row> {
  const { session, table } = scope;
  const resolveInTable = rowProperties(table, session.environment);
  const resolve: PropertyResolver<Row> = (path) => resolveInTable(withoutPrefix(scope, path));
  const questions: RowQuestions<Row> = {
    compileFunction: (call) => compileRowFunction(session, table, { ...call, path: withoutPrefix(scope, call.path) }),
    compileLambda: (lambda) => compileLambda(scope, lambda),
  };
  return compileFilter(filter, resolve, questions);
}

function withoutPrefix({ prefix, table }: Scope, path: string): string {
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  throw propertyNotFound(path, table.logicalName);
}

/** Conditions on a collection of a looked-up row are not supported (filter-rows.md, "Filter using values of related collections"). */
function compileLambda(scope: Scope, { quantifier, path, condition }: LambdaFilter): Test<Row> {
  const name = withoutPrefix(scope, path);
  if (name.includes('/')) throw badQuery(`The collection '${path}' is nested in a lookup: conditions on it are not supported.`);
  const related = relatedRows(scope.session.environment, scope.table, name);
  if (related === undefined) throw propertyNotFound(name, scope.table.logicalName);
  requirePrivilege(scope.session.caller, 'Read', related.table);
  if (condition === null) return (row) => related.of(row.id).length > 0;
  const test = compileIn({ session: scope.session, table: related.table, prefix: `${condition.variable}/` }, condition.filter);
  return quantifier === 'any' ? (row) => related.of(row.id).some(test) : (row) => related.of(row.id).every(test);
}
