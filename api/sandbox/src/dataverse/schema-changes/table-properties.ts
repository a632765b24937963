/** The property names of EntityMetadata, so that a mistyped one is refused. What only the server sets may come back from a read. */
export const tableProperties: ReadonlySet<string> = new Set(
  [
    'MetadataId HasChanged ActivityTypeMask AutoRouteToOwnerQueue CanTriggerWorkflow Description DisplayCollectionName DisplayName',
    'EntityHelpUrlEnabled EntityHelpUrl IsDocumentManagementEnabled IsOneNoteIntegrationEnabled IsInteractionCentricEnabled',
    'IsKnowledgeManagementEnabled IsSLAEnabled IsBPFEntity AutoCreateAccessTeams IsActivity IsActivityParty IsRetrieveAuditEnabled',
    'IsRetrieveMultipleAuditEnabled IsArchivalEnabled IsRetentionEnabled ClusterMode IsAuditEnabled IsAvailableOffline IsChildEntity',
    'IsAIRUpdated IsValidForQueue IsConnectionsEnabled IconLargeName IconMediumName IconSmallName IconVectorName IsCustomEntity',
    'IsBusinessProcessEnabled IsCustomizable IsRenameable IsMappable IsDuplicateDetectionEnabled CanCreateAttributes CanCreateForms',
    'CanCreateViews CanCreateCharts CanBeRelatedEntityInRelationship CanBePrimaryEntityInRelationship CanBeInManyToMany',
    'CanBeInCustomEntityAssociation CanEnableSyncToExternalSearchIndex SyncToExternalSearchIndex CanModifyAdditionalSettings',
    'CanChangeHierarchicalRelationship IsOptimisticConcurrencyEnabled ChangeTrackingEnabled CanChangeTrackingBeEnabled IsImportable',
    'IsIntersect IsMailMergeEnabled IsManaged IsEnabledForCharts IsEnabledForTrace IsValidForAdvancedFind IsVisibleInMobile',
    'IsVisibleInMobileClient IsReadOnlyInMobileClient IsOfflineInMobileClient DaysSinceRecordLastModified MobileOfflineFilters',
    'IsReadingPaneEnabled IsQuickCreateEnabled LogicalName ObjectTypeCode OwnershipType PrimaryNameAttribute PrimaryImageAttribute',
    'PrimaryIdAttribute RecurrenceBaseEntityLogicalName ReportViewName SchemaName IntroducedVersion IsStateModelAware',
    'EnforceStateTransitions ExternalName EntityColor LogicalCollectionName ExternalCollectionName CollectionSchemaName EntitySetName',
    'IsEnabledForExternalChannels IsPrivate UsesBusinessDataLabelTable IsLogicalEntity HasNotes HasActivities HasFeedback',
    'HasEmailAddresses IsSolutionAware Settings CreatedOn ModifiedOn DataProviderId DataSourceId TableType OwnerId OwnerIdType',
    'OwningBusinessUnit PrimaryKey Privileges Attributes Keys ManyToManyRelationships ManyToOneRelationships OneToManyRelationships',
  ]
    .join(' ')
    .split(' '),
);
