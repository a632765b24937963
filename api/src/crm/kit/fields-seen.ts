import { isEmpty, isList, isObject } from '../expression/json.ts';
import type { FieldDescription, JsonObject, JsonValue } from '../types.ts';

interface SeenField {
  readonly types: Set<string>;
  filled: number;
}

const typeOf = (value: JsonValue): string => {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'yes/no' : isList(value) ? 'list' : 'object';
};

/** Deeper than any mapping goes; a record that holds itself ends here. */
const maxDepth = 5;

const look = (value: JsonValue | undefined, name: string, depth: number, seen: Map<string, SeenField>): void => {
  if (name !== '') {
    const field = seen.get(name) ?? { types: new Set<string>(), filled: 0 };
    seen.set(name, field);
    if (!isEmpty(value)) {
      field.types.add(typeOf(value));
      field.filled += 1;
    }
  }
  if (depth >= maxDepth) return;
  if (isList(value)) for (const element of value) if (isObject(element)) lookInto(element, name, depth, seen);
  if (isObject(value)) lookInto(value, name, depth, seen);
};

const lookInto = (value: JsonObject, name: string, depth: number, seen: Map<string, SeenField>): void => {
  for (const [member, inner] of Object.entries(value)) look(inner, name === '' ? member : `${name}.${member}`, depth + 1, seen);
};

/** The fields that some records have, in the order in which they come; what is empty in all of them has no type. */
export const fieldsSeenIn = (records: readonly JsonObject[]): readonly FieldDescription[] => {
  const seen = new Map<string, SeenField>();
  for (const record of records) look(record, '', 0, seen);
  return [...seen].map(([name, { types }]) => ({ name, label: null, type: types.size === 0 ? null : [...types].join(' or ') }));
};
