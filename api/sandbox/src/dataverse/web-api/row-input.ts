/** From the JSON of a create or update to the columns that it sets. */
import { parseValue } from '../store/parse-value.ts';
import type { RowValues, StoredValue } from '../store/values.ts';
import { isCollection, type Navigation, type Table } from '../tables/data-model.ts';
import { teamTypes } from '../tables/organization-tables.ts';
import { type ColumnDefinition, isLookup } from '../tables/definition.ts';
import { badPayload, cannotBeNull, deepUpdate, invalidOwner, invalidProperty, undeclaredNavigation } from './errors.ts';
import { requireRow, resolveReference } from './find-row.ts';
import { isJsonObject, type JsonObject } from './json-body.ts';
import type { Session } from './messages.ts';

export interface RowInput {
  /** The primary key, when the payload holds it. */
  readonly id: string | null;
  readonly changes: RowValues;
  /** Rows to make before this one: their ids go into its lookups. */
  readonly parents: readonly ParentInput[];
  /** Rows to make, or to link, once this one is there. */
  readonly children: readonly ChildrenInput[];
}

/** A single-valued navigation property with an object: create-entity-web-api.md, "Create related table rows in one operation". */
export interface ParentInput {
  readonly navigation: Navigation;
  readonly json: JsonObject;
}

/** A collection-valued navigation property with rows to create, or with the addresses of rows that there are. */
export interface ChildrenInput {
  readonly name: string;
  readonly rows: readonly JsonObject[];
  readonly addresses: readonly string[];
}

type Changes = Record<string, StoredValue>;
type Purpose = 'create' | 'update';

const none: readonly never[] = [];

export function readRowInput(session: Session, table: Table, json: JsonObject, purpose: Purpose): RowInput {
  const changes: Changes = {};
  let id: string | null = null;
  let parents: ParentInput[] | null = null;
  let children: ChildrenInput[] | null = null;
  for (const name of Object.keys(json)) {
    const value = json[name];
    const at = name.indexOf('@');
    if (at >= 0) {
      // All other annotations (@odata.etag, formatted values) may come back from a read and say nothing here.
      if (name.slice(at) !== '@odata.bind') continue;
      const property = name.slice(0, at);
      if (isCollection(table, property)) (children ??= []).push(readBoundCollection(table, property, value, purpose));
      else bind(session, table, property, value, changes);
      continue;
    }
    const column = table.properties.get(name);
    if (column !== undefined) {
      if (column.logicalName === table.primaryIdColumn) id = readId(table, column, value);
      else setColumn(table, column, value, purpose, changes);
    } else if (isCollection(table, name)) (children ??= []).push(readCollection(table, name, value, purpose));
    else {
      const parent = readNavigation(table, name, value, purpose, changes);
      if (parent !== null) (parents ??= []).push(parent);
    }
  }
  return { id, changes, parents: parents ?? none, children: children ?? none };
}

function readId(table: Table, column: ColumnDefinition, value: unknown): string | null {
  const guid = parseValue(table, column, value);
  return typeof guid === 'string' ? guid : null;
}

function setColumn(table: Table, column: ColumnDefinition, value: unknown, purpose: Purpose, changes: Changes): void {
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

/** `"parentcustomerid_account": null` clears the lookup; an object is a row to create. */
function readNavigation(table: Table, name: string, value: unknown, purpose: Purpose, changes: Changes): ParentInput | null {
  const navigation = table.navigations.get(name);
  if (navigation === undefined) throw invalidProperty(name, table);
  if (value === null) {
    clearLookup(table, navigation, changes);
    return null;
  }
  if (!isJsonObject(value)) throw invalidProperty(name, table);
  if (purpose === 'update') throw deepUpdate(table, name);
  return { navigation, json: value };
}

function readCollection(table: Table, name: string, value: unknown, purpose: Purpose): ChildrenInput {
  if (!Array.isArray(value)) throw invalidProperty(name, table);
  if (purpose === 'update') throw deepUpdate(table, name);
  const rows = value.filter(isJsonObject);
  if (rows.length !== value.length) throw invalidProperty(name, table);
  return { name, rows, addresses: none };
}

function readBoundCollection(table: Table, name: string, value: unknown, purpose: Purpose): ChildrenInput {
  if (purpose === 'update') throw deepUpdate(table, name);
  const addresses = Array.isArray(value) ? value.filter((address): address is string => typeof address === 'string') : null;
  if (addresses === null || !Array.isArray(value) || addresses.length !== value.length) {
    throw badPayload(table.entitySetName, `Microsoft.OData.ODataException: The value of '${name}@odata.bind' must be an array of strings.`);
  }
  return { name, rows: none, addresses };
}

function bind(session: Session, table: Table, name: string, value: unknown, changes: Changes): void {
  const navigation = table.navigations.get(name);
  if (navigation === undefined) throw undeclaredNavigation(name, table.entitySetName);
  if (value === null) {
    clearLookup(table, navigation, changes);
    return;
  }
  if (typeof value !== 'string') {
    throw badPayload(table.entitySetName, `Microsoft.OData.ODataException: The value of '${name}@odata.bind' must be a string.`);
  }
  if (!navigation.column.isValidForUpdate) return;
  const target = resolveReference(session, value);
  const isAllowed = navigation.column.targets.some(
    (allowed) => allowed.navigationProperty === name && allowed.table === target.table.logicalName,
  );
  if (!isAllowed) {
    throw badPayload(
      table.entitySetName,
      `Microsoft.OData.ODataException: The navigation property '${name}' takes records of type 'Microsoft.Dynamics.CRM.${navigation.target.table}' ` +
        `and not 'Microsoft.Dynamics.CRM.${target.table.logicalName}'.`,
    );
  }
  const row = requireRow(target);
  // An access team shares rows and never owns them.
  if (navigation.column.type === 'Owner' && row.values.teamtype === teamTypes.access) throw invalidOwner();
  changes[navigation.column.logicalName] = { table: target.table.logicalName, id: row.id };
}

/** A Customer lookup has two names: clearing one of them must not undo what the same payload binds by the other. */
function clearLookup(table: Table, { column }: Navigation, changes: Changes): void {
  if (column.requiredLevel === 'SystemRequired') throw cannotBeNull({ column: column.logicalName, table: table.logicalName });
  if (column.isValidForUpdate) changes[column.logicalName] ??= null;
}
