/** Dataverse's query functions over rows (filter-rows.md, "Dataverse query functions"). */
import { formatMoment, isReference, parseGuid, type Row } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { isLookup } from '../tables/definition.ts';
import { badQuery, notImplemented } from '../web-api/errors.ts';
import type { Session } from '../web-api/messages.ts';
import type { Test } from './compile-filter.ts';
import { type DateWindow, dateWindow, fiscalPeriod } from './date-windows.ts';
import type { FunctionFilter } from './filter-syntax.ts';
import type { EdmType, PropertyAccess } from './property-access.ts';
import { rowProperties } from './row-properties.ts';

/** A condition may follow a hierarchy through this many levels (query-hierarchical-data.md). */
const deepestHierarchy = 100;
/** English, which all users of the sandbox read. */
const userLanguage = 1033;

export function compileRowFunction(session: Session, table: Table, call: FunctionFilter): Test<Row> {
  const access = rowProperties(table, session.environment)(call.path);
  switch (call.name) {
    case 'EqualUserId':
    case 'NotEqualUserId':
      return compareId(call, access, session.caller.user.systemUserId);
    case 'EqualBusinessId':
    case 'NotEqualBusinessId':
      return compareId(call, access, session.environment.businessUnitId);
    case 'EqualUserLanguage':
      requireType(call, access, ['Edm.Int32']);
      return (row) => access.read(row) === userLanguage;
    case 'Above':
    case 'AboveOrEqual':
    case 'Under':
    case 'UnderOrEqual':
    case 'NotUnder':
      return compileHierarchy(session, table, call);
    case 'ContainValues':
    case 'DoesNotContainValues':
      throw badQuery(`The function '${call.name}' needs a choices column, and '${call.path}' is none.`);
    case 'InFiscalPeriod': {
      const period = fiscalPeriod(call.name, call.values[0] ?? '');
      requireType(call, access, ['Edm.Date', 'Edm.DateTimeOffset']);
      return (row) => {
        const value = access.read(row);
        return typeof value === 'string' && Math.ceil(Number(value.slice(5, 7)) / 3) === period;
      };
    }
    default: {
      const window = dateWindow(call.name, call.values, session.environment.nowMs());
      if (window === null) throw notImplemented(`The "Microsoft.Dynamics.CRM.${call.name}" function`);
      return isWithin(call, access, window);
    }
  }
}

function requireType(call: FunctionFilter, { edmType }: PropertyAccess<Row>, accepted: readonly EdmType[]): void {
  if (!accepted.includes(edmType)) {
    throw badQuery(`No function signature for the function with name '${call.name}' matches the specified arguments.`);
  }
}

function compareId(call: FunctionFilter, access: PropertyAccess<Row>, id: string): Test<Row> {
  requireType(call, access, ['Edm.Guid']);
  const isNegated = call.name.startsWith('Not');
  return (row) => (access.read(row) === id) !== isNegated;
}

/** Moments are text of one form, so they compare as text; a date alone is its first moment. */
function isWithin(call: FunctionFilter, access: PropertyAccess<Row>, { fromMs, toMs }: DateWindow): Test<Row> {
  requireType(call, access, ['Edm.Date', 'Edm.DateTimeOffset']);
  const from = fromMs === null ? null : formatMoment(fromMs);
  const to = toMs === null ? null : formatMoment(toMs);
  const isDate = access.edmType === 'Edm.Date';
  return (row) => {
    const value = access.read(row);
    if (typeof value !== 'string') return false;
    const moment = isDate ? `${value}T00:00:00Z` : value;
    return (from === null || moment >= from) && (to === null || moment < to);
  };
}

/** Which rows are meant is settled before the first is tested: a hierarchy is walked once for each query. */
function compileHierarchy(session: Session, table: Table, { name, path, values }: FunctionFilter): Test<Row> {
  const hierarchy = table.columns.filter(isLookup).find(({ targets }) => targets.some((target) => target.isHierarchical === true));
  if (hierarchy === undefined || path !== table.primaryIdColumn) {
    throw badQuery(`The function '${name}' needs the key of a table with a hierarchical relationship, and '${path}' is none.`);
  }
  const start = parseGuid(values[0] ?? '');
  if (start === null) throw badQuery(`The value '${values[0] ?? ''}' of the function '${name}' must be a GUID.`);
  const rows = session.environment.database.rows(table.logicalName);
  const parents = (id: string): readonly string[] => {
    const reference = rows.get(id)?.values[hierarchy.logicalName];
    return isReference(reference) ? [reference.id] : [];
  };
  const children = (id: string) => [...rows.referring(hierarchy.logicalName, id)].map((row) => row.id);

  const found = walk(start, name.startsWith('Above') ? parents : children);
  if (name === 'NotUnder') return (row) => !found.has(row.id);
  if (name.endsWith('OrEqual')) found.add(start);
  return (row) => found.has(row.id);
}

function walk(start: string, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set<string>();
  let level = [start];
  for (let depth = 0; depth < deepestHierarchy && level.length > 0; depth += 1) {
    level = level.flatMap(next).filter((id) => !found.has(id));
    for (const id of level) found.add(id);
  }
  return found;
}
