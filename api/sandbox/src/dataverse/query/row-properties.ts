/** Resolves a query's property names against a table: `name`, `_parentcustomerid_value`, `parentcustomerid_account/name`. */
import type { Database } from '../store/database.ts';
import { columnValue, plainValue } from '../store/represent.ts';
import { isReference, type Row } from '../store/values.ts';
import type { DataModel, Table } from '../tables/data-model.ts';
import type { ColumnDefinition } from '../tables/definition.ts';
import { propertyNotFound } from '../web-api/errors.ts';
import type { EdmType, PropertyAccess, PropertyResolver } from './property-access.ts';

export function rowProperties(table: Table, data: { readonly model: DataModel; readonly database: Database }): PropertyResolver<Row> {
  return (path) => {
    const slash = path.indexOf('/');
    if (slash < 0) return ownProperty(table, path);
    const navigation = table.navigations.get(path.slice(0, slash));
    if (navigation === undefined) throw propertyNotFound(path.slice(0, slash), table.logicalName);
    const target = data.model.require(navigation.target.table);
    const rows = data.database.rows(target.logicalName);
    const access = rowProperties(target, data)(path.slice(slash + 1));
    return {
      edmType: access.edmType,
      read(row) {
        const reference = row.values[navigation.column.logicalName];
        if (!isReference(reference) || reference.table !== target.logicalName) return null;
        const related = rows.get(reference.id);
        return related === undefined ? null : access.read(related);
      },
    };
  };
}

function ownProperty(table: Table, name: string): PropertyAccess<Row> {
  const column = table.properties.get(name);
  if (column === undefined) throw propertyNotFound(name, table.logicalName);
  return { edmType: edmTypeOf(column), read: (row) => plainValue(columnValue(column, row)) };
}

function edmTypeOf(column: ColumnDefinition): EdmType {
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
