import { namesOnPath } from '../../expression/compile.ts';
import type { Manifest } from '../../manifest/schema/manifest.ts';
import type { PageBody } from '../../manifest/schema/page.ts';
import type { ReadyTable, RecordsBody } from '../../manifest/schema/table.ts';
import { textsIn } from '../../manifest/settings-used.ts';
import { readyTables } from '../../manifest/with-defaults.ts';
import { modifiedPaths } from '../../reader/fields-used.ts';
import { idPathsOf } from '../../reader/record-id.ts';

type Names = readonly string[];

/** Any name: the records are members of an object, and their names are ids. */
const anyName = '*';

interface Place {
  /** Where records are. */
  readonly prefix: Names;
  /** What holds them, and the name under which a record sees it. */
  readonly holder: { readonly prefix: Names; readonly as: string } | null;
}

const placeOf = (records: RecordsBody): Place => {
  if (typeof records === 'string') return { prefix: namesOnPath(records), holder: null };
  const { path, keyAs, children, parentAs } = records;
  const holder = [...namesOnPath(path), ...(keyAs === undefined ? [] : [anyName])];
  const prefix = children === undefined ? holder : [...holder, ...namesOnPath(children)];
  return { prefix, holder: parentAs === undefined ? null : { prefix: holder, as: parentAs } };
};

const pathsIn = (value: string | { readonly header: string } | undefined): readonly string[] => (typeof value === 'string' ? [value] : []);

const cursorsOf = (page: PageBody | undefined): readonly string[] => (page === undefined || !('from' in page) ? [] : pathsIn(page.from));

const endsOf = (page: PageBody | undefined): readonly string[] => {
  const end = page === undefined || !('end' in page) ? undefined : page.end;
  return end === undefined ? [] : [end.total, end.totalPages, end.remaining].flatMap(pathsIn);
};

const recordPathsOf = (table: ReadyTable): readonly string[] => [
  ...idPathsOf(table.id),
  ...modifiedPaths(table.modified),
  ...(table.parent === undefined ? [] : [table.parent.path, ...pathsIn(table.parent.otherwise)]),
  ...[table.page, table.list.page, table.changes?.page].flatMap((page) =>
    page?.kind === 'keyset' && page.key !== undefined ? [page.key] : [],
  ),
];

const atPlace = ({ prefix, holder }: Place, path: string): readonly Names[] => {
  const names = namesOnPath(path);
  const own = [...prefix, ...names];
  return holder !== null && names[0] === holder.as ? [own, [...holder.prefix, ...names.slice(1)]] : [own];
};

const tablePaths = (manifest: Manifest, table: ReadyTable): readonly Names[] => {
  const usual = table.records ?? manifest.records ?? '$';
  const { get, getMany, list, changes, sweep, deletes = [], parent } = table;
  const lists = [list, getMany, changes, sweep].filter((operation) => operation !== undefined);
  const places = [...lists.map(({ records }) => records ?? usual), ...(get === undefined ? [] : [get.records ?? get.record ?? '$'])];
  const ofDeletes = deletes.flatMap(({ records, id, at }) =>
    [...(id === undefined ? recordPathsOf(table) : [id]), ...modifiedPaths(at)].flatMap((path) => atPlace(placeOf(records ?? usual), path)),
  );
  const { lookup } = parent ?? {};
  const ofLookup = lookup === undefined ? [] : [lookup.key, lookup.id].flatMap((path) => atPlace(placeOf(lookup.records ?? '$'), path));
  return [...places.flatMap((place) => recordPathsOf(table).flatMap((path) => atPlace(placeOf(place), path))), ...ofDeletes, ...ofLookup];
};

const businessKeysOf = (manifest: Manifest, table: ReadyTable): readonly Names[] => {
  const { parent, get, list, changes, getMany } = table;
  if (parent?.lookup === undefined) return [];
  const usual = table.records ?? manifest.records ?? '$';
  const places = [list.records ?? usual, changes?.records ?? usual, getMany?.records ?? usual, get?.records ?? get?.record ?? '$'];
  return [
    ...places.flatMap((place) => atPlace(placeOf(place), parent.path)),
    ...atPlace(placeOf(parent.lookup.records ?? '$'), parent.lookup.key),
  ];
};

export interface StructuralPaths {
  /** An id, a time, a number of records: what has to survive for the recording to be of use. */
  isKept(names: Names): boolean;
  /** What contacts name their account by when not by its id: a number stays, a name is a name. */
  isBusinessKey(names: Names): boolean;
  /** A cursor or the address of a page: survives in a form of its own. */
  isWayOn(names: Names): boolean;
  /** A text that the manifest itself names, as `customer` of `type == "customer"`: says nothing of a person. */
  isLiteral(text: string): boolean;
  /** What of a text the manifest looks for (`contains` of an error); null: nothing. */
  needleIn(text: string): string | null;
}

const keyOf = (names: Names): string => JSON.stringify(names);

const createNameSet = (all: readonly Names[]) => {
  const exact = new Set(all.filter((names) => !names.includes(anyName)).map(keyOf));
  const loose = all.filter((names) => names.includes(anyName));
  return (names: Names): boolean =>
    exact.has(keyOf(names)) ||
    loose.some((pattern) => pattern.length === names.length && pattern.every((name, index) => name === anyName || name === names[index]));
};

const literalsIn = (manifest: Manifest): ReadonlySet<string> => {
  const choices = Object.values(manifest.tables).flatMap((table) => table.map.flatMap(({ choices: words = {} }) => Object.keys(words)));
  const quoted = textsIn(manifest, []).flatMap(({ text }) =>
    [...text.matchAll(/"([^"]{1,60})"|'([^']{1,60})'/g)].map(([, one, other]) => one ?? other ?? ''),
  );
  return new Set([...choices, ...quoted, ...(manifest.nulls ?? []).map(String)]);
};

/** From the manifest alone: whatever it does not name is taken for customer data. */
export const structuralPathsOf = (manifest: Manifest): StructuralPaths => {
  const tables = [...readyTables(manifest).values()];
  const pages = [
    manifest.page,
    ...tables.flatMap(({ page, list, changes, sweep, deletes = [] }) => [
      page,
      list.page,
      changes?.page,
      sweep?.page,
      ...deletes.map((one) => one.page),
    ]),
  ];
  const tokens = tables.flatMap(({ list, changes }) => [list.token, changes?.token].flatMap(pathsIn));
  const kept: readonly Names[] = [
    ...tables.flatMap((table) => tablePaths(manifest, table)),
    ...pages.flatMap(endsOf).map(namesOnPath),
    ...pathsIn(manifest.total).map(namesOnPath),
    ...Object.values(manifest.discover ?? {}).map(({ value }) => namesOnPath(value)),
    ...tables.flatMap(({ deletes = [] }) => deletes.flatMap(({ knownFrom }) => pathsIn(knownFrom))).map(namesOnPath),
  ];
  const isWayOn = createNameSet([...pages.flatMap(cursorsOf), ...tokens].map(namesOnPath));
  const isKept = createNameSet(kept);
  const isBusinessKey = createNameSet(tables.flatMap((table) => businessKeysOf(manifest, table)));
  const literals = literalsIn(manifest);
  const needles = (manifest.errors ?? []).flatMap(({ contains }) => contains ?? []);
  return {
    isKept,
    isBusinessKey,
    isWayOn,
    isLiteral: (text) => literals.has(text),
    needleIn: (text) => needles.find((needle) => text.includes(needle)) ?? null,
  };
};
