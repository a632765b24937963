/** The small parts that definitions are made of: labels and managed properties. */
import type { Translations } from '../tables/definition.ts';
import { metadataId } from './metadata-id.ts';

export type MetadataObject = Readonly<Record<string, unknown>>;

/** The language of the environment and of its users. */
const languageCode = 1033;

export interface LabelSource {
  readonly text: string;
  readonly translations?: Translations | undefined;
  readonly isManaged: boolean;
}

export function describeLabel({ text, translations = {}, isManaged }: LabelSource, id: string): MetadataObject {
  const localized = (label: string, language: number): MetadataObject => ({
    Label: label,
    LanguageCode: language,
    IsManaged: isManaged,
    MetadataId: metadataId(`${id}.label.${language}`),
    HasChanged: null,
  });
  const own = localized(text, languageCode);
  const others = Object.entries(translations).map(([language, label]) => localized(String(label), Number(language)));
  return { LocalizedLabels: [own, ...others], UserLocalizedLabel: own };
}

export function describeDescription(text: string | undefined, isManaged: boolean, id: string): MetadataObject {
  return text === undefined ? { LocalizedLabels: [], UserLocalizedLabel: null } : describeLabel({ text, isManaged }, id);
}

export const managed = (value: unknown, propertyName: string, canBeChanged = true): MetadataObject => ({
  Value: value,
  CanBeChanged: canBeChanged,
  ManagedPropertyLogicalName: propertyName,
});
