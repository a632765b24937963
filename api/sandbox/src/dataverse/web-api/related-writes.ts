/** Rows linked to a row through one of its collections, and unlinked (associate-disassociate-entities-using-web-api.md). */
import { requirePrivilege } from '../security/caller.ts';
import { relatedRows, type RelatedRows } from '../store/related-rows.ts';
import { isReference, type Row } from '../store/values.ts';
import type { ManyToManyNavigation, Table } from '../tables/data-model.ts';
import { badPayload, duplicateRecord, resourceNotFound } from './errors.ts';
import { requireRow, type RowTarget } from './find-row.ts';
import type { Session } from './messages.ts';
import { updateRow } from './write-rows.ts';

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

export function requireCollection(session: Session, table: Table, name: string): RelatedRows {
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

export function addPair(session: Session, { intersectTable, ownColumn, otherColumn }: ManyToManyNavigation, own: Row, other: Row): void {
  const { database, model, newGuid } = session.environment;
  const pairs = database.rows(intersectTable);
  const isThere = [...pairs.referring(ownColumn, own.id)].some(({ values }) => values[otherColumn] === other.id);
  if (isThere) throw duplicateRecord();
  const id = newGuid();
  const key = model.require(intersectTable).primaryIdColumn;
  const values = { [key]: id, [ownColumn]: own.id, [otherColumn]: other.id };
  database.put(intersectTable, { id, version: database.nextVersion(), values });
}

export const referenceTo = (table: Table, row: Row) => ({ table: table.logicalName, id: row.id });
