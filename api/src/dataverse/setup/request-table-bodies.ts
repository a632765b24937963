import { longestAnswer, requestColumns, requestTable } from '../request-table.ts';
import { crm, label } from './metadata-bodies.ts';

/**
 * What the Web API takes to make the table of requests.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */

type Json = Readonly<Record<string, unknown>>;

interface RequestColumn {
  readonly schemaName: string;
  readonly displayName: string;
  readonly type: 'String' | 'Memo';
  readonly maxLength: number;
}

const text = (schemaName: string, displayName: string, maxLength: number): RequestColumn => ({
  schemaName,
  displayName,
  type: 'String',
  maxLength,
});

/** Beside the name. Their lower-case forms are the logical names. */
export const requestColumnDefinitions: readonly RequestColumn[] = [
  text('ccsync_Kind', 'Kind', 20),
  text('ccsync_Table', 'Table', 20),
  text('ccsync_RowId', 'Row', 40),
  text('ccsync_SourceKey', 'Source Key', 250),
  text('ccsync_Payload', 'Payload', 4000),
  text('ccsync_State', 'State', 20),
  { schemaName: 'ccsync_Answer', displayName: 'Answer', type: 'Memo', maxLength: longestAnswer },
  text('ccsync_ErrorCode', 'Error Code', 100),
];

/** Logical names of what the product reads and writes; the definitions above make them all. */
export const requestColumnNames: readonly string[] = Object.values(requestColumns);

const notRequired = { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' };
// Answers hold what the person may read at that moment; an audit log would keep it for others.
const notAudited = { Value: false, CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyauditsettings' };

export const requestColumnBody = (logicalName: string, languageCode: number): Json => {
  const column = requestColumnDefinitions.find(({ schemaName }) => schemaName.toLowerCase() === logicalName);
  if (column === undefined) throw new RangeError(`${logicalName} is no column of the table of requests`);
  return {
    ...crm(`${column.type}AttributeMetadata`),
    AttributeType: column.type,
    AttributeTypeName: { Value: `${column.type}Type` },
    ...(column.type === 'String' ? { FormatName: { Value: 'Text' } } : { Format: 'TextArea' }),
    MaxLength: column.maxLength,
    SchemaName: column.schemaName,
    DisplayName: label(column.displayName, languageCode),
    RequiredLevel: notRequired,
    IsAuditEnabled: notAudited,
  };
};

/** Its rows belong to people: whoever has the right for own rows only sees no other person's answers. */
export const requestTableBody = (languageCode: number): Json => ({
  ...crm('EntityMetadata'),
  SchemaName: 'ccsync_SyncRequest',
  DisplayName: label('Sync Request', languageCode),
  DisplayCollectionName: label('Sync Requests', languageCode),
  Description: label('What the CRM Sync control asks, and the answer; each row is for its maker alone, and is soon deleted', languageCode),
  EntitySetName: requestTable.entitySetName,
  OwnershipType: 'UserOwned',
  IsActivity: false,
  HasActivities: false,
  HasNotes: false,
  IsAuditEnabled: notAudited,
  Attributes: [
    {
      ...crm('StringAttributeMetadata'),
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: 'ccsync_Name',
      IsPrimaryName: true,
      FormatName: { Value: 'Text' },
      MaxLength: 100,
      DisplayName: label('Name', languageCode),
      RequiredLevel: notRequired,
    },
  ],
});
