/** The organization itself, and the teams in it, which may own rows as users do. */
import { choice, guid, integer, lookup, memo, organizationColumns, primaryId, text, toBusinessUnit, yesNo } from './columns.ts';
import type { TableDefinition } from './definition.ts';

const system = { keys: [], supportsBulkMessages: false, isReadOnly: true } as const;

/** One row. Read only: its settings are the environment's. */
export const organization: TableDefinition = {
  ...system,
  logicalName: 'organization',
  schemaName: 'Organization',
  entitySetName: 'organizations',
  displayName: 'Organization',
  displayCollectionName: 'Organizations',
  objectTypeCode: 1019,
  primaryIdColumn: 'organizationid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('organizationid', 'Organization'),
    text('name', 'Organization Name', 160),
    integer('languagecode', 'Language', { minValue: 0, maxValue: 2_147_483_647 }),
    integer('expirechangetrackingindays', 'Days to Expire Change Tracking Deleted Records', { minValue: 0, maxValue: 365 }),
    yesNo('isduplicatedetectionenabled', 'Is Duplicate Detection Enabled', { trueLabel: 'Yes', falseLabel: 'No' }),
    lookup('basecurrencyid', 'Currency', [
      { table: 'transactioncurrency', navigationProperty: 'basecurrencyid', collectionProperty: null, onDelete: 'RemoveLink' },
    ]),
  ],
};

export const teamTypes = { owner: 0, access: 1 } as const;

export const team: TableDefinition = {
  ...system,
  isReadOnly: false,
  isForCustomizers: true,
  logicalName: 'team',
  schemaName: 'Team',
  entitySetName: 'teams',
  displayName: 'Team',
  displayCollectionName: 'Teams',
  objectTypeCode: 9,
  primaryIdColumn: 'teamid',
  primaryNameColumn: 'name',
  columns: [
    primaryId('teamid', 'Team'),
    text('name', 'Team Name', 160, { requiredLevel: 'SystemRequired' }),
    memo('description', 'Description', 2000),
    choice('teamtype', 'Team Type', [
      { value: teamTypes.owner, label: 'Owner' },
      { value: teamTypes.access, label: 'Access' },
      { value: 2, label: 'Security Group' },
      { value: 3, label: 'Office Group' },
    ]),
    yesNo('isdefault', 'Is Default', { trueLabel: 'Yes', falseLabel: 'No' }),
    guid('azureactivedirectoryobjectid', 'Object Id for a group'),
    guid('ownerid', 'Owner'),
    lookup('businessunitid', 'Business Unit', toBusinessUnit('businessunitid')),
    ...organizationColumns,
  ],
  // A team is a principal, as a user is, and inherits that type's key.
  alwaysReturned: ['ownerid'],
};
