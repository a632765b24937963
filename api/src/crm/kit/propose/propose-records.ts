import { isList, isObject } from '../../expression/json.ts';
import type { JsonObject, JsonValue } from '../../types.ts';
import { pathOf } from './answer.ts';

export interface RecordsProposal {
  /** As `records` of the manifest. */
  readonly records: string | { readonly path: string; readonly keyAs: string };
  readonly found: readonly JsonObject[];
}

interface Candidate extends RecordsProposal {
  readonly depth: number;
  readonly name: string;
}

const usualNames = /^(data|items|results?|records?|rows|value|list|entries|elements|objects|_embedded|content|payload)$/i;
const maxDepth = 3;
/** More fields in common than chance gives: members of an object are records, not its parts. */
const isOfOneKind = (members: readonly JsonObject[]): boolean => {
  const [first, ...others] = members;
  if (first === undefined || others.length < 1) return false;
  const names = new Set(Object.keys(first));
  return names.size >= 2 && others.every((other) => Object.keys(other).filter((name) => names.has(name)).length >= names.size / 2);
};

const candidatesIn = (value: JsonValue | undefined, names: readonly string[]): readonly Candidate[] => {
  const common = { depth: names.length, name: names.at(-1) ?? '' };
  if (isList(value)) {
    const found = value.filter(isObject);
    return found.length > 0 && found.length === value.length ? [{ ...common, records: pathOf(names), found }] : [];
  }
  if (!isObject(value) || names.length > maxDepth) return [];
  const members = Object.entries(value);
  const inner = members.flatMap(([name, member]) => candidatesIn(member, [...names, name]));
  const objects = members.map(([, member]) => member ?? null).filter(isObject);
  if (objects.length !== members.length || !isOfOneKind(objects)) return inner;
  const found = members.map(([id, member]) => ({
    ...(isObject(member) ? member : {}),
    id: member !== undefined && isObject(member) ? (member.id ?? id) : id,
  }));
  return [{ ...common, records: { path: pathOf(names), keyAs: 'id' }, found }, ...inner];
};

const score = ({ found, depth, name }: Candidate): number =>
  (usualNames.test(name) || depth === 0 ? 1000 : 0) + Math.min(found.length, 200) - depth * 100;

/** Where an answer holds its records; null when nothing in it looks like a list of them. */
export const proposeRecords = (body: JsonValue): RecordsProposal | null => {
  const [best] = candidatesIn(body, []).toSorted((one, other) => score(other) - score(one));
  return best === undefined ? null : { records: best.records, found: best.found };
};

/** An empty list says at least where it is: `data` of `{"data": []}`. */
export const proposeEmptyList = (body: JsonValue): string | null => {
  if (isList(body)) return '$';
  if (!isObject(body)) return null;
  const name = Object.keys(body).find((member) => isList(body[member]));
  return name === undefined ? null : pathOf([name]);
};

/** Where the answer to a request for one record holds it: `$`, or the name that it is wrapped in; null when it is not in there. */
export const proposeRecordPath = (body: JsonValue, isTheRecord: (record: JsonObject) => boolean): string | null => {
  if (!isObject(body)) return isList(body) && isObject(body[0]) && isTheRecord(body[0]) ? '$[0]' : null;
  if (isTheRecord(body)) return '$';
  for (const [name, member] of Object.entries(body)) {
    if (isObject(member) && isTheRecord(member)) return pathOf([name]);
    if (isList(member) && isObject(member[0]) && isTheRecord(member[0])) return `${pathOf([name])}[0]`;
  }
  return null;
};
