/** A row as JSON: the selected properties with the annotations that were asked for. */
import type { DataModel, Table } from '../tables/data-model.ts';
import { type ColumnDefinition, isLookup } from '../tables/definition.ts';
import type { Database } from './database.ts';
import { etagOf, isReference, type Row, type StoredValue } from './values.ts';

export interface RepresentOptions {
  readonly model: DataModel;
  readonly database: Database;
  /** OData property names; null = all. */
  readonly select: readonly string[] | null;
  readonly wantsAnnotation: (name: string) => boolean;
  /** Whether the one who asks may read secured columns; true when left out. */
  readonly maySeeSecured?: boolean;
  /** False: the row comes without its ETag. */
  readonly hasEtag?: boolean;
}

export type JsonRow = Record<string, unknown>;

const formattedValue = 'OData.Community.Display.V1.FormattedValue';
const lookupLogicalName = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const associatedNavigation = 'Microsoft.Dynamics.CRM.associatednavigationproperty';

export function representRow(table: Table, row: Row, options: RepresentOptions): JsonRow {
  const json: JsonRow = options.hasEtag === false ? {} : { '@odata.etag': etagOf(row) };
  for (const property of selectedProperties(table, options.select)) {
    const column = table.properties.get(property);
    if (column === undefined) continue;
    // Field-level security gives nothing, and says nothing of it.
    const value = column.isSecured === true && options.maySeeSecured === false ? null : columnValue(column, row);
    if (value !== null) addAnnotations(json, property, column, value, options);
    json[property] = plainValue(value);
  }
  return json;
}

/** The primary key is always there, and an amount brings its currency (select-columns.md). */
function selectedProperties(table: Table, select: readonly string[] | null): Iterable<string> {
  if (select === null) return table.properties.keys();
  const selected = new Set(select);
  if (select.some((name) => table.properties.get(name)?.type === 'Money')) selected.add('_transactioncurrencyid_value');
  selected.add(table.primaryIdColumn);
  for (const name of table.alwaysReturned ?? []) selected.add(name);
  return selected;
}

export function columnValue(column: ColumnDefinition, row: Row): StoredValue {
  return column.logicalName === 'versionnumber' ? row.version : (row.values[column.logicalName] ?? null);
}

/** What stands in the JSON for a value: a reference is its GUID. */
export function plainValue(value: StoredValue): string | number | boolean | null {
  return isReference(value) ? value.id : value;
}

function addAnnotations(json: JsonRow, property: string, column: ColumnDefinition, value: StoredValue, options: RepresentOptions): void {
  if (isReference(value) && isLookup(column)) {
    const target = column.targets.find((candidate) => candidate.table === value.table);
    if (options.wantsAnnotation(associatedNavigation)) json[`${property}@${associatedNavigation}`] = target?.navigationProperty;
    if (options.wantsAnnotation(lookupLogicalName)) json[`${property}@${lookupLogicalName}`] = value.table;
  }
  if (!options.wantsAnnotation(formattedValue)) return;
  const formatted = formatValue(column, value, options);
  if (formatted !== null) json[`${property}@${formattedValue}`] = formatted;
}

/** An amount as money is written, for aggregates of amounts too. */
export const formatMoney = (value: number, precision: number): string =>
  `$${value.toLocaleString('en-US', { minimumFractionDigits: precision, maximumFractionDigits: precision })}`;

/** For a user of the environment's base language (1033) in UTC, as the sandbox's users all are. */
export function formatValue(
  column: ColumnDefinition,
  value: StoredValue,
  options: Pick<RepresentOptions, 'model' | 'database'>,
): string | null {
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return column.options.find((option) => option.value === value)?.label ?? null;
    case 'Boolean':
      return value === true ? column.trueLabel : column.falseLabel;
    case 'Integer':
    case 'BigInt':
      return Number(value).toLocaleString('en-US');
    case 'Decimal':
    case 'Double':
      return Number(value).toLocaleString('en-US', { minimumFractionDigits: column.precision });
    case 'Money':
      return formatMoney(Number(value), column.precision);
    case 'DateTime':
      return typeof value !== 'string' ? null : formatDate(value, column.format === 'DateAndTime');
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      return isReference(value) ? primaryName(value.table, value.id, options) : null;
    default:
      return null;
  }
}

function formatDate(value: string, hasTime: boolean): string {
  const date = new Date(hasTime ? value : `${value}T00:00:00Z`);
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  if (!hasTime) return day;
  const hours = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, '0');
  return `${day} ${hours % 12 === 0 ? 12 : hours % 12}:${minutes} ${hours < 12 ? 'AM' : 'PM'}`;
}

function primaryName(logicalName: string, id: string, options: Pick<RepresentOptions, 'model' | 'database'>): string | null {
  const table = options.model.require(logicalName);
  const name = options.database.rows(logicalName).get(id)?.values[table.primaryNameColumn];
  return typeof name === 'string' ? name : null;
}

/** Names for `@odata.context`: what was selected and expanded, in the order of the request. */
export function contextOf(table: Table, names: readonly string[]): string {
  return names.length === 0 ? table.entitySetName : `${table.entitySetName}(${names.join(',')})`;
}
