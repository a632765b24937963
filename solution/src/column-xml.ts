import type { ColumnDefinition } from '../../api/src/dataverse/our-definition.ts';
import { attributeXml, shownEverywhere, textSpecifics, timeSpecifics } from './attribute-xml.ts';
import { descriptions, displayNames } from './labels.ts';
import { textElement, type XmlElement } from './xml.ts';

const dataverseType = { text: 'nvarchar', url: 'nvarchar', dateAndTime: 'datetime', choice: 'picklist' } as const;

const specificsOf = (column: ColumnDefinition): readonly XmlElement[] => {
  switch (column.type) {
    case 'text':
    case 'url':
      return textSpecifics(column.type, column.maxLength);
    case 'dateAndTime':
      return timeSpecifics('datetime');
    case 'choice':
      return [textElement('AppDefaultValue', -1), textElement('OptionSetName', column.choice)];
  }
};

/** One of the columns that we add to Microsoft's tables. */
export const columnXml = (column: ColumnDefinition): XmlElement =>
  attributeXml({
    schemaName: column.schemaName,
    type: dataverseType[column.type],
    displayMask: shownEverywhere,
    imeMode: column.type === 'dateAndTime' ? 'inactive' : 'auto',
    introducedIn: column.introducedIn,
    rest: [...specificsOf(column), displayNames(column.displayName), descriptions(column.description)],
  });
