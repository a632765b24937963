import { element, textElement, type XmlElement } from './xml.ts';

/** What tells one column from another; everything else is the same for all of ours. Flags are 1 or 0. */
export interface AttributeXml {
  readonly schemaName: string;
  readonly type: string;
  readonly requiredLevel?: 'none' | 'required' | 'systemrequired';
  /** Left out: shown nowhere by itself. */
  readonly displayMask?: string;
  readonly imeMode?: 'auto' | 'inactive' | 'disabled';
  readonly isWritable?: { readonly onUpdate: 0 | 1; readonly onCreate: 0 | 1 };
  readonly isCustom?: 0 | 1;
  /** The value is kept in another column. */
  readonly isLogical?: boolean;
  readonly introducedIn: string;
  readonly canModifyRequirementLevel?: 0 | 1;
  /** After the flags: format, length, options, and the texts for people. */
  readonly rest: readonly XmlElement[];
}

export const shownEverywhere = 'ValidForAdvancedFind|ValidForForm|ValidForGrid';

/**
 * A column as Dataverse exports it, every element in the order of real exports: import reads this with a schema whose order nobody
 * has published. Not audited: the sync changes its columns with every write, and would fill the audit log with its own traces; and an
 * answer on a request must not be kept for others.
 */
export const attributeXml = (attribute: AttributeXml): XmlElement => {
  const { schemaName, isWritable = { onUpdate: 1, onCreate: 1 }, displayMask } = attribute;
  const logicalName = schemaName.toLowerCase();
  return element('attribute', { PhysicalName: schemaName }, [
    textElement('Type', attribute.type),
    textElement('Name', logicalName),
    textElement('LogicalName', logicalName),
    textElement('RequiredLevel', attribute.requiredLevel ?? 'none'),
    ...(displayMask === undefined ? [] : [textElement('DisplayMask', displayMask)]),
    textElement('ImeMode', attribute.imeMode ?? 'auto'),
    textElement('ValidForUpdateApi', isWritable.onUpdate),
    textElement('ValidForReadApi', 1),
    textElement('ValidForCreateApi', isWritable.onCreate),
    textElement('IsCustomField', attribute.isCustom ?? 1),
    textElement('IsAuditEnabled', 0),
    ...(attribute.isLogical === true ? [textElement('IsLogical', 1)] : []),
    textElement('IsSecured', 0),
    textElement('IntroducedVersion', attribute.introducedIn),
    textElement('IsCustomizable', 1),
    textElement('IsRenameable', 1),
    textElement('CanModifySearchSettings', 1),
    textElement('CanModifyRequirementLevelSettings', attribute.canModifyRequirementLevel ?? 1),
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
    ...attribute.rest,
  ]);
};

/** A text's format and lengths; Length is in bytes, two for each UTF-16 unit. */
export const textSpecifics = (format: 'text' | 'url' | 'textarea', maxLength: number): readonly XmlElement[] => [
  textElement('Format', format),
  textElement('MaxLength', maxLength),
  textElement('Length', maxLength * 2),
];

/** Dataverse's `Behavior`: 1 = user local, stored as UTC and shown in each reader's time zone. */
const userLocal = 1;

export const timeSpecifics = (format: 'date' | 'datetime'): readonly XmlElement[] => [
  textElement('Format', format),
  textElement('CanChangeDateTimeBehavior', 0),
  textElement('Behavior', userLocal),
];
