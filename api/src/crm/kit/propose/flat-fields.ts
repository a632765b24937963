import { isList, isObject } from '../../expression/json.ts';
import type { JsonObject, JsonValue } from '../../types.ts';
import { pathOf } from './answer.ts';

/** A field of the records with what they hold there: only looked at, never told. */
export interface FlatField {
  readonly names: readonly string[];
  readonly path: string;
  /** Lower case, without signs: `first_name`, `firstName` and `First Name` are the same. */
  readonly plain: string;
  /** Of the records that mention it; null where it is empty. */
  readonly values: readonly JsonValue[];
}

export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

const maxDepth = 2;
const maxRecords = 100;

/** Fields at the top and one or two levels inside of objects; lists stay what they are. */
export const flatFields = (records: readonly JsonObject[]): readonly FlatField[] => {
  const found = new Map<string, { readonly names: readonly string[]; readonly values: JsonValue[] }>();
  const visit = (value: JsonObject, above: readonly string[]): void => {
    for (const [name, member = null] of Object.entries(value)) {
      const names = [...above, name];
      const key = JSON.stringify(names);
      const field = found.get(key) ?? { names, values: [] };
      found.set(key, field);
      field.values.push(member);
      if (isObject(member) && names.length <= maxDepth) visit(member, names);
    }
  };
  for (const record of records.slice(0, maxRecords)) visit(record, []);
  return [...found.values()].map(({ names, values }) => ({ names, values, path: pathOf(names), plain: plainName(names.at(-1) ?? '') }));
};

export const filled = ({ values }: FlatField): readonly JsonValue[] =>
  values.filter((value) => value !== null && value !== '' && !(isList(value) && value.length === 0));
