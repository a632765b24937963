/** What only a type of column has: lengths, ranges, formats, options (create-update-column-definitions-using-web-api.md). */
import { choiceId } from '../metadata/metadata-id.ts';
import {
  type ChoiceDefinition,
  type ColumnDefinition,
  type ColumnType,
  dateBehaviors,
  isLookup,
  stringFormats,
} from '../tables/definition.ts';
import { isJsonObject, type JsonObject } from '../web-api/json-body.ts';
import { columnProperties } from './column-properties.ts';
import { oneOf, readManagedValue, readNumber, readOptions, readType, refuseUnknownProperties, requireLabel } from './read-json.ts';
import { componentNotFound, invalidArgument, wrongOptions } from './refusals.ts';

/** The column types that a client may create by themselves; a lookup comes with its relationship. */
export const creatableTypes = [
  'String',
  'Memo',
  'Integer',
  'BigInt',
  'Decimal',
  'Double',
  'Money',
  'Boolean',
  'DateTime',
  'Picklist',
] as const;
export type CreatableType = (typeof creatableTypes)[number];

export interface ChoiceContext {
  readonly choices: readonly ChoiceDefinition[];
  /** What options without a value are counted from. */
  readonly firstOptionValue: number;
}

const int32 = { min: -2_147_483_648, max: 2_147_483_647 };
const decimalRange = { min: -100_000_000_000, max: 100_000_000_000 };
const moneyRange = { min: -922_337_203_685_477, max: 922_337_203_685_477 };

const lengths = { String: { min: 1, max: 4000 }, Memo: { min: 1, max: 1_048_576 } } as const;
const precisions = { Decimal: { min: 0, max: 10 }, Double: { min: 0, max: 5 }, Money: { min: 0, max: 4 } } as const;

export function readColumnShape(type: CreatableType, json: JsonObject, context: ChoiceContext): ColumnType {
  switch (type) {
    case 'String':
      return {
        type,
        maxLength: wholeNumber(json, 'MaxLength', lengths.String, 100),
        format: readManagedValue(json, 'FormatName', stringFormats) ?? 'Text',
      };
    case 'Memo':
      return { type, maxLength: wholeNumber(json, 'MaxLength', lengths.Memo, 2000) };
    case 'Integer':
      return { type, ...readRange(json, int32) };
    case 'BigInt':
      return { type };
    case 'Decimal':
      return { type, ...readRange(json, decimalRange), precision: wholeNumber(json, 'Precision', precisions[type], 2) };
    case 'Double':
      return { type, ...readRange(json, decimalRange), precision: wholeNumber(json, 'Precision', precisions[type], 2) };
    case 'Money':
      return { type, ...readRange(json, moneyRange), precision: wholeNumber(json, 'Precision', precisions[type], 2) };
    case 'DateTime':
      return {
        type,
        format: oneOf(json.Format ?? 'DateAndTime', ['DateOnly', 'DateAndTime'], 'Format'),
        behavior: readManagedValue(json, 'DateTimeBehavior', dateBehaviors) ?? 'UserLocal',
      };
    case 'Boolean':
      return { type, ...readTwoOptions(json) };
    case 'Picklist':
      return { type, ...readChoice(json, context) };
  }
}

/** What an update may change of a column's shape: lengths, formats of text, ranges. Options and the format of a date stay. */
export function updateColumnShape(json: JsonObject, column: ColumnDefinition, entitySetName: string): ColumnDefinition {
  const typeName = readType(json, entitySetName, 'AttributeMetadata').replace(/AttributeMetadata$/, '');
  const metadataType = isLookup(column) ? 'Lookup' : column.type;
  if (typeName.toLowerCase() !== metadataType.toLowerCase()) {
    throw invalidArgument(`The type of the attribute ${column.logicalName} cannot be changed from ${metadataType} to ${typeName}.`);
  }
  refuseUnknownProperties(json, columnProperties(metadataType), `${typeName}AttributeMetadata`, entitySetName);
  switch (column.type) {
    case 'String': {
      const format = readManagedValue(json, 'FormatName', stringFormats) ?? column.format;
      return { ...column, maxLength: wholeNumber(json, 'MaxLength', lengths.String, column.maxLength), format };
    }
    case 'Memo':
      return { ...column, maxLength: wholeNumber(json, 'MaxLength', lengths.Memo, column.maxLength) };
    case 'Integer':
      return { ...column, ...readRange(json, int32, column) };
    case 'Decimal':
    case 'Double':
    case 'Money': {
      const range = column.type === 'Money' ? moneyRange : decimalRange;
      const precision = wholeNumber(json, 'Precision', precisions[column.type], column.precision);
      return { ...column, ...readRange(json, range, column), precision };
    }
    default:
      return column;
  }
}

function wholeNumber(json: JsonObject, name: string, range: { readonly min: number; readonly max: number }, fallback: number): number {
  const value = readNumber(json, name, range) ?? fallback;
  if (!Number.isInteger(value)) throw invalidArgument(`The value of '${name}' must be a whole number.`);
  return value;
}

interface Limits {
  readonly minValue: number;
  readonly maxValue: number;
}

function readRange(json: JsonObject, range: { readonly min: number; readonly max: number }, before?: Limits): Limits {
  const minValue = readNumber(json, 'MinValue', range) ?? before?.minValue ?? range.min;
  const maxValue = readNumber(json, 'MaxValue', range) ?? before?.maxValue ?? range.max;
  if (minValue > maxValue) throw invalidArgument("'MinValue' must not be above 'MaxValue'.");
  return { minValue, maxValue };
}

function readTwoOptions(json: JsonObject): { trueLabel: string; falseLabel: string } {
  const set = json.OptionSet;
  if (!isJsonObject(set) || !isJsonObject(set.TrueOption) || !isJsonObject(set.FalseOption)) {
    throw wrongOptions('A Boolean attribute needs an OptionSet with TrueOption and FalseOption.');
  }
  return { trueLabel: requireLabel(set.TrueOption, 'Label').text, falseLabel: requireLabel(set.FalseOption, 'Label').text };
}

function readChoice(
  json: JsonObject,
  context: ChoiceContext,
): Pick<ColumnType & { readonly type: 'Picklist' }, 'options' | 'globalChoice'> {
  const bound = json['GlobalOptionSet@odata.bind'];
  if (typeof bound === 'string') {
    const choice = findBoundChoice(bound, context.choices);
    return { options: choice.options, globalChoice: choice.name };
  }
  if (!isJsonObject(json.OptionSet)) throw wrongOptions('A Picklist attribute needs an OptionSet, or a GlobalOptionSet to be bound to.');
  if (json.OptionSet.IsGlobal === true) throw wrongOptions("A global option set is referred to by 'GlobalOptionSet@odata.bind'.");
  return { options: readOptions(json.OptionSet.Options ?? [], context.firstOptionValue) };
}

/** `/GlobalOptionSetDefinitions(…)`, by MetadataId or by Name. */
function findBoundChoice(address: string, choices: readonly ChoiceDefinition[]): ChoiceDefinition {
  const inside = /GlobalOptionSetDefinitions\((?:Name='([^']*)'|([0-9a-f-]{36}))\)$/i.exec(address);
  if (inside === null) throw wrongOptions(`'${address}' is not the address of a global option set.`);
  const [, name, id] = inside;
  const found = choices.find((choice) => choice.name === name || choiceId(choice.name) === id?.toLowerCase());
  if (found === undefined) throw componentNotFound('an option set', name ?? id ?? '');
  return found;
}
