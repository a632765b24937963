import { compilePath } from '../expression/compile.ts';
import { isEmpty } from '../expression/json.ts';
import type { IdBody } from '../manifest/schema/table.ts';
import type { normalisations } from '../manifest/schema/table-parts.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { toSalesforce18 } from '../value/salesforce-id.ts';

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

const hasSeveralPaths = (id: IdBody): id is Extract<IdBody, readonly string[]> => Array.isArray(id);

/** Where a record usually holds its id, or the first part of it. */
export const idPathOf = (id: IdBody): string => {
  if (typeof id === 'string') return id;
  if (hasSeveralPaths(id)) return id[0] ?? '$';
  return 'path' in id ? id.path : (id.join[0] ?? '$');
};

/** Every path that ids are made of. */
export const idPathsOf = (id: IdBody): readonly string[] => {
  if (typeof id === 'string') return [id];
  if (hasSeveralPaths(id)) return id;
  return 'path' in id ? [id.path] : id.join;
};

const changes: Readonly<Record<(typeof normalisations)[number], (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  salesforce18: toSalesforce18,
};

/** Ids are text from here on. Numbers that a double cannot hold are text already when they come out of the JSON reader. */
export const createIdReader = (id: IdBody): IdReader => {
  if (typeof id === 'string' || hasSeveralPaths(id) || id.normalise === undefined) return readText;
  const change = changes[id.normalise];
  return (value) => {
    const text = readText(value);
    return text === null ? null : change(text);
  };
};

/** The id of a record, from wherever the record holds it. */
export const createRecordIdReader = (id: IdBody): ((fields: JsonObject) => string | null) => {
  const read = createIdReader(id);
  if (hasSeveralPaths(id)) {
    const ways = id.map(compilePath);
    return (fields) => {
      for (const select of ways) {
        const value = select(fields);
        if (!isEmpty(value)) return read(value);
      }
      return null;
    };
  }
  if (typeof id === 'string' || 'path' in id) {
    const select = compilePath(idPathOf(id));
    return (fields) => read(select(fields));
  }
  const selectors = id.join.map(compilePath);
  const separator = id.with ?? '-';
  return (fields) => {
    const parts = selectors.map((select) => readText(select(fields)));
    // A part that holds the separator could make one id of two records: all but the last must be plain.
    if (parts.slice(0, -1).some((part) => part === null || part.includes(separator))) return null;
    return parts.at(-1) === null ? null : read(parts.join(separator));
  };
};
