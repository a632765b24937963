/** Writes one row, changes it or removes it: the same for a single request, a part of a batch and a target of a bulk message. */
import { requireAccess, requirePrivilege } from '../security/caller.ts';
import { rootBusinessUnit } from '../security/business-unit.ts';
import { applyTableRules, defaultsOf } from '../store/table-rules.ts';
import { formatMoment, isReference, type Reference, type Row, type RowValues, type StoredValue } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { deleteIsRestricted, duplicateKey, duplicateRecord, tableIsReadOnly } from './errors.ts';
import { isSameKeyValue } from './find-row.ts';
import type { Session } from './messages.ts';
import type { RowInput } from './row-input.ts';

const user = (systemUserId: string): Reference => ({ table: 'systemuser', id: systemUserId });

/** The two columns that tell users from teams among the owners. */
function owningOf(owner: StoredValue): RowValues {
  const isTeam = isReference(owner) && owner.table === 'team';
  return { owninguser: isTeam ? null : owner, owningteam: isTeam ? owner : null };
}

/** `id` null: a new one. The row alone, without what its payload may say about related rows. */
export function insertRow(session: Session, table: Table, { id: given, changes }: Pick<RowInput, 'id' | 'changes'>): Row {
  if (table.isReadOnly) throw tableIsReadOnly('Create', table.logicalName);
  requirePrivilege(session.caller, 'Create', table);
  const { database } = session.environment;
  const id = given ?? session.environment.newGuid();
  if (database.rows(table.logicalName).get(id) !== undefined) throw duplicateRecord();
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
  if (table.columnsByName.get('ownerid')?.type === 'Owner') {
    values.ownerid ??= user(creator.systemUserId);
    Object.assign(values, owningOf(values.ownerid));
    values.owningbusinessunit = rootBusinessUnit;
  }
  return store(session, table, { id, version: database.nextVersion(), values });
}

export function updateRow(session: Session, table: Table, row: Row, changes: RowValues): Row {
  if (table.isReadOnly) throw tableIsReadOnly('Update', table.logicalName);
  requirePrivilege(session.caller, 'Write', table);
  requireAccess(session.caller, table, row);
  const { user: editor, delegate } = session.caller;
  const values = applyTableRules({ table, id: row.id, before: row.values, changes });
  return store(session, table, {
    id: row.id,
    version: session.environment.database.nextVersion(),
    values: {
      ...values,
      ...(isReference(values.ownerid) ? owningOf(values.ownerid) : {}),
      modifiedon: formatMoment(session.environment.nowMs()),
      modifiedby: user(editor.systemUserId),
      modifiedonbehalfby: delegate === null ? null : user(delegate.systemUserId),
    },
  });
}

/** Rows that point to it go with it or lose their link, as their relationship says. */
export function deleteRow(session: Session, table: Table, row: Row): void {
  if (table.isReadOnly) throw tableIsReadOnly('Delete', table.logicalName);
  requirePrivilege(session.caller, 'Delete', table);
  requireAccess(session.caller, table, row);
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
  session.meter.rows(1);
  return row;
}
