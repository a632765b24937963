/** Resolves a query's property names against a table: `name`, `_parentcustomerid_value`, `parentcustomerid_account/name`. */
import type { Database } from '../store/database.ts';
import { columnValue, plainValue } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import type { DataModel, Navigation, Table } from '../tables/data-model.ts';
import { type ColumnDefinition, isLookup } from '../tables/definition.ts';
import { propertyNotFound } from '../web-api/errors.ts';
import type { EdmType, Primitive, PropertyAccess, PropertyResolver } from './property-access.ts';

interface Data {
  readonly model: DataModel;
  readonly database: Database;
}

export function rowProperties(table: Table, data: Data): PropertyResolver<Row> {
  return (path) => {
    const slash = path.indexOf('/');
    if (slash < 0) return ownProperty(table, path, data);
    const navigation = requireNavigation(table, path.slice(0, slash));
    const target = data.model.require(navigation.target.table);
    const rows = data.database.rows(target.logicalName);
    const access = rowProperties(target, data)(path.slice(slash + 1));
    return {
      edmType: access.edmType,
      read: (row) => readRelated(row, access.read),
      readSortValue: (row) => readRelated(row, access.readSortValue ?? access.read),
    };

    function readRelated(row: Row, read: (related: Row) => Primitive): Primitive {
      const reference = row.values[navigation.column.logicalName];
      if (!isReference(reference) || reference.table !== target.logicalName) return null;
      const related = rows.get(reference.id);
      return related === undefined ? null : read(related);
    }
  };
}

/** A property with its column, and the name that it has in the flat rows of an aggregate: `contact_fullname`. */
export interface NamedColumn {
  readonly access: PropertyAccess<Row>;
  readonly column: ColumnDefinition;
  readonly flatName: string;
}

export function namedColumn(table: Table, path: string, data: Data): NamedColumn {
  const access = rowProperties(table, data)(path);
  let owner = table;
  const names = path.split('/');
  const property = names.pop() ?? '';
  for (const name of names) owner = data.model.require(requireNavigation(owner, name).target.table);
  const column = owner.properties.get(property);
  if (column === undefined) throw propertyNotFound(property, owner.logicalName);
  return { access, column, flatName: names.length === 0 ? property : `${owner.logicalName}_${property}` };
}

function requireNavigation(table: Table, name: string): Navigation {
  const navigation = table.navigations.get(name);
  if (navigation === undefined) throw propertyNotFound(name, table.logicalName);
  return navigation;
}

function ownProperty(table: Table, name: string, { model, database }: Data): PropertyAccess<Row> {
  const column = table.properties.get(name);
  if (column === undefined) throw propertyNotFound(name, table.logicalName);
  const access = { edmType: edmTypeOf(column), read: (row: Row) => plainValue(columnValue(column, row)) };
  if (!isLookup(column)) return access;
  return {
    ...access,
    readSortValue(row) {
      const reference = row.values[column.logicalName];
      if (!isReference(reference)) return null;
      const related = database.rows(reference.table).get(reference.id);
      const name = related?.values[model.require(reference.table).primaryNameColumn];
      return typeof name === 'string' ? name : null;
    },
  };
}

export function edmTypeOf(column: ColumnDefinition): EdmType {
  switch (column.type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return 'Edm.String';
    case 'Integer':
    case 'Picklist':
    case 'State':
    case 'Status':
      return 'Edm.Int32';
    case 'BigInt':
      return 'Edm.Int64';
    case 'Decimal':
    case 'Double':
    case 'Money':
      return 'Edm.Decimal';
    case 'Boolean':
      return 'Edm.Boolean';
    case 'DateTime':
      return column.format === 'DateOnly' ? 'Edm.Date' : 'Edm.DateTimeOffset';
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'Uniqueidentifier':
      return 'Edm.Guid';
  }
}
