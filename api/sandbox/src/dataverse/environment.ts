/** One Dataverse environment in memory: its model, its rows and the switches that tests and the demo turn. */
import { createDatabase, type Database, type RowWrite } from './store/database.ts';
import { createGuidSource, type GuidSource } from './store/guid-source.ts';
import { baseCurrency, euro } from './store/table-rules.ts';
import type { RowValues } from './store/values.ts';
import { userRow, users } from './security/users.ts';
import { createDataModel, type DataModel, standardTables } from './tables/data-model.ts';
import type { KeyDefinition, TableDefinition } from './tables/definition.ts';

export interface EnvironmentSettings {
  /** False: the environment before our solution was imported, without its columns and keys. */
  readonly isSolutionInstalled: boolean;
  readonly keyIndexStatus: KeyDefinition['indexStatus'];
  /** False: account and contact offer no CreateMultiple, UpdateMultiple and UpsertMultiple. */
  readonly offersBulkMessages: boolean;
}

export const defaultSettings: EnvironmentSettings = {
  isSolutionInstalled: true,
  keyIndexStatus: 'Active',
  offersBulkMessages: true,
};

export interface Environment {
  readonly model: DataModel;
  readonly database: Database;
  readonly newGuid: GuidSource;
  readonly organizationId: string;
  readonly businessUnitId: string;
  readonly settings: EnvironmentSettings;
  nowMs(): number;
  changeSettings(settings: Partial<EnvironmentSettings>): void;
  resetSettings(): void;
  /** Removes all rows of account and contact. */
  clearRows(): void;
}

const businessTables = standardTables.filter((table) => !table.isReadOnly).map((table) => table.logicalName);
const singleMessages = ['Create', 'Retrieve', 'RetrieveMultiple', 'Update', 'Delete'];
/** UpsertMultiple has no filter row of its own: it is there when both of these are. */
const bulkMessages = ['CreateMultiple', 'UpdateMultiple'];
const solutionPrefix = 'ccsync_';

export function createEnvironment(options: {
  readonly organizationId: string;
  readonly nowMs: () => number;
  readonly onCommit: (writes: readonly RowWrite[]) => void;
}): Environment {
  const database = createDatabase({
    tables: standardTables,
    onCommit: (writes) => options.onCommit(writes.filter((write) => businessTables.includes(write.table))),
  });
  let settings = defaultSettings;
  let model = createDataModel(standardTables);

  function applySettings(): void {
    model = createDataModel(standardTables.map((table) => applyToTable(table, settings)));
    fillSystemTables(database, model);
  }
  applySettings();

  return {
    get model() {
      return model;
    },
    get settings() {
      return settings;
    },
    database,
    newGuid: createGuidSource(),
    organizationId: options.organizationId,
    businessUnitId: '0a6a4d62-0000-4000-8000-00000000b000',
    nowMs: options.nowMs,
    changeSettings(changes) {
      settings = { ...settings, ...changes };
      applySettings();
    },
    resetSettings() {
      settings = defaultSettings;
      applySettings();
    },
    clearRows: () => database.clear(businessTables),
  };
}

function applyToTable(table: TableDefinition, settings: EnvironmentSettings): TableDefinition {
  if (table.isReadOnly) return table;
  const isPresent = (name: string) => settings.isSolutionInstalled || !name.startsWith(solutionPrefix);
  return {
    ...table,
    columns: table.columns.filter((column) => isPresent(column.logicalName)),
    keys: table.keys.filter((key) => isPresent(key.logicalName)).map((key) => ({ ...key, indexStatus: settings.keyIndexStatus })),
    supportsBulkMessages: table.supportsBulkMessages && settings.offersBulkMessages,
  };
}

/** System rows get ids that are the same in every sandbox, so that a log of yesterday still reads today. */
function fillSystemTables(database: Database, model: DataModel): void {
  const fixedId = (kind: string, number: number) => `0a6a4d62-${kind}-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const messages = [...singleMessages, ...bulkMessages].map((name, index) => ({ id: fixedId('000a', index), name }));
  const offered = model.tables
    .filter((table) => !table.isReadOnly)
    .flatMap((table) =>
      messages.filter(({ name }) => table.supportsBulkMessages || !bulkMessages.includes(name)).map((message) => ({ table, message })),
    );

  const put = (table: string, id: string, values: RowValues) => database.put(table, { id, version: 1, values });
  database.clear(standardTables.filter((table) => table.isReadOnly).map((table) => table.logicalName));
  database.transaction(() => {
    for (const user of users) put('systemuser', user.systemUserId, userRow(user));
    put('transactioncurrency', baseCurrency.id, {
      transactioncurrencyid: baseCurrency.id,
      currencyname: 'US Dollar',
      isocurrencycode: 'USD',
      currencysymbol: '$',
      exchangerate: 1,
    });
    put('transactioncurrency', euro.id, {
      transactioncurrencyid: euro.id,
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      exchangerate: 0.9,
    });
    for (const message of messages) put('sdkmessage', message.id, { sdkmessageid: message.id, name: message.name });
    offered.forEach(({ table, message }, index) => {
      const id = fixedId('000f', index);
      put('sdkmessagefilter', id, {
        sdkmessagefilterid: id,
        name: message.name,
        primaryobjecttypecode: table.logicalName,
        sdkmessageid: { table: 'sdkmessage', id: message.id },
      });
    });
  });
}
