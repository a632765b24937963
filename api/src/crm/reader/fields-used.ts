import { parsePath } from '../expression/compile.ts';
import { idPathOf } from './record-id.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';

const namesOf = (path: string): readonly string[] => {
  const names: string[] = [];
  for (const step of parsePath(path)) {
    if (step.kind !== 'name') break;
    names.push(step.name);
  }
  return names;
};

const modifiedPaths = ({ modified }: ReadyTable): readonly string[] => {
  if (modified === undefined) return [];
  return typeof modified === 'string' || Array.isArray(modified) ? [modified].flat() : [modified.path].flat();
};

/** What `{{fields}}` lists: each field that the table uses, once, dots between the names of its path; what conditions use is in `always`. */
export const fieldsUsed = (table: ReadyTable): readonly string[] => {
  const { below, always = [] } = table.fields ?? {};
  const prefix = below === undefined ? [] : namesOf(below);
  const idPaths = typeof table.id === 'object' && !Array.isArray(table.id) && 'join' in table.id ? table.id.join : [idPathOf(table.id)];
  const mapped = table.map.flatMap(({ from = [], first = [] }) => [from, first].flat());
  const parent = table.parent === undefined ? [] : [table.parent.path, table.parent.otherwise ?? []].flat();
  const found = [...idPaths, ...modifiedPaths(table), ...parent, ...mapped]
    .map(namesOf)
    .filter((names) => names.length > prefix.length && prefix.every((name, position) => names[position] === name))
    .map((names) => names.slice(prefix.length).join('.'));
  return [...new Set([...always, ...found])];
};
