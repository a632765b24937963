import { logicalNameOf } from '../../api/src/dataverse/our-definition.ts';
import {
  requestColumnDefinitions,
  requestTableDefinition,
  type RequestColumnDefinition,
} from '../../api/src/dataverse/our-request-table.ts';
import { attributeXml, shownEverywhere, textSpecifics } from './attribute-xml.ts';
import { collectionNames, descriptions, displayNames, localizedNames } from './labels.ts';
import { systemColumnsXml } from './system-columns.ts';
import { element, textElement, type XmlElement } from './xml.ts';

const { schemaName, displayName, displayCollectionName, description, introducedIn, nameColumn } = requestTableDefinition;
const logicalName = logicalNameOf(requestTableDefinition);

const columnXml = (column: RequestColumnDefinition, displayMask = shownEverywhere): XmlElement =>
  attributeXml({
    schemaName: column.schemaName,
    type: column.type === 'memo' ? 'ntext' : 'nvarchar',
    displayMask,
    introducedIn: column.introducedIn,
    rest: [
      ...textSpecifics(column.type === 'memo' ? 'textarea' : 'text', column.maxLength),
      displayNames(column.displayName),
      descriptions(column.description),
    ],
  });

const primaryKeyXml = attributeXml({
  schemaName: requestTableDefinition.primaryIdSchemaName,
  type: 'primarykey',
  requiredLevel: 'systemrequired',
  displayMask: 'ValidForAdvancedFind|RequiredForGrid',
  isWritable: { onUpdate: 0, onCreate: 1 },
  isCustom: 0,
  canModifyRequirementLevel: 0,
  introducedIn,
  rest: [displayNames(displayName), descriptions('Unique identifier for entity instances')],
});

const flags = (value: 0 | 1, names: string): readonly XmlElement[] => names.split(' ').map((name) => textElement(name, value));

/** Everything that a table can take part in is off: its rows live for seconds, and nobody looks at them. */
const settings: readonly XmlElement[] = [
  textElement('EntitySetName', requestTableDefinition.entitySetName),
  ...flags(0, 'IsDuplicateCheckSupported IsBusinessProcessEnabled IsRequiredOffline IsInteractionCentricEnabled IsCollaboration'),
  ...flags(0, 'AutoRouteToOwnerQueue IsConnectionsEnabled IsDocumentManagementEnabled AutoCreateAccessTeams IsOneNoteIntegrationEnabled'),
  ...flags(0, 'IsKnowledgeManagementEnabled IsSLAEnabled IsDocumentRecommendationsEnabled IsBPFEntity'),
  textElement('OwnershipTypeMask', 'UserOwned'),
  ...flags(0, 'IsAuditEnabled IsRetrieveAuditEnabled IsRetrieveMultipleAuditEnabled IsActivity'),
  textElement('ActivityTypeMask', ''),
  ...flags(0, 'IsActivityParty IsReplicated IsReplicationUserFiltered IsMailMergeEnabled IsVisibleInMobile IsVisibleInMobileClient'),
  ...flags(0, 'IsReadOnlyInMobileClient IsOfflineInMobileClient DaysSinceRecordLastModified'),
  textElement('MobileOfflineFilters', ''),
  ...flags(1, 'IsMapiGridEnabled IsReadingPaneEnabled'),
  ...flags(0, 'IsQuickCreateEnabled SyncToExternalSearchIndex'),
  textElement('IntroducedVersion', introducedIn),
  ...flags(1, 'IsCustomizable IsRenameable IsMappable CanModifyAuditSettings CanModifyMobileVisibility CanModifyMobileClientVisibility'),
  ...flags(1, 'CanModifyMobileClientReadOnly CanModifyMobileClientOffline CanModifyConnectionSettings'),
  ...flags(1, 'CanModifyDuplicateDetectionSettings CanModifyMailMergeSettings CanModifyQueueSettings CanCreateAttributes CanCreateForms'),
  ...flags(1, 'CanCreateCharts CanCreateViews CanModifyAdditionalSettings CanEnableSyncToExternalSearchIndex'),
  ...flags(0, 'EnforceStateTransitions'),
  ...flags(1, 'CanChangeHierarchicalRelationship'),
  ...flags(0, 'EntityHelpUrlEnabled ChangeTrackingEnabled'),
  ...flags(1, 'CanChangeTrackingBeEnabled'),
  ...flags(0, 'IsEnabledForExternalChannels IsSolutionAware'),
];

/** The table of requests whole, as Dataverse exports a table of its own: the root component is all of it (behavior 0). */
export const requestTableXml = element('Entity', {}, [
  element('Name', { LocalizedName: displayName, OriginalName: displayName }, schemaName),
  element('EntityInfo', {}, [
    element('entity', { Name: schemaName }, [
      localizedNames(displayName),
      collectionNames(displayCollectionName),
      descriptions(description),
      element('attributes', {}, [
        primaryKeyXml,
        columnXml(nameColumn, `PrimaryName|${shownEverywhere}`),
        ...requestColumnDefinitions.map((column) => columnXml(column)),
        ...systemColumnsXml({ logicalName, displayName, introducedIn }),
      ]),
      ...settings,
    ]),
  ]),
  element('FormXml'),
  element('SavedQueries'),
  element('RibbonDiffXml'),
]);

const cascades = 'CascadeAssign CascadeDelete CascadeArchive CascadeReparent CascadeShare CascadeUnshare';

/** How a table of people's rows hangs together with people; exports list these, too. */
const relationship = (name: string, referenced: string, column: string, text: string): XmlElement =>
  element('EntityRelationship', { Name: name }, [
    textElement('EntityRelationshipType', 'OneToMany'),
    textElement('IsCustomizable', 1),
    textElement('IntroducedVersion', introducedIn),
    textElement('IsHierarchical', 0),
    textElement('ReferencingEntityName', schemaName),
    textElement('ReferencedEntityName', referenced),
    ...cascades.split(' ').map((cascade) => textElement(cascade, 'NoCascade')),
    textElement('ReferencingAttributeName', column),
    element('RelationshipDescription', {}, [descriptions(text)]),
  ]);

export const requestRelationshipsXml: readonly XmlElement[] = [
  relationship(
    `business_unit_${logicalName}`,
    'BusinessUnit',
    'OwningBusinessUnit',
    'Unique identifier for the business unit that owns the record',
  ),
  relationship(`lk_${logicalName}_createdby`, 'SystemUser', 'CreatedBy', 'Unique identifier of the user who created the record.'),
  relationship(`lk_${logicalName}_modifiedby`, 'SystemUser', 'ModifiedBy', 'Unique identifier of the user who modified the record.'),
  relationship(`owner_${logicalName}`, 'Owner', 'OwnerId', 'Owner Id'),
  relationship(`team_${logicalName}`, 'Team', 'OwningTeam', 'Unique identifier for the team that owns the record.'),
  relationship(`user_${logicalName}`, 'SystemUser', 'OwningUser', 'Unique identifier for the user that owns the record.'),
];
