/** The tables of an environment, with the look-ups that every request makes: by set name, by property name, by navigation property. */
import { account } from './account.ts';
import { contact } from './contact.ts';
import {
  type ChoiceDefinition,
  type ColumnDefinition,
  isLookup,
  type KeyDefinition,
  type LookupColumn,
  type LookupTarget,
  propertyName,
  type TableDefinition,
} from './definition.ts';
import { publisher, solution, solutionComponent } from './solution-tables.ts';
import { sdkMessage, sdkMessageFilter, systemUser, transactionCurrency } from './system-tables.ts';

export interface Navigation {
  readonly column: LookupColumn;
  readonly target: LookupTarget;
}

/** A collection-valued navigation property: the rows of `table` whose lookup `column` points here. */
export interface CollectionNavigation {
  readonly table: string;
  readonly column: LookupColumn;
}

export interface Table extends TableDefinition {
  readonly columnsByName: ReadonlyMap<string, ColumnDefinition>;
  /** By OData property name: `name`, `_parentcustomerid_value`. */
  readonly properties: ReadonlyMap<string, ColumnDefinition>;
  readonly navigations: ReadonlyMap<string, Navigation>;
  readonly collections: ReadonlyMap<string, CollectionNavigation>;
}

/** What there is to compile: what `tables/` says at first, and then what was changed over the API. */
export interface Schema {
  readonly tables: readonly TableDefinition[];
  readonly choices: readonly ChoiceDefinition[];
}

export interface DataModel {
  readonly tables: readonly Table[];
  /** Those that columns share; a column's own choice is on the column alone. */
  readonly choices: readonly ChoiceDefinition[];
  bySet(entitySetName: string): Table | undefined;
  byLogicalName(logicalName: string): Table | undefined;
  /** For names that come from the model itself; a missing one is a fault of the definitions. */
  require(logicalName: string): Table;
}

export const standardTables: readonly TableDefinition[] = [
  account,
  contact,
  systemUser,
  transactionCurrency,
  sdkMessage,
  sdkMessageFilter,
  publisher,
  solution,
  solutionComponent,
];

export function createDataModel(schema: Schema): DataModel {
  const definitions = schema.tables.map((table) => withSharedOptions(table, schema.choices));
  const tables = definitions.map((definition) => compileTable(definition, definitions));
  const bySet = new Map(tables.map((table) => [table.entitySetName, table]));
  const byLogicalName = new Map(tables.map((table) => [table.logicalName, table]));
  return {
    tables,
    choices: schema.choices,
    bySet: (name) => bySet.get(name),
    byLogicalName: (name) => byLogicalName.get(name),
    require(name) {
      const table = byLogicalName.get(name);
      if (table === undefined) throw new Error(`The data model has no table '${name}'`);
      return table;
    },
  };
}

function withSharedOptions(table: TableDefinition, choices: readonly ChoiceDefinition[]): TableDefinition {
  const columns = table.columns.map((column) => {
    if (column.type !== 'Picklist' || column.globalChoice === undefined) return column;
    const shared = choices.find((choice) => choice.name === column.globalChoice);
    return shared === undefined ? column : { ...column, options: shared.options };
  });
  return { ...table, columns };
}

function compileTable(definition: TableDefinition, all: readonly TableDefinition[]): Table {
  const navigations = new Map<string, Navigation>();
  for (const column of definition.columns.filter(isLookup)) {
    for (const target of column.targets) navigations.set(target.navigationProperty, { column, target });
  }
  const collections = new Map<string, CollectionNavigation>();
  for (const other of all) {
    for (const column of other.columns.filter(isLookup)) {
      for (const target of column.targets) {
        if (target.table === definition.logicalName && target.collectionProperty !== null) {
          collections.set(target.collectionProperty, { table: other.logicalName, column });
        }
      }
    }
  }
  return {
    ...definition,
    columnsByName: new Map(definition.columns.map((column) => [column.logicalName, column])),
    properties: new Map(definition.columns.map((column) => [propertyName(column), column])),
    navigations,
    collections,
  };
}

/** The key whose columns are exactly these, in any order; undefined when there is none, whatever its index is doing. */
export function findKey(table: Table, columns: readonly string[]): KeyDefinition | undefined {
  return table.keys.find((key) => key.columns.length === columns.length && key.columns.every((column) => columns.includes(column)));
}
