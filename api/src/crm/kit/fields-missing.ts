import { didYouMean } from '../../yaml/did-you-mean.ts';
import { namesOnPath } from '../expression/compile.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import { modifiedPaths } from '../reader/fields-used.ts';
import { idPathsOf } from '../reader/record-id.ts';
import type { FieldList } from '../types.ts';

/** A field that the manifest reads, and for what. */
export interface UsedField {
  readonly path: string;
  /** `id`, `modified`, `parent`, or the column that it goes to. */
  readonly use: string;
}

export interface MissingField extends UsedField {
  /** “ (did you mean …?)”, or nothing. */
  readonly hint: string;
}

/** Every path into a record that a table's part of the manifest has, but for its conditions. */
export const fieldsUsedBy = (table: ReadyTable): readonly UsedField[] => [
  ...idPathsOf(table.id).map((path) => ({ path, use: 'id' })),
  ...modifiedPaths(table.modified).map((path) => ({ path, use: 'modified' })),
  ...(table.parent === undefined ? [] : [{ path: table.parent.path, use: 'parent' }]),
  ...table.map.flatMap(({ to, from = [], first = [] }) => [from, first].flat().map((path) => ({ path, use: [to].flat().join(', ') }))),
];

/**
 * Which of the fields a table uses are not among those that the CRM has. A field below one that is known but was empty everywhere may
 * well be there, so it is not counted.
 */
export const fieldsMissing = (table: ReadyTable, { fields, below }: FieldList): readonly MissingField[] => {
  const known = new Map(fields.map((field) => [field.name, field]));
  const siblings = (prefix: string): readonly string[] =>
    [...known.keys()].filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'));
  return fieldsUsedBy(table).flatMap(({ path, use }) => {
    const names = namesOnPath(path);
    const isListed = names.length > below.length && below.every((name, index) => names[index] === name);
    if (!isListed) return [];
    for (let length = below.length + 1; length <= names.length; length += 1) {
      const name = names.slice(0, length).join('.');
      if (known.has(name)) continue;
      const above = names.slice(0, length - 1).join('.');
      const prefix = above === '' ? '' : `${above}.`;
      if (above !== '' && siblings(prefix).length === 0) return [];
      const near = siblings(prefix).map((sibling) => sibling.slice(prefix.length));
      return [{ path, use, hint: didYouMean(names[length - 1] ?? '', near) }];
    }
    return [];
  });
};
