/** Edits of the schema as functions of it: what each gives back is compiled anew by the environment. */
import type { Schema } from '../tables/data-model.ts';
import type { ChoiceDefinition, ColumnDefinition, KeyDefinition, TableDefinition } from '../tables/definition.ts';

/** `change` gets the table's definition and gives the new one. */
export function editTable(schema: Schema, logicalName: string, change: (table: TableDefinition) => TableDefinition): Schema {
  return { ...schema, tables: schema.tables.map((table) => (table.logicalName === logicalName ? change(table) : table)) };
}

export const addColumns = (table: TableDefinition, columns: readonly ColumnDefinition[]): TableDefinition => ({
  ...table,
  columns: [...table.columns, ...columns],
});

export const removeColumns = (table: TableDefinition, isRemoved: (column: ColumnDefinition) => boolean): TableDefinition => ({
  ...table,
  columns: table.columns.filter((column) => !isRemoved(column)),
});

export const replaceColumn = (table: TableDefinition, column: ColumnDefinition): TableDefinition => ({
  ...table,
  columns: table.columns.map((before) => (before.logicalName === column.logicalName ? column : before)),
});

export const addKey = (table: TableDefinition, key: KeyDefinition): TableDefinition => ({ ...table, keys: [...table.keys, key] });

export const removeKeys = (table: TableDefinition, isRemoved: (key: KeyDefinition) => boolean): TableDefinition => ({
  ...table,
  keys: table.keys.filter((key) => !isRemoved(key)),
});

export const setKeyStatus = (table: TableDefinition, key: string, indexStatus: KeyDefinition['indexStatus']): TableDefinition => ({
  ...table,
  keys: table.keys.map((before) => (before.logicalName === key ? { ...before, indexStatus } : before)),
});

export function putChoice(schema: Schema, choice: ChoiceDefinition): Schema {
  const isNew = !schema.choices.some((before) => before.name === choice.name);
  return {
    ...schema,
    choices: isNew ? [...schema.choices, choice] : schema.choices.map((before) => (before.name === choice.name ? choice : before)),
  };
}
