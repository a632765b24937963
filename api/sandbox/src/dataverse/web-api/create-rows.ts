/** Creates a row with the rows that its payload holds (create-entity-web-api.md), and upserts one. */
import type { Row, RowValues } from '../store/values.ts';
import type { Table } from '../tables/data-model.ts';
import { tooDeep } from './errors.ts';
import { resolveReference, type RowTarget } from './find-row.ts';
import type { JsonObject } from './json-body.ts';
import type { Session } from './messages.ts';
import { addPair, associate, referenceTo, requireCollection } from './related-writes.ts';
import { type ChildrenInput, type ParentInput, readRowInput, type RowInput } from './row-input.ts';
import { insertRow, updateRow } from './write-rows.ts';

export interface UpsertResult {
  readonly row: Row;
  readonly isCreated: boolean;
}

export function createRow(session: Session, table: Table, input: RowInput): Row {
  if (input.parents.length === 0 && input.children.length === 0) return insertRow(session, table, input);
  // Related rows come about with the row, or not at all.
  return session.environment.database.transaction(() => {
    const lookups = createParents(session, table, input.parents);
    const row = insertRow(session, table, { id: input.id, changes: { ...input.changes, ...lookups } });
    createChildren(session, table, row, input.children);
    return row;
  });
}

/**
 * The address decides which row; the payload says what it holds. Key columns that the payload repeats are dropped on update, and win
 * over the address on create (use-upsert-insert-update-record.md).
 */
export function upsertRow(session: Session, target: RowTarget, json: JsonObject): UpsertResult {
  const { table, row } = target;
  if (row === undefined) {
    const input = readRowInput(session, table, json, 'create');
    const changes = { ...target.keyValues, ...input.changes };
    return { row: createRow(session, table, { ...input, id: target.id ?? input.id, changes }), isCreated: true };
  }
  const { changes } = readRowInput(session, table, json, 'update');
  const keyColumns = Object.keys(target.keyValues);
  const repeatsKey = keyColumns.some((column) => column in changes);
  const others = repeatsKey ? Object.fromEntries(Object.entries(changes).filter(([column]) => !keyColumns.includes(column))) : changes;
  return { row: updateRow(session, table, row, others), isCreated: false };
}

/** A payload may nest rows this deep; no page tells the real limit. */
const deepestNesting = 50;
const depths = new WeakMap<Session, number>();

/** Creates what single-valued navigation properties hold; gives the lookups that then point there. */
function createParents(session: Session, table: Table, parents: readonly ParentInput[]): RowValues {
  const lookups: Record<string, RowValues[string]> = {};
  for (const { navigation, json } of parents) {
    const target = session.environment.model.require(navigation.target.table);
    const row = createNested(session, table, target, json, {});
    lookups[navigation.column.logicalName] = { table: target.logicalName, id: row.id };
  }
  return lookups;
}

/** Creates, or links, what collection-valued navigation properties hold. */
function createChildren(session: Session, table: Table, parent: Row, collections: readonly ChildrenInput[]): void {
  for (const { name, rows, addresses } of collections) {
    const related = requireCollection(session, table, name);
    for (const json of rows) {
      const { navigation } = related;
      const lookup = navigation.kind === 'oneToMany' ? { [navigation.oneToMany.column.logicalName]: referenceTo(table, parent) } : {};
      const child = createNested(session, table, related.table, json, lookup);
      if (navigation.kind === 'manyToMany') addPair(session, navigation.manyToMany, parent, child);
    }
    for (const address of addresses) associate(session, { table, row: parent, name }, resolveReference(session, address));
  }
}

/** Counts how deep a payload has led: it could nest deeper than the sandbox's own stack. */
function createNested(session: Session, outer: Table, target: Table, json: JsonObject, lookup: RowValues): Row {
  const depth = (depths.get(session) ?? 0) + 1;
  if (depth > deepestNesting) throw tooDeep(outer.entitySetName);
  depths.set(session, depth);
  try {
    const input = readRowInput(session, target, json, 'create');
    return createRow(session, target, { ...input, changes: { ...input.changes, ...lookup } });
  } finally {
    depths.set(session, depth - 1);
  }
}
