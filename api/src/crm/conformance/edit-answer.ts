import { parsePath } from '../expression/compile.ts';
import { isList, isObject } from '../expression/json.ts';
import { decodeJson } from '../http/decode-json.ts';
import type { Exchange } from '../http/exchange.ts';
import type { RecordsBody } from '../manifest/schema/table.ts';
import type { JsonObject, JsonValue } from '../types.ts';

/** The names of a path that has nothing but names; null when it has more. */
export const plainNames = (path: string): readonly string[] | null => {
  const steps = parsePath(path);
  const names = steps.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  return names.length === steps.length ? names : null;
};

/** A copy with what is at the names replaced; null when nothing is there. */
export const editAt = (
  value: JsonValue | undefined,
  [name, ...rest]: readonly string[],
  edit: (value: JsonValue) => JsonValue | null,
): JsonValue | null => {
  if (value === undefined || value === null) return null;
  if (name === undefined) return edit(value);
  if (!isObject(value)) return null;
  const edited = editAt(value[name], rest, edit);
  return edited === null ? null : { ...value, [name]: edited };
};

/** Without what is at the names. */
export const removeAt = (value: JsonObject, names: readonly string[]): JsonObject => {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  const member = value[name];
  if (rest.length > 0 && isObject(member)) return { ...value, [name]: removeAt(member, rest) };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
};

const withBody = (answer: Exchange, body: JsonValue): Exchange => ({ ...answer, body: Buffer.from(JSON.stringify(body)) });

/**
 * The answer with other records in it; null when they cannot be told apart: it is no JSON, or the records stand in no plain list.
 * Long numbers become text on the way, which is what they are made of anyhow.
 */
export const editRecords = (
  answer: Exchange,
  records: RecordsBody,
  edit: (records: readonly JsonValue[]) => readonly JsonValue[] | null,
): Exchange | null => {
  const names = typeof records === 'string' ? plainNames(records) : null;
  if (names === null) return null;
  const edited = editAt(decodeJson(answer.body), names, (list) => (isList(list) ? edit(list) : null));
  return edited === null ? null : withBody(answer, edited);
};

/** The answer with further members beside those that it has. */
export const addMembers = (answer: Exchange, members: JsonObject): Exchange => {
  const body = decodeJson(answer.body);
  return isObject(body) ? withBody(answer, { ...members, ...body }) : answer;
};
