/** Reads the JSON of a definition: its type, labels and managed properties; what is no property of the type is refused. */
import type { ChoiceOption, RequiredLevel, Translations } from '../tables/definition.ts';
import { badPayload } from '../web-api/errors.ts';
import { isJsonObject, type JsonObject } from '../web-api/json-body.ts';
import { displayNameMissing, invalidArgument, wrongOptions } from './refusals.ts';

export const namespace = 'Microsoft.Dynamics.CRM.';
/** The language of the environment, in which every label must be given. */
export const baseLanguage = 1033;

export interface LabelText {
  /** In the environment's language; null when the label has other languages only. */
  readonly text: string | null;
  readonly translations: Translations;
}

const exception = (set: string, message: string) => badPayload(set, `Microsoft.OData.ODataException: ${message}`);

/** `#Microsoft.Dynamics.CRM.StringAttributeMetadata` → `StringAttributeMetadata`. */
export function readType(json: JsonObject, set: string, abstractType: string): string {
  const type = json['@odata.type'];
  if (typeof type !== 'string') {
    throw exception(set, `A type named '${namespace}${abstractType}' is abstract: the definition needs '@odata.type'.`);
  }
  return type.replace(/^#/, '').replace(namespace, '');
}

export const unknownType = (set: string, type: string) =>
  exception(
    set,
    `A type named '${namespace}${type}' could not be resolved by the model. When a model is available, each type name must resolve to a valid type.`,
  );

export function refuseUnknownProperties(json: JsonObject, known: ReadonlySet<string>, type: string, set: string): void {
  for (const name of Object.keys(json)) {
    const property = name.replace(/@.*$/s, '');
    if (property === '' || known.has(property)) continue;
    throw exception(
      set,
      `The property '${property}' does not exist on type '${namespace}${type}'. Make sure to only use property names that are defined by the type.`,
    );
  }
}

export function readText(json: JsonObject, name: string): string | null {
  const value = json[name] ?? null;
  if (value !== null && typeof value !== 'string') throw invalidArgument(`'${name}' must be a text.`);
  return value;
}

export function readFlag(json: JsonObject, name: string): boolean | null {
  const value = json[name] ?? null;
  if (value !== null && typeof value !== 'boolean') throw invalidArgument(`'${name}' must be true or false.`);
  return value;
}

export function readNumber(json: JsonObject, name: string, range: { readonly min: number; readonly max: number }): number | null {
  const value = json[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number' || value < range.min || value > range.max) {
    throw invalidArgument(`The value of '${name}' must be a number from ${range.min} to ${range.max}.`);
  }
  return value;
}

/** A complex property with its `Value`, such as FormatName and RequiredLevel. */
export function readManagedValue<T extends string>(json: JsonObject, name: string, allowed: readonly T[]): T | null {
  const property = json[name] ?? null;
  if (property === null) return null;
  const value = isJsonObject(property) ? property.Value : undefined;
  return oneOf(value, allowed, name);
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalidArgument(`The value of '${name}' must be one of: ${allowed.join(', ')}.`);
  return found;
}

const levels: readonly RequiredLevel[] = ['None', 'Recommended', 'ApplicationRequired', 'SystemRequired'];

export const readRequiredLevel = (json: JsonObject) => readManagedValue(json, 'RequiredLevel', levels);

/** null: the definition has no such label. */
export function readLabel(json: JsonObject, name: string): LabelText | null {
  const label = json[name] ?? null;
  if (label === null) return null;
  const list = isJsonObject(label) ? (label.LocalizedLabels ?? []) : null;
  if (!Array.isArray(list)) throw invalidArgument(`'${name}' must be a Label with LocalizedLabels.`);
  const translations: Record<number, string> = {};
  let text: string | null = null;
  for (const item of list as readonly unknown[]) {
    const language = isJsonObject(item) ? item.LanguageCode : undefined;
    const words = isJsonObject(item) ? item.Label : undefined;
    if (typeof language !== 'number' || typeof words !== 'string') {
      throw invalidArgument(`Every label of '${name}' needs a Label and a LanguageCode.`);
    }
    if (language === baseLanguage) text = words;
    else translations[language] = words;
  }
  return { text, translations };
}

/** What a new component must have. */
export function requireLabel(json: JsonObject, name: string): LabelText & { readonly text: string } {
  const label = readLabel(json, name);
  if (label === null || label.text === null || label.text === '') throw displayNameMissing();
  return { ...label, text: label.text };
}

export interface LabelledThing {
  readonly text: string;
  readonly translations: Translations;
}

/** MSCRM.MergeLabels: the languages that the update leaves out stay (true), or are lost (false, and when there is no header). */
export function updateLabel(before: LabelledThing, label: LabelText | null, isMerging: boolean): LabelledThing {
  if (label === null) return before;
  return {
    text: label.text ?? before.text,
    translations: isMerging ? { ...before.translations, ...label.translations } : label.translations,
  };
}

/** Options without a value get the next free one from `firstValue` on. */
export function readOptions(value: unknown, firstValue: number): readonly ChoiceOption[] {
  if (!Array.isArray(value)) throw wrongOptions("'Options' must be a list.");
  const options: ChoiceOption[] = [];
  for (const item of value as readonly unknown[]) {
    if (!isJsonObject(item)) throw wrongOptions('Every option must be an object.');
    const given = item.Value ?? null;
    if (given !== null && (typeof given !== 'number' || !Number.isInteger(given))) {
      throw wrongOptions("An option's Value must be a whole number.");
    }
    const { text, translations } = requireLabel(item, 'Label');
    const optionValue = given ?? nextOptionValue(options, firstValue);
    if (options.some((option) => option.value === optionValue)) throw wrongOptions(`The value ${optionValue} is used twice.`);
    options.push({ value: optionValue, label: text, translations });
  }
  return options;
}

export const nextOptionValue = (options: readonly ChoiceOption[], firstValue: number): number =>
  Math.max(firstValue - 1, ...options.map((option) => option.value)) + 1;
