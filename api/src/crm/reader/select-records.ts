import { compilePath, parsePath } from '../expression/compile.ts';
import { isList, isObject } from '../expression/json.ts';
import type { RecordsBody } from '../manifest/schema/table.ts';
import type { JsonObject, JsonValue } from '../types.ts';

/** The records of an answer; null when there is no list where the manifest says. */
export type RecordsSelector = (body: JsonValue, isXml: boolean) => readonly JsonValue[] | null;

const withKeys = (members: JsonObject, keyAs: string): readonly JsonValue[] =>
  Object.entries(members).map(([name, member]) => (isObject(member) ? { ...member, [keyAs]: name } : (member ?? null)));

/** XML does not tell a list of one from a single thing, nor an empty list from none. */
const fromXml = (value: JsonValue | undefined): readonly JsonValue[] => (value === undefined || value === null ? [] : [value]);

const compileList = (path: string): RecordsSelector => {
  const select = compilePath(path);
  return (body, isXml) => {
    const found = select(body);
    if (isList(found)) return found;
    return isXml ? fromXml(found) : null;
  };
};

const compileChildren = (path: string, parentAs: string | undefined) => {
  const selectChildren = compilePath(path);
  const [first] = parsePath(path);
  const without = first?.kind === 'name' ? first.name : null;
  return (holder: JsonValue): readonly JsonValue[] => {
    const found = selectChildren(holder);
    const children = isList(found) ? found : isObject(found) ? [found] : [];
    if (parentAs === undefined || !isObject(holder)) return children;
    const parent = Object.fromEntries(Object.entries(holder).filter(([name]) => name !== without));
    return children.map((child) => (isObject(child) ? { ...child, [parentAs]: parent } : child));
  };
};

export const compileRecords = (records: RecordsBody): RecordsSelector => {
  if (typeof records === 'string') return compileList(records);
  const { path, keyAs, children, parentAs } = records;
  const list = compileList(path);
  const select = compilePath(path);
  const childrenOf = children === undefined ? null : compileChildren(children, parentAs);
  return (body, isXml) => {
    const found = select(body);
    const holders =
      isObject(found) && keyAs !== undefined
        ? withKeys(found, keyAs)
        : isObject(found) && childrenOf !== null
          ? [found]
          : list(body, isXml);
    return holders === null || childrenOf === null ? holders : holders.flatMap(childrenOf);
  };
};

export const showRecords = (records: RecordsBody): string => (typeof records === 'string' ? records : records.path);
