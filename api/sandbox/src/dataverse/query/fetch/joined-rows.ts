/** The rows of a FetchXML query: each a row of the entity with, for every link-entity, the row that was joined to it. */
import { requirePrivilege } from '../../security/caller.ts';
import { isReference, type Row } from '../../store/values.ts';
import type { Table } from '../../tables/data-model.ts';
import { badQuery, tableNotFound } from '../../web-api/errors.ts';
import type { Session } from '../../web-api/messages.ts';
import type { Test } from '../compile-filter.ts';
import { rowsByIndex } from '../key-lookup.ts';
import { compileRowFilter } from '../row-filter.ts';
import { combine, conditionFilter, requireColumn } from './conditions.ts';
import type { FetchCondition, FetchEntity, FetchFilter, FetchLink } from './fetch-syntax.ts';

/** By alias; the entity's own row is under ''. Absent where an outer join found nothing. */
export type JoinedRow = ReadonlyMap<string, Row>;

export interface Joins {
  readonly table: Table;
  /** By alias. */
  readonly tables: ReadonlyMap<string, Table>;
  /** In the order of the entity's primary keys. */
  rows(within: readonly Row[] | undefined): JoinedRow[];
}

const noRow: Row = { id: '', version: 0, values: {} };

export function compileJoins(session: Session, entity: FetchEntity): Joins {
  const table = requireTable(session, entity.name);
  const tables = new Map<string, Table>();
  const links = entity.links.map((link) => compileLink(session, table, link, tables));
  const rows = session.environment.database.rows(table.logicalName);
  const all: FetchFilter = { type: 'and', conditions: [], filters: entity.filters };
  const test = compileFilter(session, all, { own: table, ownAlias: '', tables });
  const own = combine(onlyOwn(all), (condition) => conditionFilter(table, condition));
  if (own !== null) compileRowFilter(session, table, own);

  return {
    table,
    tables,
    rows(within) {
      const candidates = within ?? (own === null ? null : rowsByIndex(table, rows, own)) ?? rows.list();
      let joined: JoinedRow[] = candidates.map((row) => new Map([['', row]]));
      for (const link of links) joined = joined.flatMap(link);
      return joined.filter(test);
    },
  };
}

function requireTable(session: Session, name: string): Table {
  const table = session.environment.model.byLogicalName(name);
  if (table === undefined) throw tableNotFound(name);
  requirePrivilege(session.caller, 'Read', table);
  return table;
}

/** Without what asks about linked rows: what is left over finds the rows to begin with, so it may not be an alternative to it. */
function onlyOwn(filter: FetchFilter): FetchFilter {
  const asksElsewhere = (part: FetchFilter): boolean =>
    part.conditions.some(({ entityName }) => entityName !== null) || part.filters.some(asksElsewhere);
  if (filter.type === 'or') return asksElsewhere(filter) ? { type: 'and', conditions: [], filters: [] } : filter;
  return {
    type: 'and',
    conditions: filter.conditions.filter(({ entityName }) => entityName === null),
    filters: filter.filters.map(onlyOwn),
  };
}

type Join = (joined: JoinedRow) => JoinedRow[];

function compileLink(session: Session, parent: Table, link: FetchLink, tables: Map<string, Table>, parentAlias = ''): Join {
  const table = requireTable(session, link.name);
  tables.set(link.alias, table);
  const from = requireColumn(table, link.from);
  const to = requireColumn(parent, link.to);
  if ([from, to].some(({ type }) => type === 'State' || type === 'Status' || type === 'Boolean')) {
    throw badQuery(`The link-entity '${link.alias}' cannot join on the columns '${link.from}' and '${link.to}'.`);
  }
  const inner = link.links.map((child) => compileLink(session, table, child, tables, link.alias));
  const test = compileFilter(session, { type: 'and', conditions: [], filters: link.filters }, { own: table, ownAlias: link.alias, tables });
  const rows = session.environment.database.rows(table.logicalName);
  const isKey = from.logicalName === table.primaryIdColumn;

  return (joined) => {
    const value = joined.get(parentAlias)?.values[to.logicalName] ?? null;
    const id = isReference(value) ? value.id : typeof value === 'string' ? value : null;
    const target = id === null || !isKey ? undefined : rows.get(id);
    const found = id === null ? [] : isKey ? (target === undefined ? [] : [target]) : [...rows.referring(from.logicalName, id)];
    let result: JoinedRow[] = found.map((row) => new Map([...joined, [link.alias, row]]));
    for (const join of inner) result = result.flatMap(join);
    result = result.filter(test);
    return result.length === 0 && link.isOuter ? [joined] : result;
  };
}

interface Scope {
  readonly own: Table;
  readonly ownAlias: string;
  readonly tables: ReadonlyMap<string, Table>;
}

function compileFilter(session: Session, filter: FetchFilter, scope: Scope): Test<JoinedRow> {
  const tests = [
    ...filter.conditions.map((condition) => compileCondition(session, condition, scope)),
    ...filter.filters.map((inner) => compileFilter(session, inner, scope)),
  ];
  if (tests.length === 0) return () => true;
  return filter.type === 'and' ? (joined) => tests.every((test) => test(joined)) : (joined) => tests.some((test) => test(joined));
}

function compileCondition(session: Session, condition: FetchCondition, { own, ownAlias, tables }: Scope): Test<JoinedRow> {
  const alias = condition.entityName ?? ownAlias;
  const table = condition.entityName === null ? own : tables.get(condition.entityName);
  if (table === undefined) throw badQuery(`The entityname '${alias}' is the alias of no link-entity.`);
  const test = compileRowFilter(session, table, conditionFilter(table, condition));
  return (joined) => test(joined.get(alias) ?? noRow);
}
