/** The rows that an environment has from its start: users, the currency, messages, publishers and solutions. */
import type { Database } from './store/database.ts';
import { duplicateRules } from './duplicate-detection/rules.ts';
import { organizationName, rootBusinessUnit, rootBusinessUnitId } from './security/business-unit.ts';
import { baseCurrency, euro } from './store/table-rules.ts';
import type { RowValues } from './store/values.ts';
import { userRow, users } from './security/users.ts';
import type { DataModel } from './tables/data-model.ts';
import { teamTypes } from './tables/organization-tables.ts';

const singleMessages = ['Create', 'Retrieve', 'RetrieveMultiple', 'Update', 'Delete'];
/** UpsertMultiple has no filter row of its own: it is there when both of these are. */
const bulkMessages = ['CreateMultiple', 'UpdateMultiple'];

/** After so many days a delta token is no good any more (use-change-tracking-synchronize-data-external-systems.md). */
export const changeTrackingDays = 7;

/** The same in every sandbox, so that a log of yesterday still reads today. */
const fixedId = (kind: string, number: number) => `0a6a4d62-${kind}-4000-8000-${number.toString(16).padStart(12, '0')}`;

export interface InstalledSolutions {
  readonly isSolutionInstalled: boolean;
  readonly isMicrosoftConnectorInstalled: boolean;
}

export interface SystemFacts extends InstalledSolutions {
  readonly organizationId: string;
}

/** Makes the system tables say what is so now; rows that clients made in other tables stay. */
export function fillSystemRows(database: Database, model: DataModel, facts: SystemFacts): void {
  const put = (table: string, id: string, values: RowValues) => {
    const idColumn = model.require(table).primaryIdColumn;
    database.put(table, { id, version: 1, values: { ...values, [idColumn]: id } });
  };
  const filled = ['businessunit', 'organization', 'duplicaterule', 'systemuser', 'transactioncurrency', 'sdkmessage', 'sdkmessagefilter'];
  database.clear(filled);
  database.transaction(() => {
    put('businessunit', rootBusinessUnitId, { name: organizationName });
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
    duplicateRules.forEach(({ name, table }, index) => {
      put('duplicaterule', fixedId('4414', index + 1), { name, baseentityname: table, matchingentityname: table, statuscode: 2 });
    });
    putMessages(model, put);
    put('organization', facts.organizationId, {
      name: organizationName,
      languagecode: 1033,
      expirechangetrackingindays: changeTrackingDays,
      isduplicatedetectionenabled: true,
      basecurrencyid: baseCurrency,
    });
    for (const { row, values, isThere } of [...teamRows, ...solutionRows(facts)]) {
      const isPresent = database.rows(row.table).get(row.id) !== undefined;
      // Clients may write these: what they changed stays.
      if (isThere && !isPresent) put(row.table, row.id, values);
      if (!isThere && isPresent) database.remove(row.table, row.id);
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

interface LastingRow {
  readonly row: { readonly table: string; readonly id: string };
  readonly values: RowValues;
  readonly isThere: boolean;
}

/** The team of the business unit, which every user is in, and one that a source's rows can be given to. */
const teamRows: readonly LastingRow[] = [
  { name: organizationName, isdefault: true },
  { name: 'Northwind Owners', isdefault: false },
].map((team, index) => {
  const id = fixedId('0009', index + 1);
  const values = { ...team, teamtype: teamTypes.owner, ownerid: id, businessunitid: rootBusinessUnit };
  return { row: { table: 'team', id }, values, isThere: true };
});

/** Every environment has the default solution, whose publisher's prefix is `new`. */
function solutionRows(installed: InstalledSolutions): readonly LastingRow[] {
  const publisherRow = (number: number, isThere: boolean, values: RowValues): LastingRow => ({
    row: { table: 'publisher', id: fixedId('0070', number) },
    values,
    isThere,
  });
  const solutionRow = (number: number, isThere: boolean, values: RowValues): LastingRow => ({
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
    {
      row: { table: 'environmentvariabledefinition', id: fixedId('0380', 1) },
      values: {
        schemaname: 'ccsync_ApiUrl',
        displayname: 'CRM Sync API address',
        type: 100_000_000,
        isrequired: false,
        statecode: 0,
        statuscode: 1,
      },
      isThere: installed.isSolutionInstalled,
    },
    solutionRow(3, installed.isMicrosoftConnectorInstalled, {
      uniquename: 'msdyn_ContactCenterCRMConnector',
      friendlyname: 'Contact Center CRM Connector',
      version: '1.0.0.0',
      ismanaged: true,
    }),
  ];
}
