/** FetchXML's conditions as the filters that $filter has, so that both are answered by the same code. */
import type { Table } from '../../tables/data-model.ts';
import { type ColumnDefinition, propertyName } from '../../tables/definition.ts';
import { badQuery, columnNotFound } from '../../web-api/errors.ts';
import type { ComparisonOperator, Filter, Literal } from '../filter-syntax.ts';
import { parseMomentMs } from '../filter-literals.ts';
import { queryFunctions } from '../query-function-names.ts';
import type { FetchCondition, FetchFilter } from './fetch-syntax.ts';

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['eq', 'eq'],
  ['ne', 'ne'],
  ['neq', 'ne'],
  ['gt', 'gt'],
  ['ge', 'ge'],
  ['lt', 'lt'],
  ['le', 'le'],
]);
/** Operators whose name is not that of the function with its words apart. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['eq-userid', 'EqualUserId'],
  ['ne-userid', 'NotEqualUserId'],
  ['eq-businessid', 'EqualBusinessId'],
  ['ne-businessid', 'NotEqualBusinessId'],
  ['eq-userlanguage', 'EqualUserLanguage'],
  ['eq-or-above', 'AboveOrEqual'],
  ['eq-or-under', 'UnderOrEqual'],
  ['last-seven-days', 'Last7Days'],
  ['next-seven-days', 'Next7Days'],
  ['olderthan-x-minutes', 'OlderThanXMinutes'],
  ['olderthan-x-hours', 'OlderThanXHours'],
  ['olderthan-x-days', 'OlderThanXDays'],
  ['olderthan-x-weeks', 'OlderThanXWeeks'],
  ['olderthan-x-months', 'OlderThanXMonths'],
  ['olderthan-x-years', 'OlderThanXYears'],
]);

/** null: the filter asks for nothing. `conditionFilter` says what one condition means. */
export function combine(filter: FetchFilter, conditionFilter: (condition: FetchCondition) => Filter): Filter | null {
  const parts = [
    ...filter.conditions.map(conditionFilter),
    ...filter.filters.map((inner) => combine(inner, conditionFilter)).filter((inner) => inner !== null),
  ];
  return parts.reduce<Filter | null>((left, right) => (left === null ? right : { kind: filter.type, left, right }), null);
}

export function requireColumn(table: Table, name: string): ColumnDefinition {
  const column = table.columnsByName.get(name);
  if (column === undefined) throw columnNotFound(table, name);
  return column;
}

export function conditionFilter(table: Table, condition: FetchCondition): Filter {
  const { operator, values } = condition;
  const column = requireColumn(table, condition.column);
  const path = propertyName(column);
  const comparison = comparisons.get(operator);
  if (condition.valueOf !== null) {
    if (comparison === undefined) throw badQuery(`The operator '${operator}' cannot compare two columns.`);
    const right = { kind: 'property', path: propertyName(requireColumn(table, condition.valueOf)) } as const;
    return { kind: 'compare', operator: comparison, left: { kind: 'property', path }, right };
  }
  if (comparison !== undefined) {
    const literal = literalFor(column, one(condition));
    return { kind: 'compare', operator: comparison, left: { kind: 'property', path }, right: { kind: 'literal', literal } };
  }
  switch (operator) {
    case 'null':
    case 'not-null':
      return isNull(path, operator === 'null');
    case 'in':
    case 'not-in':
      return { kind: 'in', path, values, isNegated: operator === 'not-in' };
    case 'between':
    case 'not-between': {
      const [low, high] = values;
      if (low === undefined || high === undefined || values.length !== 2) throw badQuery(`The operator '${operator}' needs two values.`);
      return { kind: 'between', path, low, high, isNegated: operator === 'not-between' };
    }
    default:
      return textFilter(path, condition) ?? functionFilter(path, condition);
  }
}

const isNull = (path: string, isWanted: boolean): Filter => ({
  kind: 'compare',
  operator: isWanted ? 'eq' : 'ne',
  left: { kind: 'property', path },
  right: { kind: 'literal', literal: { type: 'null', value: null } },
});

/** `like` with its own wildcards, and the three that bring theirs. */
function textFilter(path: string, condition: FetchCondition): Filter | null {
  const match = /^(not-)?(like|begins?-with|ends?-with)$/.exec(condition.operator);
  if (match === null) return null;
  const value = one(condition);
  const kind = match[2] ?? '';
  const pattern = kind === 'like' ? value : kind.startsWith('begin') ? `${value}%` : `%${value}`;
  const filter: Filter = { kind: 'text', name: 'like', path, pattern };
  return match[1] === undefined ? filter : { kind: 'not', operand: filter };
}

function functionFilter(path: string, { operator, values }: FetchCondition): Filter {
  const name =
    otherNames.get(operator) ?? operator.replace(/(^|-)([a-z])/g, (_part, _dash: string, letter: string) => letter.toUpperCase());
  const parameters = queryFunctions.get(name);
  if (parameters === undefined || parameters === 'PropertyValues')
    throw badQuery(`The operator '${operator}' is not valid or is not supported.`);
  const wanted = parameters === 'none' ? 0 : parameters.split(' and ').length;
  if (values.length !== wanted) throw badQuery(`The operator '${operator}' needs ${wanted} values.`);
  return { kind: 'function', name, path, values };
}

function one({ operator, values }: FetchCondition): string {
  const [value] = values;
  if (value === undefined || values.length !== 1) throw badQuery(`The operator '${operator}' needs one value.`);
  return value;
}

/** FetchXML writes every value as text: the column says what it is. */
function literalFor(column: ColumnDefinition, text: string): Literal {
  const refuse = () => badQuery(`The value '${text}' of the column '${column.logicalName}' is not valid.`);
  switch (column.type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return { type: 'string', value: text };
    case 'Boolean':
      if (!['0', '1', 'true', 'false'].includes(text)) throw refuse();
      return { type: 'boolean', value: text === '1' || text === 'true' };
    case 'DateTime': {
      const epochMs = parseMomentMs(text);
      if (epochMs === null) throw refuse();
      return column.format === 'DateOnly' ? { type: 'date', value: text.slice(0, 10) } : { type: 'datetime', value: text };
    }
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'Uniqueidentifier':
      return { type: 'string', value: text };
    default:
      if (text.trim() === '' || Number.isNaN(Number(text))) throw refuse();
      return { type: 'number', value: Number(text) };
  }
}
