import { type ColumnDefinition, logicalNameOf } from '../../api/src/dataverse/our-definition.ts';
import { descriptions, displayNames } from './labels.ts';
import { element, textElement, type XmlElement } from './xml.ts';

const dataverseType = { text: 'nvarchar', url: 'nvarchar', dateAndTime: 'datetime', choice: 'picklist' } as const;

/** Dataverse's `Behavior`: 1 = user local, stored as UTC and shown in each reader's time zone. */
const userLocal = 1;

const specificsOf = (column: ColumnDefinition): readonly XmlElement[] => {
  switch (column.type) {
    case 'text':
    case 'url':
      // Length is in bytes, two for each UTF-16 unit.
      return [textElement('Format', column.type), textElement('MaxLength', column.maxLength), textElement('Length', column.maxLength * 2)];
    case 'dateAndTime':
      return [textElement('Format', 'datetime'), textElement('CanChangeDateTimeBehavior', 0), textElement('Behavior', userLocal)];
    case 'choice':
      return [textElement('AppDefaultValue', -1), textElement('OptionSetName', column.choice)];
  }
};

/**
 * A column as Dataverse exports it, every element in the order of real exports: import reads this with a schema whose order nobody
 * has published. Not audited: the sync changes these columns with every write, and would fill the audit log with its own traces.
 */
export const columnXml = (column: ColumnDefinition): XmlElement => {
  const logicalName = logicalNameOf(column);
  return element('attribute', { PhysicalName: column.schemaName }, [
    textElement('Type', dataverseType[column.type]),
    textElement('Name', logicalName),
    textElement('LogicalName', logicalName),
    textElement('RequiredLevel', 'none'),
    textElement('DisplayMask', 'ValidForAdvancedFind|ValidForForm|ValidForGrid'),
    textElement('ImeMode', column.type === 'dateAndTime' ? 'inactive' : 'auto'),
    textElement('ValidForUpdateApi', 1),
    textElement('ValidForReadApi', 1),
    textElement('ValidForCreateApi', 1),
    textElement('IsCustomField', 1),
    textElement('IsAuditEnabled', 0),
    textElement('IsSecured', 0),
    textElement('IntroducedVersion', column.introducedIn),
    textElement('IsCustomizable', 1),
    textElement('IsRenameable', 1),
    textElement('CanModifySearchSettings', 1),
    textElement('CanModifyRequirementLevelSettings', 1),
    textElement('CanModifyAdditionalSettings', 1),
    textElement('SourceType', 0),
    textElement('IsGlobalFilterEnabled', 0),
    textElement('IsSortableEnabled', 0),
    textElement('CanModifyGlobalFilterSettings', 1),
    textElement('CanModifyIsSortableSettings', 1),
    textElement('IsDataSourceSecret', 0),
    textElement('AutoNumberFormat', ''),
    textElement('IsSearchable', 0),
    textElement('IsFilterable', 0),
    textElement('IsRetrievable', 0),
    textElement('IsLocalizable', 0),
    ...specificsOf(column),
    displayNames(column.displayName),
    descriptions(column.description),
  ]);
};
