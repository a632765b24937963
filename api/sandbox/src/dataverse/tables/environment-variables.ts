/** Environment variables: what a solution defines, and what this environment says instead of the default. */
import { choice, lookup, memo, primaryId, stateColumns, systemColumnsFor, text, yesNo } from './columns.ts';
import type { TableDefinition } from './definition.ts';

const component = { keys: [], supportsBulkMessages: true, isReadOnly: false, isForCustomizers: true } as const;

/** Lengths and types: reference/entities/environmentvariabledefinition.md. */
export const environmentVariableDefinition: TableDefinition = {
  ...component,
  logicalName: 'environmentvariabledefinition',
  schemaName: 'EnvironmentVariableDefinition',
  entitySetName: 'environmentvariabledefinitions',
  displayName: 'Environment Variable Definition',
  displayCollectionName: 'Environment Variable Definitions',
  objectTypeCode: 380,
  primaryIdColumn: 'environmentvariabledefinitionid',
  primaryNameColumn: 'schemaname',
  columns: [
    primaryId('environmentvariabledefinitionid', 'Environment Variable Definition'),
    text('schemaname', 'Schema Name', 100, { requiredLevel: 'SystemRequired', isValidForUpdate: false }),
    text('displayname', 'Display Name', 100, { requiredLevel: 'ApplicationRequired' }),
    memo('description', 'Description', 2000),
    memo('defaultvalue', 'Default Value', 2000),
    yesNo('isrequired', 'Is Required', { trueLabel: 'Yes', falseLabel: 'No' }),
    choice('type', 'Type', [
      { value: 100_000_000, label: 'String' },
      { value: 100_000_001, label: 'Number' },
      { value: 100_000_002, label: 'Boolean' },
      { value: 100_000_003, label: 'JSON' },
      { value: 100_000_004, label: 'Data Source' },
    ]),
    ...stateColumns,
    ...systemColumnsFor(null),
  ],
};

export const environmentVariableValue: TableDefinition = {
  ...component,
  logicalName: 'environmentvariablevalue',
  schemaName: 'EnvironmentVariableValue',
  entitySetName: 'environmentvariablevalues',
  displayName: 'Environment Variable Value',
  displayCollectionName: 'Environment Variable Values',
  objectTypeCode: 381,
  primaryIdColumn: 'environmentvariablevalueid',
  primaryNameColumn: 'schemaname',
  columns: [
    primaryId('environmentvariablevalueid', 'Environment Variable Value'),
    text('schemaname', 'Schema Name', 100),
    memo('value', 'Value', 2000),
    lookup(
      'environmentvariabledefinitionid',
      'Environment Variable Definition',
      [
        {
          table: 'environmentvariabledefinition',
          navigationProperty: 'EnvironmentVariableDefinitionId',
          collectionProperty: 'environmentvariabledefinition_environmentvariablevalue',
          onDelete: 'Cascade',
        },
      ],
      { requiredLevel: 'ApplicationRequired' },
    ),
    ...stateColumns,
    ...systemColumnsFor(null),
  ],
};
