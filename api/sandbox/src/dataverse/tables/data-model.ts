/** The tables of an environment, with the look-ups that every request makes: by set name, by property name, by navigation property. */
import { account } from './account.ts';
import { email, phoneCall, task } from './activities.ts';
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
import { duplicateRule } from './duplicate-rule.ts';
import { environmentVariableDefinition, environmentVariableValue } from './environment-variables.ts';
import { intersectTable, type ManyToManyDefinition, standardManyToMany } from './many-to-many.ts';
import { organization, team } from './organization-tables.ts';
import { competitor, lead, opportunity } from './sales.ts';
import { publisher, solution, solutionComponent } from './solution-tables.ts';
import { businessUnit, role, sdkMessage, sdkMessageFilter, systemUser, transactionCurrency } from './system-tables.ts';

export interface Navigation {
  readonly column: LookupColumn;
  readonly target: LookupTarget;
}

/** A collection-valued navigation property: the rows of `table` whose lookup `column` points here. */
export interface CollectionNavigation {
  readonly table: string;
  readonly column: LookupColumn;
}

/** A collection-valued navigation property through an intersect table: its `otherColumn` names the rows of `table`. */
export interface ManyToManyNavigation {
  readonly table: string;
  readonly intersectTable: string;
  readonly ownColumn: string;
  readonly otherColumn: string;
}

export interface Table extends TableDefinition {
  readonly columnsByName: ReadonlyMap<string, ColumnDefinition>;
  /** By OData property name: `name`, `_parentcustomerid_value`. */
  readonly properties: ReadonlyMap<string, ColumnDefinition>;
  readonly navigations: ReadonlyMap<string, Navigation>;
  readonly collections: ReadonlyMap<string, CollectionNavigation>;
  readonly manyToMany: ReadonlyMap<string, ManyToManyNavigation>;
}

/** What there is to compile: what `tables/` says at first, and then what was changed over the API. */
export interface Schema {
  readonly tables: readonly TableDefinition[];
  readonly choices: readonly ChoiceDefinition[];
  readonly manyToMany: readonly ManyToManyDefinition[];
}

export interface DataModel {
  /** Another one with every change of the schema: what the annotation globalmetadataversion tells. */
  readonly version: number;
  readonly tables: readonly Table[];
  /** Those that columns share; a column's own choice is on the column alone. */
  readonly choices: readonly ChoiceDefinition[];
  bySet(entitySetName: string): Table | undefined;
  byLogicalName(logicalName: string): Table | undefined;
  /** For names that come from the model itself; a missing one is a fault of the definitions. */
  require(logicalName: string): Table;
}

const standardTables: readonly TableDefinition[] = [
  account,
  contact,
  task,
  phoneCall,
  email,
  lead,
  opportunity,
  competitor,
  role,
  systemUser,
  team,
  businessUnit,
  organization,
  transactionCurrency,
  sdkMessage,
  sdkMessageFilter,
  publisher,
  solution,
  solutionComponent,
  environmentVariableDefinition,
  environmentVariableValue,
  duplicateRule,
  ...standardManyToMany.map(intersectTable),
];

export const standardSchema: Schema = { tables: standardTables, choices: [], manyToMany: standardManyToMany };

let modelsMade = 0;

export function createDataModel(schema: Schema): DataModel {
  modelsMade += 1;
  const version = 1_144_000 + modelsMade;
  const definitions = schema.tables.map((table) => withSharedOptions(table, schema.choices));
  const tables = definitions.map((definition) => compileTable(definition, definitions, schema.manyToMany));
  const bySet = new Map(tables.map((table) => [table.entitySetName, table]));
  const byLogicalName = new Map(tables.map((table) => [table.logicalName, table]));
  return {
    version,
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

function compileTable(definition: TableDefinition, all: readonly TableDefinition[], relationships: readonly ManyToManyDefinition[]): Table {
  const navigations = new Map<string, Navigation>();
  for (const column of definition.columns.filter(isLookup)) {
    for (const target of column.targets) {
      // An owner is reached by one name whether it is a user or a team: the first stands for both.
      if (!navigations.has(target.navigationProperty)) navigations.set(target.navigationProperty, { column, target });
    }
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
  const manyToMany = new Map<string, ManyToManyNavigation>();
  for (const { intersectTable: name, sides } of relationships) {
    for (const [own, other] of [sides, [sides[1], sides[0]] as const]) {
      if (own.table !== definition.logicalName) continue;
      manyToMany.set(own.navigationProperty, {
        table: other.table,
        intersectTable: name,
        ownColumn: own.column,
        otherColumn: other.column,
      });
    }
  }
  return {
    ...definition,
    columnsByName: new Map(definition.columns.map((column) => [column.logicalName, column])),
    properties: new Map(definition.columns.map((column) => [propertyName(column), column])),
    navigations,
    collections,
    manyToMany,
  };
}

/** Whether the table has a collection-valued navigation property of that name. */
export const isCollection = (table: Table, name: string): boolean => table.collections.has(name) || table.manyToMany.has(name);

/** The key whose columns are exactly these, in any order; undefined when there is none, whatever its index is doing. */
export function findKey(table: Table, columns: readonly string[]): KeyDefinition | undefined {
  return table.keys.find((key) => key.columns.length === columns.length && key.columns.every((column) => columns.includes(column)));
}
