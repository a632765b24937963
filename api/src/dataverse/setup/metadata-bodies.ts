import { type ColumnDefinition, type KeyDefinition, logicalNameOf, ourChoice } from '../our-definition.ts';

/**
 * What the Web API takes to make our columns, choice and key.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-column-definitions-using-web-api
 */

type Json = Readonly<Record<string, unknown>>;

export const crm = (type: string): Json => ({ '@odata.type': `Microsoft.Dynamics.CRM.${type}` });

/** An environment refuses labels in a language that it does not have, so ours stand in its own, whatever they say. */
export const label = (text: string, languageCode: number): Json => ({
  ...crm('Label'),
  LocalizedLabels: [{ ...crm('LocalizedLabel'), Label: text, LanguageCode: languageCode }],
});

const named = (definition: { readonly displayName: string; readonly description: string }, languageCode: number): Json => ({
  DisplayName: label(definition.displayName, languageCode),
  Description: label(definition.description, languageCode),
});

const specificsOf = (column: ColumnDefinition): Json => {
  switch (column.type) {
    case 'text':
    case 'url':
      return {
        ...crm('StringAttributeMetadata'),
        AttributeType: 'String',
        AttributeTypeName: { Value: 'StringType' },
        FormatName: { Value: column.type === 'url' ? 'Url' : 'Text' },
        MaxLength: column.maxLength,
      };
    case 'dateAndTime':
      return {
        ...crm('DateTimeAttributeMetadata'),
        AttributeType: 'DateTime',
        AttributeTypeName: { Value: 'DateTimeType' },
        Format: 'DateAndTime',
        DateTimeBehavior: { Value: 'UserLocal' },
      };
    case 'choice':
      return {
        ...crm('PicklistAttributeMetadata'),
        AttributeType: 'Picklist',
        AttributeTypeName: { Value: 'PicklistType' },
        SourceTypeMask: 0,
        'GlobalOptionSet@odata.bind': `/GlobalOptionSetDefinitions(Name='${column.choice}')`,
      };
  }
};

/** Not audited, as the solution's are not: every sync would fill the audit log with its own traces. */
export const columnBody = (column: ColumnDefinition, languageCode: number): Json => ({
  ...specificsOf(column),
  SchemaName: column.schemaName,
  ...named(column, languageCode),
  RequiredLevel: { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
  IsAuditEnabled: { Value: false, CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyauditsettings' },
});

export const choiceBody = (languageCode: number): Json => ({
  ...crm('OptionSetMetadata'),
  Name: ourChoice.name,
  ...named(ourChoice, languageCode),
  OptionSetType: 'Picklist',
  IsGlobal: true,
  Options: ourChoice.options.map(({ value, label: text }) => ({ Value: value, Label: label(text, languageCode) })),
});

export const keyBody = (key: KeyDefinition, languageCode: number): Json => ({
  SchemaName: key.schemaName,
  LogicalName: logicalNameOf(key),
  DisplayName: label(key.displayName, languageCode),
  KeyAttributes: key.columns,
});

/** For the action InsertOptionValue; `of` names the global choice, or the column that has options of its own. */
export const optionBody = (value: number, of: Json, languageCode: number): Json => ({
  ...of,
  Value: value,
  Label: label(ourChoice.options.find((option) => option.value === value)?.label ?? String(value), languageCode),
});

/** What a changed column or choice needs before apps see it; a new one does not. */
export const publishBody = (tables: readonly string[], choices: readonly string[]): Json => ({
  ParameterXml: `<importexportxml><entities>${tables.map((table) => `<entity>${table}</entity>`).join('')}</entities><optionsets>${choices
    .map((choice) => `<optionset>${choice}</optionset>`)
    .join('')}</optionsets></importexportxml>`,
});
