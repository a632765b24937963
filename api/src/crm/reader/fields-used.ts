import { parsePath } from '../expression/compile.ts';
import { idPathOf, idPathsOf } from './record-id.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';

const namesOf = (path: string): readonly string[] => {
  const names: string[] = [];
  for (const step of parsePath(path)) {
    if (step.kind !== 'name') break;
    names.push(step.name);
  }
  return names;
};

/** Every path that times of change are read from. */
export const modifiedPaths = (modified: ReadyTable['modified']): readonly string[] => {
  if (modified === undefined) return [];
  return typeof modified === 'string' || Array.isArray(modified) ? [modified].flat() : [modified.path].flat();
};

const namesBelow = (table: ReadyTable, paths: readonly string[]): readonly string[] => {
  const { below } = table.fields ?? {};
  const prefix = below === undefined ? [] : namesOf(below);
  return paths
    .map(namesOf)
    .filter((names) => names.length > prefix.length && prefix.every((name, position) => names[position] === name))
    .map((names) => names.slice(prefix.length).join('.'));
};

/** Of several places of an id the first is where records have it; the others are those of answers of another shape. */
const idFields = (id: ReadyTable['id']): readonly string[] => (Array.isArray(id) ? [idPathOf(id)] : idPathsOf(id));

/** What makes a record one: its id, and when it was changed. */
export const neededFields = (table: ReadyTable): readonly string[] =>
  namesBelow(table, [...idFields(table.id), ...modifiedPaths(table.modified)]);

/** What the columns are filled from, dots between the names of a path. */
export const fieldsMapped = (table: ReadyTable): readonly string[] => [
  ...new Set(
    namesBelow(
      table,
      table.map.flatMap(({ from = [], first = [] }) => [from, first].flat()),
    ),
  ),
];

/** What `{{fields}}` lists: each field that the table uses, once, dots between the names of its path; what conditions use is in `always`. */
export const fieldsUsed = (table: ReadyTable): readonly string[] => {
  const mapped = table.map.flatMap(({ from = [], first = [] }) => [from, first].flat());
  const parent = table.parent === undefined ? [] : [table.parent.path, table.parent.otherwise ?? []].flat();
  const found = [...neededFields(table), ...namesBelow(table, [...[table.merged ?? []].flat(), ...parent, ...mapped])];
  return [...new Set([...(table.fields?.always ?? []), ...found])];
};

/** As the CRM is asked for them: some give an object only as a whole, by the first name of a path. */
export const fieldsAsked = (table: ReadyTable): readonly string[] => {
  const used = fieldsUsed(table);
  return table.fields?.whole === true ? [...new Set(used.map((field) => field.split('.', 1)[0] ?? field))] : used;
};
