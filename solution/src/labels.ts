import { languageCode } from './definition/publisher.ts';
import { element, type XmlElement } from './xml.ts';

/** A text with its language, in one of the many wrappings that solutions use. */
const label = (wrapper: string, item: string, text: string): XmlElement =>
  element(wrapper, {}, [element(item, { description: text, languagecode: languageCode })]);

export const displayNames = (text: string): XmlElement => label('displaynames', 'displayname', text);
export const descriptions = (text: string): XmlElement => label('Descriptions', 'Description', text);
export const localizedNames = (text: string): XmlElement => label('LocalizedNames', 'LocalizedName', text);
export const collectionNames = (text: string): XmlElement => label('LocalizedCollectionNames', 'LocalizedCollectionName', text);
export const optionLabels = (text: string): XmlElement => label('labels', 'label', text);
