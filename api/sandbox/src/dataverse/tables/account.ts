import { addressColumns } from './address-columns.ts';
import {
  choice,
  currencyColumns,
  email,
  integer,
  lookup,
  memo,
  money,
  phone,
  primaryId,
  stateColumns,
  systemColumns,
  text,
  url,
  yesNo,
} from './columns.ts';
import type { TableDefinition } from './definition.ts';
import { sourceColumns, sourceKey } from './source-columns.ts';

/** Lengths: CDM applicationCommon Account; ranges: the account table's reference page. */
export const account: TableDefinition = {
  logicalName: 'account',
  schemaName: 'Account',
  entitySetName: 'accounts',
  displayName: 'Account',
  displayCollectionName: 'Accounts',
  objectTypeCode: 1,
  primaryIdColumn: 'accountid',
  primaryNameColumn: 'name',
  supportsBulkMessages: true,
  isReadOnly: false,
  keys: [sourceKey],
  columns: [
    primaryId('accountid', 'Account'),
    text('name', 'Account Name', 160, { requiredLevel: 'ApplicationRequired', schemaName: 'Name' }),
    text('accountnumber', 'Account Number', 20),
    text('sic', 'SIC Code', 20),
    text('tickersymbol', 'Ticker Symbol', 10),
    email('emailaddress1', 'Email', 100),
    email('emailaddress2', 'Email Address 2', 100),
    email('emailaddress3', 'Email Address 3', 100),
    phone('telephone1', 'Main Phone', 50),
    phone('telephone2', 'Other Phone', 50),
    phone('telephone3', 'Telephone 3', 50),
    text('fax', 'Fax', 50),
    url('websiteurl', 'Website', 200),
    memo('description', 'Description', 2000),
    integer('numberofemployees', 'Number of Employees', { minValue: 0, maxValue: 1_000_000_000 }),
    money('revenue', 'Annual Revenue', { minValue: 0, maxValue: 100_000_000_000_000 }),
    yesNo('creditonhold', 'Credit Hold', { trueLabel: 'Yes', falseLabel: 'No' }),
    choice('accountcategorycode', 'Category', [
      { value: 1, label: 'Preferred Customer' },
      { value: 2, label: 'Standard' },
    ]),
    lookup('parentaccountid', 'Parent Account', [
      {
        table: 'account',
        navigationProperty: 'parentaccountid',
        collectionProperty: 'account_parent_account',
        onDelete: 'RemoveLink',
      },
    ]),
    lookup('primarycontactid', 'Primary Contact', [
      {
        table: 'contact',
        navigationProperty: 'primarycontactid',
        collectionProperty: 'account_primary_contact',
        onDelete: 'RemoveLink',
      },
    ]),
    ...addressColumns(1),
    ...addressColumns(2),
    ...currencyColumns,
    ...stateColumns,
    ...systemColumns,
    ...sourceColumns,
  ],
};
