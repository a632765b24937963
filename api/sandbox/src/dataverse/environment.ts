/** One Dataverse environment in memory: its definitions, its rows and the switches that tests and the demo turn. */
import { announceRequests, type RequestWebhook } from './control/request-webhook.ts';
import { createDeletionLog, type DeletionLog } from './change-tracking/deletion-log.ts';
import { createKeyIndexJobs, type KeyIndexJobs, type KeyIndexStatus } from './schema-changes/key-index-jobs.ts';
import { withMicrosoftConnector, withOurSolution } from './schema-changes/installed-solutions.ts';
import { editTable, setKeyStatus } from './schema-changes/schema-edits.ts';
import { rootBusinessUnitId } from './security/business-unit.ts';
import { createDatabase, type Database, type RowWrite } from './store/database.ts';
import { createGuidSource, type GuidSource } from './store/guid-source.ts';
import { fillSystemRows } from './system-rows.ts';
import { createDataModel, type DataModel, type Schema, standardSchema } from './tables/data-model.ts';
import type { ChoiceOption, TableDefinition } from './tables/definition.ts';
import { usualSourceCrms } from './tables/microsoft-connector.ts';

export interface EnvironmentSettings {
  /** False: the environment before our solution was imported, without its columns and keys. */
  readonly isSolutionInstalled: boolean;
  /** What every key's index is put to; a key that is made later goes its own way. */
  readonly keyIndexStatus: KeyIndexStatus;
  /** False: account and contact offer no CreateMultiple, UpdateMultiple and UpsertMultiple. */
  readonly offersBulkMessages: boolean;
  /** True: account and contact have the columns of Microsoft's own connector. */
  readonly isMicrosoftConnectorInstalled: boolean;
  /** What `msdyn_source_crm` offers. */
  readonly sourceCrmChoices: readonly ChoiceOption[];
  /** Columns with column security, as `contact.telephone1`: only the application users have a profile that lets them read these. */
  readonly securedColumns: readonly string[];
  /** Where Dataverse tells of new rows of `ccsync_syncrequest`; null: nowhere. */
  readonly requestWebhook: RequestWebhook | null;
  /** How long the index of a new key takes, half of it Pending; null: until it is moved by hand. */
  readonly keyIndexBuildMs: number | null;
}

export const defaultSettings: EnvironmentSettings = {
  isSolutionInstalled: true,
  keyIndexStatus: 'Active',
  offersBulkMessages: true,
  isMicrosoftConnectorInstalled: false,
  sourceCrmChoices: usualSourceCrms,
  securedColumns: [],
  requestWebhook: null,
  keyIndexBuildMs: 400,
};

export interface Environment {
  readonly model: DataModel;
  readonly schema: Schema;
  readonly database: Database;
  readonly keyIndexes: KeyIndexJobs;
  readonly deletions: DeletionLog;
  readonly newGuid: GuidSource;
  readonly organizationId: string;
  readonly businessUnitId: string;
  readonly settings: EnvironmentSettings;
  nowMs(): number;
  /** Other definitions from here on. What is gone from them takes its rows and values along. */
  changeSchema(next: Schema): void;
  changeSettings(settings: Partial<EnvironmentSettings>): void;
  /** Everything as at start: no rows, the first definitions, the first settings. */
  reset(): void;
}

export interface EnvironmentOptions {
  readonly organizationId: string;
  readonly nowMs: () => number;
  /** Where it differs from `defaultSettings`. */
  readonly settings?: Partial<EnvironmentSettings>;
  /** Writes to the tables that hold clients' data. */
  readonly onCommit: (writes: readonly RowWrite[]) => void;
}

export function createEnvironment(options: EnvironmentOptions): Environment {
  const firstSettings = { ...defaultSettings, ...options.settings };
  const deletions = createDeletionLog();
  const database = createDatabase({
    onCommit(writes) {
      deletions.record(writes, () => database.nextVersion());
      announceRequests(writes, settings.requestWebhook, options.organizationId);
      options.onCommit(writes.filter(({ table }) => isWritable(table)));
    },
  });
  let settings = firstSettings;
  let schema = standardSchema;
  let model = createDataModel(schema);
  const isWritable = (name: string) => {
    const table = model.byLogicalName(name);
    return table !== undefined && (!table.isReadOnly || table.isIntersect === true) && table.isForCustomizers !== true;
  };

  function compile(next: Schema): void {
    schema = next;
    model = createDataModel({ ...schema, tables: schema.tables.map((table) => withMessages(table, settings)) });
    database.reshape(schema.tables);
    fillSystemRows(database, model, { ...settings, organizationId: options.organizationId });
  }

  const keyOf = (table: string, key: string) =>
    schema.tables.find(({ logicalName }) => logicalName === table)?.keys.find(({ logicalName }) => logicalName === key);
  const keyIndexes = createKeyIndexJobs({
    nowMs: options.nowMs,
    buildMs: () => settings.keyIndexBuildMs,
    statusOf: ({ table, key }) => keyOf(table, key)?.indexStatus ?? null,
    setStatus: ({ table, key }, status) => compile(editTable(schema, table, (before) => setKeyStatus(before, key, status))),
    hasDuplicates: ({ table, key }) => database.rows(table).hasDuplicates(keyOf(table, key)?.columns ?? []),
  });

  function setAllKeys(status: KeyIndexStatus): void {
    keyIndexes.cancel(() => true);
    for (const { logicalName: table, keys } of schema.tables) {
      for (const { logicalName: key, columns } of keys) {
        const possible = status === 'Active' && database.rows(table).hasDuplicates(columns) ? 'Failed' : status;
        schema = editTable(schema, table, (before) => setKeyStatus(before, key, possible));
      }
    }
  }

  function changeSettings(changes: Partial<EnvironmentSettings>): void {
    settings = { ...settings, ...changes };
    if (changes.isSolutionInstalled !== undefined) schema = withOurSolution(schema, settings.isSolutionInstalled);
    if (changes.isMicrosoftConnectorInstalled !== undefined || changes.sourceCrmChoices !== undefined) {
      schema = withMicrosoftConnector(schema, settings.isMicrosoftConnectorInstalled, settings.sourceCrmChoices);
    }
    if (changes.keyIndexStatus !== undefined) setAllKeys(settings.keyIndexStatus);
    compile(schema);
  }

  function reset(): void {
    keyIndexes.cancel(() => true);
    database.clear(schema.tables.map((table) => table.logicalName));
    deletions.clear();
    settings = firstSettings;
    compile(standardSchema);
    changeSettings(firstSettings);
  }
  reset();

  return {
    get model() {
      return model;
    },
    get schema() {
      return schema;
    },
    get settings() {
      return settings;
    },
    database,
    keyIndexes,
    deletions,
    newGuid: createGuidSource(),
    organizationId: options.organizationId,
    businessUnitId: rootBusinessUnitId,
    nowMs: options.nowMs,
    changeSchema: compile,
    changeSettings,
    reset,
  };
}

function withMessages(table: TableDefinition, settings: EnvironmentSettings): TableDefinition {
  const isSecured = (name: string) => settings.securedColumns.includes(`${table.logicalName}.${name}`);
  const columns = table.columns.some(({ logicalName }) => isSecured(logicalName))
    ? table.columns.map((column) => (isSecured(column.logicalName) ? { ...column, isSecured: true } : column))
    : table.columns;
  return {
    ...table,
    columns,
    supportsBulkMessages: table.supportsBulkMessages && (settings.offersBulkMessages || table.isCustom === true),
  };
}
