/** From the JSON of a column to its definition (create-update-column-definitions-using-web-api.md), with the defaults for what is left out. */
import type { ColumnDefinition } from '../tables/definition.ts';
import { notImplemented } from '../web-api/errors.ts';
import type { JsonObject } from '../web-api/json-body.ts';
import { columnProperties } from './column-properties.ts';
import { type ChoiceContext, type CreatableType, creatableTypes, readColumnShape } from './column-shape.ts';
import { requireSchemaName } from './names.ts';
import { readLabel, readRequiredLevel, readType, refuseUnknownProperties, requireLabel, unknownType } from './read-json.ts';
import { invalidArgument } from './refusals.ts';

export interface ColumnContext extends ChoiceContext {
  readonly entitySetName: string;
  /** Of the solution that the component goes to; null when the request names none. */
  readonly publisherPrefix: string | null;
}

const existingTypes = ['Lookup', 'State', 'Status', 'EntityName', 'UniqueIdentifier', 'ManagedProperty'];
const notBuiltTypes = ['MultiSelectPicklist', 'Image', 'File'];

export function readColumn(json: JsonObject, context: ColumnContext): ColumnDefinition {
  const type = readColumnType(json, context.entitySetName);
  const schemaName = requireSchemaName(json.SchemaName, 'Attribute', context.publisherPrefix);
  const { text, translations } = requireLabel(json, 'DisplayName');
  const description = readLabel(json, 'Description')?.text ?? null;
  const requiredLevel = readRequiredLevel(json) ?? 'None';
  if (requiredLevel === 'SystemRequired') throw invalidArgument("A custom attribute's RequiredLevel cannot be SystemRequired.");
  return {
    logicalName: schemaName.toLowerCase(),
    schemaName,
    displayName: text,
    translations,
    ...(description === null ? {} : { description }),
    requiredLevel,
    isValidForCreate: true,
    isValidForUpdate: true,
    isCustom: true,
    isManaged: false,
    ...readColumnShape(type, json, context),
  };
}

function readColumnType(json: JsonObject, entitySetName: string): CreatableType {
  const typeName = readType(json, entitySetName, 'AttributeMetadata');
  const bare = typeName.replace(/AttributeMetadata$/, '');
  const type = creatableTypes.find((candidate) => candidate === bare && typeName !== bare);
  if (type === undefined) {
    if (notBuiltTypes.includes(bare)) throw notImplemented(`Creating a column of the type ${bare}`);
    if (existingTypes.includes(bare)) throw invalidArgument(`An attribute of the type ${bare} cannot be created by itself.`);
    throw unknownType(entitySetName, typeName);
  }
  refuseUnknownProperties(json, columnProperties(type), typeName, entitySetName);
  if ((json.AttributeType ?? type) !== type)
    throw invalidArgument(`AttributeType '${String(json.AttributeType)}' is not that of ${typeName}.`);
  return type;
}
