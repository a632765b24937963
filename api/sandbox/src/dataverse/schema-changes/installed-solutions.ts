/** What importing and removing a managed solution does to account and contact: ours, and that of Microsoft's connector. */
import { microsoftColumns } from '../tables/microsoft-connector.ts';
import type { Schema } from '../tables/data-model.ts';
import type { ChoiceOption, ColumnDefinition, KeyDefinition, TableDefinition } from '../tables/definition.ts';
import { syncRequest } from '../tables/sync-request.ts';
import { sourceColumns, sourceKey } from '../tables/source-columns.ts';
import { addColumns, addKey, editTable, removeColumns, removeKeys } from './schema-edits.ts';

const solutionTables = ['account', 'contact'];
const ourPrefix = 'ccsync_';
const microsoftPrefix = 'msdyn_source_crm';

/** Removing takes whatever has our prefix, also what was made over the API. Importing adds what is not there yet. */
export function withOurSolution(schema: Schema, isInstalled: boolean): Schema {
  return onSolutionTables(withRequests(schema, isInstalled), (table) =>
    isInstalled
      ? addMissing(table, sourceColumns, [sourceKey])
      : removeKeys(
          removeColumns(table, (column) => column.logicalName.startsWith(ourPrefix)),
          (key) => key.columns.some((column) => column.startsWith(ourPrefix)),
        ),
  );
}

function withRequests(schema: Schema, isInstalled: boolean): Schema {
  const others = schema.tables.filter(({ logicalName }) => logicalName !== syncRequest.logicalName);
  return { ...schema, tables: isInstalled ? [...others, syncRequest] : others };
}

export function withMicrosoftConnector(schema: Schema, isInstalled: boolean, sourceCrms: readonly ChoiceOption[]): Schema {
  return onSolutionTables(schema, (table) => {
    const without = removeColumns(table, (column) => column.logicalName.startsWith(microsoftPrefix));
    if (!isInstalled) return without;
    // The rows keep what they hold: the columns are put back where they were, with the list as it is now.
    const isThere = without.columns.length < table.columns.length;
    const columns = microsoftColumns(sourceCrms);
    if (!isThere) return addColumns(table, columns);
    return {
      ...table,
      columns: table.columns.map((before) => columns.find(({ logicalName }) => logicalName === before.logicalName) ?? before),
    };
  });
}

function addMissing(table: TableDefinition, columns: readonly ColumnDefinition[], keys: readonly KeyDefinition[]): TableDefinition {
  const hasColumn = (name: string) => table.columns.some((column) => column.logicalName === name);
  const hasKey = (name: string) => table.keys.some((key) => key.logicalName === name);
  const complete = addColumns(
    table,
    columns.filter((column) => !hasColumn(column.logicalName)),
  );
  return keys.filter((key) => !hasKey(key.logicalName)).reduce(addKey, complete);
}

function onSolutionTables(schema: Schema, change: (table: TableDefinition) => TableDefinition): Schema {
  return solutionTables.reduce((edited, name) => editTable(edited, name, change), schema);
}
