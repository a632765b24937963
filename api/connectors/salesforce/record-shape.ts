import { isList, isObject } from '../../src/crm/expression/json.ts';
import type { JsonObject, JsonValue } from '../../src/crm/types.ts';

/** What the describe resource says of a field, as far as it is needed here. */
interface FieldDescription {
  readonly type: string;
  /** The objects that a reference leads to. */
  readonly referenceTo: readonly string[];
}

/** By field name; references also by the name under which a query goes on behind them (`Owner` for `OwnerId`). */
type ObjectDescription = ReadonlyMap<string, FieldDescription>;

/** Asks the CRM about an object. */
export type Describe = (object: string) => Promise<JsonValue>;

/** Makes a record as the REST API has it out of a row of the CSV. */
export type RecordMaker = (row: readonly string[]) => JsonObject;

type Cell = (text: string) => JsonValue;

const asNumber: Cell = (text) => {
  const number = Number(text);
  // As our reading of JSON does it: what a double cannot hold stays text, with all its digits.
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !/^-?\d+$/.test(text)) ? number : text;
};
/** The REST API writes the same moment with +0000. */
const asMoment: Cell = (text) => text.replace(/Z$/, '+0000');
const asText: Cell = (text) => text;

const cells: ReadonlyMap<string, Cell> = new Map([
  ['boolean', (text) => text === 'true'],
  ...['int', 'long', 'double', 'currency', 'percent'].map((type) => [type, asNumber] as const),
  ['datetime', asMoment],
]);

const readDescription = (answer: JsonValue): ObjectDescription => {
  const fields = new Map<string, FieldDescription>();
  const listed = isObject(answer) && isList(answer.fields) ? answer.fields : [];
  for (const field of listed) {
    if (!isObject(field) || typeof field.name !== 'string' || typeof field.type !== 'string') continue;
    const referenceTo = isList(field.referenceTo) ? field.referenceTo.filter((name) => typeof name === 'string') : [];
    const description = { type: field.type, referenceTo };
    fields.set(field.name.toLowerCase(), description);
    if (typeof field.relationshipName === 'string') fields.set(field.relationshipName.toLowerCase(), description);
  }
  return fields;
};

/** Of `Owner.Manager.Name` step by step; of a reference that leads to several objects the first that has the field. */
const createTypeFinder = (describe: Describe) => {
  const described = new Map<string, Promise<ObjectDescription>>();
  const descriptionOf = (object: string): Promise<ObjectDescription> => {
    const asked = described.get(object) ?? describe(object).then(readDescription);
    described.set(object, asked);
    return asked;
  };
  const typeOf = async (object: string, [name = '', ...rest]: readonly string[]): Promise<string | null> => {
    const field = (await descriptionOf(object)).get(name.toLowerCase());
    if (field === undefined || rest.length === 0) return field?.type ?? null;
    for (const target of field.referenceTo) {
      const type = await typeOf(target, rest);
      if (type !== null) return type;
    }
    return null;
  };
  return typeOf;
};

/** Puts a value where `Owner.Name` says. */
const setAt = (record: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): JsonObject => {
  if (rest.length === 0) return { ...record, [name]: value };
  const inner = record[name];
  // All of another record's fields are empty where there is no such record, which the REST API writes as null.
  if (value === null) return { ...record, [name]: inner === undefined ? null : isObject(inner) ? setAt(inner, rest, null) : inner };
  return { ...record, [name]: setAt(isObject(inner) ? inner : {}, rest, value) };
};

/**
 * In the CSV all is text, and empty is null: what a value is, the object's description says. So a record is the same whichever way it
 * was read, and a row of Dataverse is not written anew because it was read the other way the last time.
 */
export const createRecordMaker = async (object: string, columns: readonly string[], describe: Describe): Promise<RecordMaker> => {
  const typeOf = createTypeFinder(describe);
  const makers: { readonly path: readonly string[]; readonly name: string; readonly read: Cell }[] = [];
  for (const column of columns) {
    const path = column.split('.');
    makers.push({ path, name: column, read: cells.get((await typeOf(object, path)) ?? '') ?? asText });
  }
  const isFlat = makers.every(({ path }) => path.length === 1);
  return (row) => {
    const value = (position: number, read: Cell): JsonValue => {
      const text = row[position] ?? '';
      return text === '' ? null : read(text);
    };
    if (isFlat) return Object.fromEntries(makers.map(({ name, read }, position) => [name, value(position, read)]));
    return makers.reduce<JsonObject>((record, { path, read }, position) => setAt(record, path, value(position, read)), {});
  };
};
