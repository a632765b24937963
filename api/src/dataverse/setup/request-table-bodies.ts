import { requestColumnDefinitions, requestTableDefinition } from '../our-request-table.ts';
import { requestColumns } from '../request-table.ts';
import { crm, label } from './metadata-bodies.ts';

/**
 * What the Web API takes to make the table of requests.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */

type Json = Readonly<Record<string, unknown>>;

/** Logical names of what the product reads and writes; the definitions above make them all. */
export const requestColumnNames: readonly string[] = Object.values(requestColumns);

const notRequired = { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' };
// Answers hold what the person may read at that moment; an audit log would keep it for others.
const notAudited = { Value: false, CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyauditsettings' };

export const requestColumnBody = (logicalName: string, languageCode: number): Json => {
  const column = requestColumnDefinitions.find(({ schemaName }) => schemaName.toLowerCase() === logicalName);
  if (column === undefined) throw new RangeError(`${logicalName} is no column of the table of requests`);
  const type = column.type === 'text' ? 'String' : 'Memo';
  return {
    ...crm(`${type}AttributeMetadata`),
    AttributeType: type,
    AttributeTypeName: { Value: `${type}Type` },
    ...(column.type === 'text' ? { FormatName: { Value: 'Text' } } : { Format: 'TextArea' }),
    MaxLength: column.maxLength,
    SchemaName: column.schemaName,
    DisplayName: label(column.displayName, languageCode),
    Description: label(column.description, languageCode),
    RequiredLevel: notRequired,
    IsAuditEnabled: notAudited,
  };
};

export const requestTableBody = (languageCode: number): Json => ({
  ...crm('EntityMetadata'),
  SchemaName: requestTableDefinition.schemaName,
  DisplayName: label(requestTableDefinition.displayName, languageCode),
  DisplayCollectionName: label(requestTableDefinition.displayCollectionName, languageCode),
  Description: label(requestTableDefinition.description, languageCode),
  EntitySetName: requestTableDefinition.entitySetName,
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
      SchemaName: requestTableDefinition.nameColumn.schemaName,
      IsPrimaryName: true,
      FormatName: { Value: 'Text' },
      MaxLength: requestTableDefinition.nameColumn.maxLength,
      DisplayName: label(requestTableDefinition.nameColumn.displayName, languageCode),
      RequiredLevel: notRequired,
    },
  ],
});
