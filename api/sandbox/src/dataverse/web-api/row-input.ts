/** From the JSON of a create or update to the columns that it sets. */
import { parseValue } from '../store/parse-value.ts';
import type { RowValues, StoredValue } from '../store/values.ts';
import type { Navigation, Table } from '../tables/data-model.ts';
import { type ColumnDefinition, isLookup } from '../tables/definition.ts';
import { badPayload, cannotBeNull, invalidProperty, notImplemented, undeclaredNavigation } from './errors.ts';
import { requireRow, resolveReference } from './find-row.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import type { Session } from './messages.ts';

export interface RowInput {
  /** The primary key, when the payload holds it. */
  readonly id: string | null;
  readonly changes: RowValues;
}

type Changes = Record<string, StoredValue>;

export function readRowInput(session: Session, table: Table, json: JsonObject, purpose: 'create' | 'update'): RowInput {
  const changes: Changes = {};
  let id: string | null = null;
  for (const name of Object.keys(json)) {
    const value = json[name];
    const at = name.indexOf('@');
    if (at >= 0) {
      if (name.slice(at) === '@odata.bind') bind(session, table, name.slice(0, at), value, changes);
      // All other annotations (@odata.etag, formatted values) may come back from a read and say nothing here.
      continue;
    }
    const column = table.properties.get(name);
    if (column === undefined) {
      setNavigation(table, name, value, changes);
    } else if (column.logicalName === table.primaryIdColumn) {
      const guid = parseValue(table, column, value);
      id = typeof guid === 'string' ? guid : null;
    } else {
      setColumn(table, column, value, purpose, changes);
    }
  }
  return { id, changes };
}

function setColumn(table: Table, column: ColumnDefinition, value: unknown, purpose: 'create' | 'update', changes: Changes): void {
  if (isLookup(column)) {
    throw badPayload(
      table.entitySetName,
      'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
    );
  }
  // createdon, fullname, versionnumber …: Dataverse takes them from a client and drops them.
  if (purpose === 'create' ? !column.isValidForCreate : !column.isValidForUpdate) return;
  if (value === null && column.requiredLevel === 'SystemRequired')
    throw cannotBeNull({ column: column.logicalName, table: table.logicalName });
  changes[column.logicalName] = parseValue(table, column, value);
}

/** `"parentcustomerid_account": null` clears the lookup; an object there would be a deep insert. */
function setNavigation(table: Table, name: string, value: unknown, changes: Changes): void {
  const navigation = table.navigations.get(name);
  if (navigation === undefined && !table.collections.has(name)) throw invalidProperty(name, table);
  if (isJsonObject(value) || Array.isArray(value)) throw notImplemented('Creating related rows in one operation');
  if (navigation === undefined || value !== null) throw invalidProperty(name, table);
  clearLookup(table, navigation, changes);
}

function bind(session: Session, table: Table, name: string, value: unknown, changes: Changes): void {
  const navigation = table.navigations.get(name);
  if (navigation === undefined) {
    if (table.collections.has(name)) throw notImplemented('Binding rows of a collection');
    throw undeclaredNavigation(name, table.entitySetName);
  }
  if (value === null) {
    clearLookup(table, navigation, changes);
    return;
  }
  if (typeof value !== 'string') {
    throw badPayload(table.entitySetName, `Microsoft.OData.ODataException: The value of '${name}@odata.bind' must be a string.`);
  }
  if (!navigation.column.isValidForUpdate) return;
  const target = resolveReference(session, value);
  if (target.table.logicalName !== navigation.target.table) {
    throw badPayload(
      table.entitySetName,
      `Microsoft.OData.ODataException: The navigation property '${name}' takes records of type 'Microsoft.Dynamics.CRM.${navigation.target.table}' ` +
        `and not 'Microsoft.Dynamics.CRM.${target.table.logicalName}'.`,
    );
  }
  changes[navigation.column.logicalName] = { table: target.table.logicalName, id: requireRow(target).id };
}

/** A Customer lookup has two names: clearing one of them must not undo what the same payload binds by the other. */
function clearLookup(table: Table, { column }: Navigation, changes: Changes): void {
  if (column.requiredLevel === 'SystemRequired') throw cannotBeNull({ column: column.logicalName, table: table.logicalName });
  if (column.isValidForUpdate) changes[column.logicalName] ??= null;
}
