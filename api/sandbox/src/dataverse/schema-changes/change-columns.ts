/** Creates, replaces and removes columns (create-update-column-definitions-using-web-api.md). */
import { columnId } from '../metadata/metadata-id.ts';
import type { ColumnDefinition, TableDefinition } from '../tables/definition.ts';
import { type ApiResponse, noContent } from '../web-api/messages.ts';
import { bodyOf, type Change, created, isMergingLabels, updated } from './change-context.ts';
import { readColumn } from './column-input.ts';
import { updateColumnShape } from './column-shape.ts';
import { readLabel, readRequiredLevel, updateLabel } from './read-json.ts';
import { columnExists, columnIsBuiltIn, componentIsManaged, componentIsReferenced, invalidArgument, nameIsNavigation } from './refusals.ts';
import { addColumns, editTable, removeColumns, replaceColumn } from './schema-edits.ts';

const definitionSet = 'EntityDefinitions';

/** `tableAddress` is the address as the client wrote it: with the name or with the id. */
export function createColumn(change: Change, table: TableDefinition, tableAddress: string): ApiResponse {
  const { environment } = change.session;
  const { publisherPrefix, firstOptionValue } = change;
  const context = { entitySetName: definitionSet, choices: environment.schema.choices, publisherPrefix, firstOptionValue };
  const column = readColumn(bodyOf(change, definitionSet), context);
  refuseTakenName(change, table, column.logicalName);
  environment.changeSchema(editTable(environment.schema, table.logicalName, (before) => addColumns(before, [column])));
  return created(change, 'Attribute', `${tableAddress}/Attributes`, columnId(table.logicalName, column.logicalName));
}

export function refuseTakenName({ session }: Change, table: TableDefinition, logicalName: string): void {
  if (table.columns.some((column) => column.logicalName === logicalName)) throw columnExists(logicalName, table.logicalName);
  const compiled = session.environment.model.require(table.logicalName);
  const navigations = [...compiled.navigations.keys(), ...compiled.collections.keys()];
  if (navigations.includes(logicalName)) throw nameIsNavigation(logicalName);
}

/**
 * PUT replaces the definition: labels as MSCRM.MergeLabels says, lengths and ranges as the body says. What identifies a column cannot change,
 * and the options of a choice have actions of their own.
 */
export function updateColumn(change: Change, table: TableDefinition, column: ColumnDefinition): ApiResponse {
  const { environment } = change.session;
  const json = bodyOf(change, definitionSet);
  const reshaped = updateColumnShape(json, column, definitionSet);
  if ((json.SchemaName ?? column.schemaName) !== column.schemaName || (json.LogicalName ?? column.logicalName) !== column.logicalName) {
    throw invalidArgument('The name of an attribute cannot be changed.');
  }
  const requiredLevel = readRequiredLevel(json) ?? column.requiredLevel;
  if ((requiredLevel === 'SystemRequired') !== (column.requiredLevel === 'SystemRequired')) {
    throw invalidArgument(`The RequiredLevel of ${column.logicalName} cannot be changed to or from SystemRequired.`);
  }
  const before = { text: column.displayName, translations: column.translations ?? {} };
  const name = updateLabel(before, readLabel(json, 'DisplayName'), isMergingLabels(change.request));
  const description = readLabel(json, 'Description')?.text ?? column.description;
  const next: ColumnDefinition = {
    ...reshaped,
    displayName: name.text,
    translations: name.translations,
    requiredLevel,
    ...(description === undefined ? {} : { description }),
  };
  environment.changeSchema(editTable(environment.schema, table.logicalName, (definition) => replaceColumn(definition, next)));
  return updated(change);
}

export function deleteColumn(change: Change, table: TableDefinition, column: ColumnDefinition): ApiResponse {
  const { environment } = change.session;
  const isPrimary = [table.primaryIdColumn, table.primaryNameColumn].includes(column.logicalName);
  if (!column.isCustom || isPrimary) throw columnIsBuiltIn();
  if (column.isManaged !== false) throw componentIsManaged('Attribute', column.logicalName);
  const keys = table.keys.filter((key) => key.columns.includes(column.logicalName));
  if (keys.length > 0) throw componentIsReferenced('Attribute', columnId(table.logicalName, column.logicalName), keys.length);
  // A lookup's relationships have no life of their own: they go with it.
  const next = editTable(environment.schema, table.logicalName, (before) =>
    removeColumns(before, ({ logicalName }) => logicalName === column.logicalName),
  );
  environment.changeSchema(next);
  return noContent();
}
