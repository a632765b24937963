/**
 * Writes that go through a relationship: rows made together with a row, and rows linked to a row or unlinked from it
 * (create-entity-web-api.md, associate-disassociate-entities-using-web-api.md).
 */
import { requirePrivilege } from '../security/caller.ts';
import { relatedRows, type RelatedRows } from '../store/related-rows.ts';
import { isReference, type Row, type RowValues } from '../store/values.ts';
import type { ManyToManyNavigation, Table } from '../tables/data-model.ts';
import { badPayload, duplicateRecord, resourceNotFound, tooDeep } from './errors.ts';
import { requireRow, resolveReference, type RowTarget } from './find-row.ts';
import type { JsonObject } from './json-body.ts';
import type { Session } from './messages.ts';
import { type ChildrenInput, type ParentInput, readRowInput } from './row-input.ts';
import { createRow, updateRow } from './write-rows.ts';

/** A payload may nest rows this deep; no page tells the real limit. */
const deepestNesting = 50;
const depths = new WeakMap<Session, number>();

/** Creates what single-valued navigation properties hold; gives the lookups that then point there. */
export function createParents(session: Session, table: Table, parents: readonly ParentInput[]): RowValues {
  const lookups: Record<string, RowValues[string]> = {};
  for (const { navigation, json } of parents) {
    const target = session.environment.model.require(navigation.target.table);
    const row = createNested(session, table, target, json, {});
    lookups[navigation.column.logicalName] = { table: target.logicalName, id: row.id };
  }
  return lookups;
}

/** Creates, or links, what collection-valued navigation properties hold. */
export function createChildren(session: Session, table: Table, parent: Row, collections: readonly ChildrenInput[]): void {
  for (const { name, rows, addresses } of collections) {
    const related = requireCollection(session, table, name);
    for (const json of rows) {
      const { navigation } = related;
      const lookup = navigation.kind === 'oneToMany' ? { [navigation.oneToMany.column.logicalName]: referenceTo(table, parent) } : {};
      const child = createNested(session, table, related.table, json, lookup);
      if (navigation.kind === 'manyToMany') addPair(session, navigation.manyToMany, parent, child);
    }
    for (const address of addresses) associate(session, { table, row: parent, name }, resolveReference(session, address));
  }
}

/** Counts how deep a payload has led: it could nest deeper than the sandbox's own stack. */
function createNested(session: Session, outer: Table, target: Table, json: JsonObject, lookup: RowValues): Row {
  const depth = (depths.get(session) ?? 0) + 1;
  if (depth > deepestNesting) throw tooDeep(outer.entitySetName);
  depths.set(session, depth);
  try {
    const input = readRowInput(session, target, json, 'create');
    return createRow(session, target, { ...input, changes: { ...input.changes, ...lookup } });
  } finally {
    depths.set(session, depth - 1);
  }
}

/** A row and one of its collection-valued navigation properties. */
export interface Collection {
  readonly table: Table;
  readonly row: Row;
  readonly name: string;
}

export function associate(session: Session, { table, row, name }: Collection, target: RowTarget): void {
  const related = requireCollection(session, table, name);
  const other = requireRelated(related, target, name);
  const { navigation } = related;
  if (navigation.kind === 'manyToMany') {
    requirePrivilege(session.caller, 'Write', table);
    addPair(session, navigation.manyToMany, row, other);
  } else updateRow(session, related.table, other, { [navigation.oneToMany.column.logicalName]: referenceTo(table, row) });
}

/** Rows that are not linked stay as they are. */
export function disassociate(session: Session, { table, row, name }: Collection, target: RowTarget): void {
  const related = requireCollection(session, table, name);
  const other = requireRelated(related, target, name);
  const { navigation } = related;
  if (navigation.kind === 'manyToMany') {
    const { intersectTable, ownColumn, otherColumn } = navigation.manyToMany;
    const { database } = session.environment;
    requirePrivilege(session.caller, 'Write', table);
    const pairs = [...database.rows(intersectTable).referring(ownColumn, row.id)];
    for (const pair of pairs.filter(({ values }) => values[otherColumn] === other.id)) database.remove(intersectTable, pair.id);
    return;
  }
  const { logicalName } = navigation.oneToMany.column;
  const reference = other.values[logicalName];
  if (isReference(reference) && reference.id === row.id) updateRow(session, related.table, other, { [logicalName]: null });
}

function requireCollection(session: Session, table: Table, name: string): RelatedRows {
  const related = relatedRows(session.environment, table, name);
  if (related === undefined) throw resourceNotFound(name);
  return related;
}

function requireRelated(related: RelatedRows, target: RowTarget, name: string): Row {
  if (target.table.logicalName !== related.table.logicalName) {
    throw badPayload(
      related.table.entitySetName,
      `Microsoft.OData.ODataException: The navigation property '${name}' takes records of type ` +
        `'Microsoft.Dynamics.CRM.${related.table.logicalName}' and not 'Microsoft.Dynamics.CRM.${target.table.logicalName}'.`,
    );
  }
  return requireRow(target);
}

function addPair(session: Session, { intersectTable, ownColumn, otherColumn }: ManyToManyNavigation, own: Row, other: Row): void {
  const { database, model, newGuid } = session.environment;
  const pairs = database.rows(intersectTable);
  const isThere = [...pairs.referring(ownColumn, own.id)].some(({ values }) => values[otherColumn] === other.id);
  if (isThere) throw duplicateRecord();
  const id = newGuid();
  const key = model.require(intersectTable).primaryIdColumn;
  const values = { [key]: id, [ownColumn]: own.id, [otherColumn]: other.id };
  database.put(intersectTable, { id, version: database.nextVersion(), values });
}

const referenceTo = (table: Table, row: Row) => ({ table: table.logicalName, id: row.id });
