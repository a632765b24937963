/** Create, update, upsert and delete of one row: the same for a single request, a part of a batch and a target of a bulk message. */
import { requirePrivilege } from '../security/caller.ts';
import { rootBusinessUnit } from '../security/business-unit.ts';
import { applyTableRules, defaultsOf } from '../store/table-rules.ts';
import { formatMoment, type Reference, type Row, type RowValues, type StoredValue } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { deleteIsRestricted, duplicateKey, duplicateRecord, tableIsReadOnly } from './errors.ts';
import { isSameKeyValue, type RowTarget } from './find-row.ts';
import type { JsonObject } from './json-body.ts';
import type { Session } from './messages.ts';
import { createChildren, createParents } from './related-writes.ts';
import { readRowInput, type RowInput } from './row-input.ts';

export interface UpsertResult {
  readonly row: Row;
  readonly isCreated: boolean;
}

const user = (systemUserId: string): Reference => ({ table: 'systemuser', id: systemUserId });

export function createRow(session: Session, table: Table, input: RowInput): Row {
  if (table.isReadOnly) throw tableIsReadOnly('Create', table.logicalName);
  requirePrivilege(session.caller, 'Create', table);
  const { database } = session.environment;
  const id = input.id ?? session.environment.newGuid();
  if (database.rows(table.logicalName).get(id) !== undefined) throw duplicateRecord();
  if (input.parents.length === 0 && input.children.length === 0) return insertRow(session, table, id, input.changes);

  // Related rows come about with the row, or not at all.
  return database.transaction(() => {
    const lookups = createParents(session, table, input.parents);
    const row = insertRow(session, table, id, { ...input.changes, ...lookups });
    createChildren(session, table, row, input.children);
    return row;
  });
}

function insertRow(session: Session, table: Table, id: string, changes: RowValues): Row {
  const { database } = session.environment;
  const { user: creator, delegate } = session.caller;
  const moment = formatMoment(session.environment.nowMs());
  const onBehalf = delegate === null ? null : user(delegate.systemUserId);
  const values: Record<string, StoredValue> = {
    ...applyTableRules({ table, id, before: defaultsOf(table), changes }),
    [table.primaryIdColumn]: id,
    createdon: moment,
    modifiedon: moment,
    createdby: user(creator.systemUserId),
    modifiedby: user(creator.systemUserId),
    createdonbehalfby: onBehalf,
    modifiedonbehalfby: onBehalf,
  };
  if (table.columnsByName.has('ownerid')) {
    values.ownerid ??= user(creator.systemUserId);
    values.owninguser = values.ownerid;
    values.owningbusinessunit = rootBusinessUnit;
  }
  return store(session, table, { id, version: database.nextVersion(), values });
}

export function updateRow(session: Session, table: Table, row: Row, changes: RowValues): Row {
  if (table.isReadOnly) throw tableIsReadOnly('Update', table.logicalName);
  requirePrivilege(session.caller, 'Write', table);
  const { user: editor, delegate } = session.caller;
  const values = applyTableRules({ table, id: row.id, before: row.values, changes });
  return store(session, table, {
    id: row.id,
    version: session.environment.database.nextVersion(),
    values: {
      ...values,
      ...(values.ownerid === undefined ? {} : { owninguser: values.ownerid }),
      modifiedon: formatMoment(session.environment.nowMs()),
      modifiedby: user(editor.systemUserId),
      modifiedonbehalfby: delegate === null ? null : user(delegate.systemUserId),
    },
  });
}

/**
 * The address decides which row; the payload says what it holds. Key columns that the payload repeats are dropped on update, and win
 * over the address on create (use-upsert-insert-update-record.md).
 */
export function upsertRow(session: Session, target: RowTarget, json: JsonObject): UpsertResult {
  const { table, row } = target;
  if (row === undefined) {
    const input = readRowInput(session, table, json, 'create');
    const changes = { ...target.keyValues, ...input.changes };
    return { row: createRow(session, table, { ...input, id: target.id ?? input.id, changes }), isCreated: true };
  }
  const { changes } = readRowInput(session, table, json, 'update');
  const keyColumns = Object.keys(target.keyValues);
  const repeatsKey = keyColumns.some((column) => column in changes);
  const others = repeatsKey ? Object.fromEntries(Object.entries(changes).filter(([column]) => !keyColumns.includes(column))) : changes;
  return { row: updateRow(session, table, row, others), isCreated: false };
}

/** Rows that point to it go with it or lose their link, as their relationship says. */
export function deleteRow(session: Session, table: Table, row: Row): void {
  if (table.isReadOnly) throw tableIsReadOnly('Delete', table.logicalName);
  requirePrivilege(session.caller, 'Delete', table);
  const { database, model } = session.environment;
  database.transaction(() => {
    database.remove(table.logicalName, row.id);
    for (const { intersectTable, ownColumn } of table.manyToMany.values()) {
      for (const pair of [...database.rows(intersectTable).referring(ownColumn, row.id)]) database.remove(intersectTable, pair.id);
    }
    for (const { table: childTable, column } of table.collections.values()) {
      const relationship = column.targets.find((target) => target.table === table.logicalName);
      const child = model.require(childTable);
      for (const dependant of [...database.rows(childTable).referring(column.logicalName, row.id)]) {
        // A row that points here by two lookups may be gone, or changed, since the list was made.
        const present = database.rows(childTable).get(dependant.id);
        if (present === undefined) continue;
        if (relationship?.onDelete === 'Restrict') throw deleteIsRestricted();
        if (relationship?.onDelete === 'Cascade') deleteRow(session, child, present);
        else updateRow(session, child, present, { [column.logicalName]: null });
      }
    }
  });
}

function store(session: Session, table: Table, row: Row): Row {
  const { database } = session.environment;
  const rows = database.rows(table.logicalName);
  const before = rows.get(row.id);
  for (const key of table.keys) {
    const isUnchanged =
      before !== undefined && key.columns.every((column) => isSameKeyValue(before.values[column] ?? null, row.values[column] ?? null));
    if (isUnchanged) continue;
    const holder = rows.findByKey(key.logicalName, row.values);
    if (holder !== undefined && holder.id !== row.id) throw duplicateKey({ keyName: key.displayName, columns: key.columns });
  }
  database.put(table.logicalName, row);
  return row;
}
