import type { IdBody } from '../manifest/schema/table.ts';
import type { JsonValue } from '../types.ts';

/** A value as an id; null when it cannot be one. */
export type IdReader = (value: JsonValue | undefined) => string | null;

/** Control characters would end up in addresses and logs; no CRM uses them. A loop, as it runs for every record. */
const hasControlCharacter = (text: string): boolean => {
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code < 32 || code === 127) return true;
  }
  return false;
};

const isUsable = (text: string): boolean => text.trim() !== '' && text.isWellFormed() && !hasControlCharacter(text);

const readText: IdReader = (value) => {
  if (typeof value === 'string') return isUsable(value) ? value : null;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
};

export const idPathOf = (id: IdBody): string => (typeof id === 'string' ? id : id.path);

/** Ids are text from here on. Numbers that a double cannot hold are text already when they come out of the JSON reader. */
export const createIdReader = (id: IdBody): IdReader => {
  if (typeof id === 'string') return readText;
  const change = id.normalise === 'lower' ? (text: string) => text.toLowerCase() : (text: string) => text.toUpperCase();
  return (value) => {
    const text = readText(value);
    return text === null ? null : change(text);
  };
};
