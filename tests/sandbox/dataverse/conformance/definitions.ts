/** JSON of definitions as Microsoft's pages write it. */
import type { Json } from '../dataverse-client.ts';

const crm = 'Microsoft.Dynamics.CRM.';

export const label = (text: string, languageCode = 1033): Json => ({
  '@odata.type': `${crm}Label`,
  LocalizedLabels: [{ '@odata.type': `${crm}LocalizedLabel`, Label: text, LanguageCode: languageCode }],
});

export const columnOf = (type: string, schemaName: string, more: Json = {}): Json => ({
  '@odata.type': `${crm}${type}AttributeMetadata`,
  AttributeType: type,
  AttributeTypeName: { Value: `${type}Type` },
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  Description: label(`About ${schemaName}`),
  RequiredLevel: { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
  ...more,
});

export const textColumn = (schemaName: string, maxLength = 100, more: Json = {}): Json =>
  columnOf('String', schemaName, { FormatName: { Value: 'Text' }, MaxLength: maxLength, ...more });

export const option = (value: number | null, text: string): Json => ({ Value: value, Label: label(text) });

export const choiceColumn = (schemaName: string, options: readonly Json[]): Json =>
  columnOf('Picklist', schemaName, {
    OptionSet: { '@odata.type': `${crm}OptionSetMetadata`, Options: options, IsGlobal: false, OptionSetType: 'Picklist' },
  });

export const keyOf = (schemaName: string, columns: readonly string[]): Json => ({
  '@odata.type': `${crm}EntityKeyMetadata`,
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  KeyAttributes: columns,
});

/** The table of create-update-entity-definitions-using-web-api.md. */
export const bankAccountTable: Json = {
  '@odata.type': `${crm}EntityMetadata`,
  Attributes: [textColumn('new_AccountName', 100, { IsPrimaryName: true })],
  Description: label('An entity to store information about customer bank accounts'),
  DisplayCollectionName: label('Bank Accounts'),
  DisplayName: label('Bank Account'),
  HasActivities: false,
  HasNotes: false,
  IsActivity: false,
  OwnershipType: 'UserOwned',
  SchemaName: 'new_BankAccount',
};

export const bankAccounts = `EntityDefinitions(LogicalName='new_bankaccount')`;
export const contacts = `EntityDefinitions(LogicalName='contact')`;
