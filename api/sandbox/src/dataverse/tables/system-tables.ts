/** The few system tables that a client of account and contact meets. Read only; the sandbox fills them at start. */
import { decimal, entityName, guid, lookup, organizationColumns, primaryId, text, yesNo } from './columns.ts';
import type { TableDefinition } from './definition.ts';

const system = { keys: [], supportsBulkMessages: false, isReadOnly: true } as const;

export const systemUser: TableDefinition = {
  ...system,
  logicalName: 'systemuser',
  schemaName: 'SystemUser',
  entitySetName: 'systemusers',
  displayName: 'User',
  displayCollectionName: 'Users',
  objectTypeCode: 8,
  primaryIdColumn: 'systemuserid',
  primaryNameColumn: 'fullname',
  columns: [
    primaryId('systemuserid', 'User'),
    text('fullname', 'Full Name', 200),
    text('domainname', 'User Name', 1024),
    guid('azureactivedirectoryobjectid', 'Azure AD Object ID'),
    guid('applicationid', 'Application ID'),
    yesNo('isdisabled', 'Status', { trueLabel: 'Disabled', falseLabel: 'Enabled' }),
    guid('ownerid', 'Owner'),
    lookup('businessunitid', 'Business Unit', [
      {
        table: 'businessunit',
        navigationProperty: 'businessunitid',
        collectionProperty: 'business_unit_system_users',
        onDelete: 'RemoveLink',
      },
    ]),
  ],
  // A user is a principal, as a team is, and inherits that type's key (join-tables.md).
  alwaysReturned: ['ownerid'],
};

export const businessUnit: TableDefinition = {
  ...system,
  logicalName: 'businessunit',
  schemaName: 'BusinessUnit',
  entitySetName: 'businessunits',
  displayName: 'Business Unit',
  displayCollectionName: 'Business Units',
  objectTypeCode: 10,
  primaryIdColumn: 'businessunitid',
  primaryNameColumn: 'name',
  columns: [primaryId('businessunitid', 'Business Unit'), text('name', 'Name', 160)],
};

/** A security role. It can be made and given to users; what a caller may do is not read from it (see security/users.ts). */
export const role: TableDefinition = {
  ...system,
  isReadOnly: false,
  logicalName: 'role',
  schemaName: 'Role',
  entitySetName: 'roles',
  displayName: 'Security Role',
  displayCollectionName: 'Security Roles',
  objectTypeCode: 1036,
  primaryIdColumn: 'roleid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('roleid', 'Role'),
    text('name', 'Name', 100, { requiredLevel: 'ApplicationRequired' }),
    lookup('businessunitid', 'Business Unit', [
      { table: 'businessunit', navigationProperty: 'businessunitid', collectionProperty: 'business_unit_roles', onDelete: 'RemoveLink' },
    ]),
    ...organizationColumns,
  ],
};

export const transactionCurrency: TableDefinition = {
  ...system,
  logicalName: 'transactioncurrency',
  schemaName: 'TransactionCurrency',
  entitySetName: 'transactioncurrencies',
  displayName: 'Currency',
  displayCollectionName: 'Currencies',
  objectTypeCode: 9105,
  primaryIdColumn: 'transactioncurrencyid',
  primaryNameColumn: 'currencyname',
  columns: [
    primaryId('transactioncurrencyid', 'Transaction Currency'),
    text('currencyname', 'Currency Name', 100),
    text('isocurrencycode', 'Currency Code', 5),
    text('currencysymbol', 'Currency Symbol', 13),
    decimal('exchangerate', 'Exchange Rate', { minValue: 0, maxValue: 100_000_000_000, precision: 10 }),
  ],
};

export const sdkMessage: TableDefinition = {
  ...system,
  logicalName: 'sdkmessage',
  schemaName: 'SdkMessage',
  entitySetName: 'sdkmessages',
  displayName: 'Sdk Message',
  displayCollectionName: 'Sdk Messages',
  objectTypeCode: 4606,
  primaryIdColumn: 'sdkmessageid',
  primaryNameColumn: 'name',
  columns: [primaryId('sdkmessageid', 'SDK Message'), text('name', 'Name', 256)],
};

/** Asked by clients that want to know whether a table offers CreateMultiple and UpdateMultiple (bulk-operations.md, Availability). */
export const sdkMessageFilter: TableDefinition = {
  ...system,
  logicalName: 'sdkmessagefilter',
  schemaName: 'SdkMessageFilter',
  entitySetName: 'sdkmessagefilters',
  displayName: 'Sdk Message Filter',
  displayCollectionName: 'Sdk Message Filters',
  objectTypeCode: 4607,
  primaryIdColumn: 'sdkmessagefilterid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('sdkmessagefilterid', 'SDK Message Filter'),
    text('name', 'Name', 256),
    entityName('primaryobjecttypecode', 'Primary Object Type Code'),
    lookup('sdkmessageid', 'SDK Message', [
      {
        table: 'sdkmessage',
        navigationProperty: 'sdkmessageid',
        collectionProperty: 'sdkmessageid_sdkmessagefilter',
        onDelete: 'RemoveLink',
      },
    ]),
  ],
};
