import type { Column } from '../data/columns.ts';
import type { Instance } from '../data/instance.ts';
import { type Row, valueOf } from '../data/row.ts';
import type { TableDefinition } from '../data/tables.ts';
import { fromTimeZone, glideTime, isGlideTime } from '../data/time.ts';
import { findWalk } from './dot-walk.ts';
import type { Clause, Operator } from './parse-encoded.ts';

export type Test = (row: Row) => boolean;

const datePattern = /^javascript:\s*gs\.dateGenerate\(\s*'([\d-]{10})'\s*,\s*'([\d:]{8})'\s*\)$/;

/** A time as it is stored; undefined when it is none. Literals are UTC, `gs.dateGenerate` speaks the user's time zone. */
const timeOf = (value: string, timeZone: string): string | undefined => {
  const [, day, time] = datePattern.exec(value) ?? [];
  const local = day === undefined ? undefined : `${day} ${time ?? ''}`;
  if (local !== undefined) return isGlideTime(local) ? fromTimeZone(local, timeZone) : undefined;
  if (!isGlideTime(value)) return undefined;
  return value.length === 10 ? `${value} 00:00:00` : glideTime(`${value.replace(' ', 'T')}Z`);
};

const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text));

/** The value to compare with; undefined when the column cannot hold such a thing. */
const operandOf = ({ type }: Column, value: string, timeZone: string): string | undefined => {
  if (value === '') return '';
  if (type === 'glide_date_time') return timeOf(value, timeZone);
  if (type === 'integer' || type === 'currency') return Number.isNaN(numberOf(value)) ? undefined : value;
  if (type === 'boolean') return { true: 'true', '1': 'true', false: 'false', '0': 'false' }[value.toLowerCase()];
  // Other scripts would run in the real one. Here they are what cannot be read.
  return value.startsWith('javascript:') ? undefined : value;
};

const compare = (column: Column, left: string, right: string): number => {
  if (column.type === 'integer' || column.type === 'currency') return numberOf(left) - numberOf(right);
  return left < right ? -1 : left > right ? 1 : 0;
};

const testFor = (column: Column, operator: Operator, operands: readonly string[]): ((value: string) => boolean) => {
  const [operand = ''] = operands;
  switch (operator) {
    case 'ISEMPTY':
      return (value) => value === '';
    case 'ISNOTEMPTY':
      return (value) => value !== '';
    case '=':
      return (value) => value === operand;
    case '!=':
      return (value) => value !== operand;
    case 'IN':
      return (value) => operands.includes(value);
    case 'NOT IN':
      return (value) => !operands.includes(value);
    case 'STARTSWITH':
      return (value) => value.startsWith(operand);
    case 'ENDSWITH':
      return (value) => value.endsWith(operand);
    case 'LIKE':
      return (value) => value.includes(operand);
    case 'NOT LIKE':
      return (value) => !value.includes(operand);
    case '>':
      return (value) => value !== '' && compare(column, value, operand) > 0;
    case '>=':
      return (value) => value !== '' && compare(column, value, operand) >= 0;
    case '<':
      return (value) => value !== '' && compare(column, value, operand) < 0;
    case '<=':
      return (value) => value !== '' && compare(column, value, operand) <= 0;
  }
};

export interface ClauseContext {
  readonly instance: Instance;
  readonly table: TableDefinition;
  readonly timeZone: string;
}

/** The clause as a test of a row, in which capitals count; undefined when it makes no sense: no such field, no such operator, no such value. */
export const compileClause = ({ instance, table, timeZone }: ClauseContext, clause: Clause): Test | undefined => {
  if (!clause.isReadable) return undefined;
  const walk = findWalk(instance, table, clause.field);
  if (!walk) return undefined;
  const { column, rowAt } = walk;
  const isList = clause.operator === 'IN' || clause.operator === 'NOT IN';
  const operands = (isList ? clause.value.split(',') : [clause.value]).map((value) => operandOf(column, value, timeZone));
  const known = operands.filter((operand) => operand !== undefined);
  if (known.length < operands.length) return undefined;
  const holds = testFor(column, clause.operator, known);
  return (row) => {
    const owner = rowAt(row);
    return holds(owner ? valueOf(owner, column.element) : '');
  };
};
