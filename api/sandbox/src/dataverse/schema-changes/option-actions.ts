/** The actions on the options of a choice: InsertOptionValue, UpdateOptionValue, DeleteOptionValue, OrderOption (create-update-optionsets.md). */
import type { ChoiceOption, ColumnDefinition, TableDefinition } from '../tables/definition.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, noContent, type Session } from '../web-api/messages.ts';
import type { JsonObject } from '../web-api/json-body.ts';
import { beginChange, bodyOf, type Change, requireTable } from './change-context.ts';
import { namespace, nextOptionValue, readFlag, readLabel, readNumber, readText, requireLabel, updateLabel } from './read-json.ts';
import { componentNotFound, invalidArgument, wrongOptions } from './refusals.ts';
import { editTable, putChoice, replaceColumn } from './schema-edits.ts';

const int32 = { min: -2_147_483_648, max: 2_147_483_647 };

/** Where the options are: on a column, or in a choice that columns share. */
interface OptionHolder {
  readonly options: readonly ChoiceOption[];
  replace(options: readonly ChoiceOption[]): void;
}

export function insertOption(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'OptionSet', 'Write');
  const json = bodyOf(change, 'InsertOptionValue');
  const holder = findHolder(change, json);
  const value = readNumber(json, 'Value', int32) ?? nextOptionValue(holder.options, change.firstOptionValue);
  if (holder.options.some((option) => option.value === value)) throw wrongOptions(`The value ${value} is used already.`);
  const { text, translations } = requireLabel(json, 'Label');
  holder.replace([...holder.options, { value, label: text, translations }]);
  return jsonResponse(200, {
    '@odata.context': `${session.serviceRoot}$metadata#${namespace}InsertOptionValueResponse`,
    NewOptionValue: value,
  });
}

export function updateOption(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'OptionSet', 'Write');
  const json = bodyOf(change, 'UpdateOptionValue');
  const holder = findHolder(change, json);
  const before = requireOption(holder, json);
  const label = updateLabel(
    { text: before.label, translations: before.translations ?? {} },
    readLabel(json, 'Label'),
    readFlag(json, 'MergeLabels') === true,
  );
  const after = { ...before, label: label.text, translations: label.translations };
  holder.replace(holder.options.map((option) => (option === before ? after : option)));
  return noContent();
}

/** Rows that hold the value keep it, as in the real one. */
export function deleteOption(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'OptionSet', 'Write');
  const json = bodyOf(change, 'DeleteOptionValue');
  const holder = findHolder(change, json);
  const before = requireOption(holder, json);
  holder.replace(holder.options.filter((option) => option !== before));
  return noContent();
}

export function orderOptions(session: Session, request: ApiRequest): ApiResponse {
  const change = beginChange(session, request, 'OptionSet', 'Write');
  const json = bodyOf(change, 'OrderOption');
  const holder = findHolder(change, json);
  const values: readonly unknown[] = Array.isArray(json.Values) ? json.Values : [];
  const ordered = values.map((value) => holder.options.find((option) => option.value === value));
  const found = ordered.filter((option) => option !== undefined);
  if (new Set(found).size !== holder.options.length || values.length !== holder.options.length) {
    throw wrongOptions("'Values' must name every option once.");
  }
  holder.replace(found);
  return noContent();
}

function requireOption(holder: OptionHolder, json: JsonObject): ChoiceOption {
  const value = readNumber(json, 'Value', int32);
  const option = holder.options.find((candidate) => candidate.value === value);
  if (option === undefined) throw componentNotFound('an option', String(value));
  return option;
}

/** `OptionSetName` names a shared choice; `EntityLogicalName` and `AttributeLogicalName` a column. */
function findHolder(change: Change, json: JsonObject): OptionHolder {
  const { environment } = change.session;
  const choiceName = readText(json, 'OptionSetName');
  if (choiceName !== null) {
    const choice = environment.schema.choices.find((candidate) => candidate.name === choiceName);
    if (choice === undefined) throw componentNotFound('an option set', choiceName);
    return {
      options: choice.options,
      replace: (options) => environment.changeSchema(putChoice(environment.schema, { ...choice, options })),
    };
  }
  const table = requireTable(change, readText(json, 'EntityLogicalName') ?? '');
  const columnName = readText(json, 'AttributeLogicalName') ?? '';
  const column = table.columns.find(({ logicalName }) => logicalName === columnName);
  if (column === undefined) throw componentNotFound('an attribute', columnName);
  const put = (next: ColumnDefinition) =>
    environment.changeSchema(editTable(environment.schema, table.logicalName, (before: TableDefinition) => replaceColumn(before, next)));
  if (column.type === 'Picklist') {
    if (column.globalChoice !== undefined)
      throw invalidArgument(`The options of ${columnName} are those of the option set ${column.globalChoice}.`);
    return { options: column.options, replace: (options) => put({ ...column, options }) };
  }
  if (column.type !== 'Boolean') throw invalidArgument(`The attribute ${columnName} has no options of its own.`);
  const twoOptions = [
    { value: 1, label: column.trueLabel },
    { value: 0, label: column.falseLabel },
  ];
  return {
    options: twoOptions,
    replace(options) {
      const labelOf = (value: number) => options.find((option) => option.value === value)?.label;
      const [trueLabel, falseLabel] = [labelOf(1), labelOf(0)];
      if (trueLabel === undefined || falseLabel === undefined || options.length > 2)
        throw wrongOptions('A Boolean attribute has two options.');
      put({ ...column, trueLabel, falseLabel });
    },
  };
}
