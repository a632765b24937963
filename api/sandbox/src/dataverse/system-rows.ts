/** The rows that an environment has from its start: users, the currency, messages, publishers and solutions. */
import type { Database } from './store/database.ts';
import { rootBusinessUnitId } from './security/business-unit.ts';
import { baseCurrency, euro } from './store/table-rules.ts';
import type { RowValues } from './store/values.ts';
import { userRow, users } from './security/users.ts';
import type { DataModel } from './tables/data-model.ts';

const singleMessages = ['Create', 'Retrieve', 'RetrieveMultiple', 'Update', 'Delete'];
/** UpsertMultiple has no filter row of its own: it is there when both of these are. */
const bulkMessages = ['CreateMultiple', 'UpdateMultiple'];

/** The same in every sandbox, so that a log of yesterday still reads today. */
const fixedId = (kind: string, number: number) => `0a6a4d62-${kind}-4000-8000-${number.toString(16).padStart(12, '0')}`;

export interface InstalledSolutions {
  readonly isSolutionInstalled: boolean;
  readonly isMicrosoftConnectorInstalled: boolean;
}

/** Makes the system tables say what is so now; rows that clients made in other tables stay. */
export function fillSystemRows(database: Database, model: DataModel, installed: InstalledSolutions): void {
  const put = (table: string, id: string, values: RowValues) => {
    const idColumn = model.require(table).primaryIdColumn;
    database.put(table, { id, version: 1, values: { ...values, [idColumn]: id } });
  };
  const filled = ['businessunit', 'systemuser', 'transactioncurrency', 'sdkmessage', 'sdkmessagefilter'];
  database.clear(filled);
  database.transaction(() => {
    put('businessunit', rootBusinessUnitId, { name: 'Contact Center Sandbox' });
    for (const user of users) put('systemuser', user.systemUserId, userRow(user));
    put('transactioncurrency', baseCurrency.id, {
      currencyname: 'US Dollar',
      isocurrencycode: 'USD',
      currencysymbol: '$',
      exchangerate: 1,
    });
    put('transactioncurrency', euro.id, {
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      exchangerate: 0.9,
    });
    putMessages(model, put);
    for (const { row, values, isThere } of solutionRows(installed)) {
      if (isThere) put(row.table, row.id, values);
      else if (database.rows(row.table).get(row.id) !== undefined) database.remove(row.table, row.id);
    }
  });
}

type Put = (table: string, id: string, values: RowValues) => void;

/** Which messages each table offers: bulk-operations.md, "Availability". */
function putMessages(model: DataModel, put: Put): void {
  const messages = [...singleMessages, ...bulkMessages].map((name, index) => ({ id: fixedId('000a', index), name }));
  for (const message of messages) put('sdkmessage', message.id, { name: message.name });
  const offered = model.tables
    .filter((table) => !table.isReadOnly)
    .flatMap((table) =>
      messages.filter(({ name }) => table.supportsBulkMessages || !bulkMessages.includes(name)).map((message) => ({ table, message })),
    );
  offered.forEach(({ table, message }, index) => {
    put('sdkmessagefilter', fixedId('000f', index), {
      name: message.name,
      primaryobjecttypecode: table.logicalName,
      sdkmessageid: { table: 'sdkmessage', id: message.id },
    });
  });
}

interface SolutionRow {
  readonly row: { readonly table: 'publisher' | 'solution'; readonly id: string };
  readonly values: RowValues;
  readonly isThere: boolean;
}

export const defaultSolutionId = fixedId('0071', 1);

/** Every environment has the default solution, whose publisher's prefix is `new`. */
function solutionRows(installed: InstalledSolutions): readonly SolutionRow[] {
  const publisherRow = (number: number, isThere: boolean, values: RowValues): SolutionRow => ({
    row: { table: 'publisher', id: fixedId('0070', number) },
    values,
    isThere,
  });
  const solutionRow = (number: number, isThere: boolean, values: RowValues): SolutionRow => ({
    row: { table: 'solution', id: fixedId('0071', number) },
    values: { isvisible: true, ...values, publisherid: { table: 'publisher', id: fixedId('0070', number) } },
    isThere,
  });
  return [
    publisherRow(1, true, {
      uniquename: 'DefaultPublisherSandbox',
      friendlyname: 'Default Publisher for Sandbox',
      customizationprefix: 'new',
      customizationoptionvalueprefix: 10_000,
    }),
    solutionRow(1, true, { uniquename: 'Default', friendlyname: 'Default Solution', version: '1.0', ismanaged: false }),
    publisherRow(2, installed.isSolutionInstalled, {
      uniquename: 'ccsync',
      friendlyname: 'CRM Sync for Contact Center',
      customizationprefix: 'ccsync',
      customizationoptionvalueprefix: 86_340,
    }),
    solutionRow(2, installed.isSolutionInstalled, {
      uniquename: 'CrmSyncForContactCenter',
      friendlyname: 'CRM Sync for Contact Center',
      version: '1.0.0.0',
      ismanaged: true,
    }),
    publisherRow(3, installed.isMicrosoftConnectorInstalled, {
      uniquename: 'microsoftdynamics',
      friendlyname: 'Microsoft Dynamics 365',
      customizationprefix: 'msdyn',
      customizationoptionvalueprefix: 19_235,
    }),
    solutionRow(3, installed.isMicrosoftConnectorInstalled, {
      uniquename: 'msdyn_ContactCenterCRMConnector',
      friendlyname: 'Contact Center CRM Connector',
      version: '1.0.0.0',
      ismanaged: true,
    }),
  ];
}
