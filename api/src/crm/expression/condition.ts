import type { JsonPrimitive, JsonValue } from '../types.ts';
import { isList } from './json.ts';
import { readPath, type Selector, selectOne } from './path.ts';
import type { Scanner } from './scanner.ts';

/** Whether something holds of a record or an event. */
export type Condition = (value: JsonValue) => boolean;

type Operand = { readonly literal: JsonPrimitive } | { readonly select: Selector };

const readOperand = (scanner: Scanner): Operand => {
  const text = scanner.takeString();
  if (text !== null) return { literal: text };
  const number = scanner.takeNumber();
  if (number !== null) return { literal: number };
  const word = scanner.takeMatch(/(?:true|false|null)(?![\w.@[-])/y);
  if (word !== null) return { literal: word === 'null' ? null : word === 'true' };
  return { select: selectOne(readPath(scanner, readCondition)) };
};

const readTest = (scanner: Scanner): Condition => {
  if (scanner.take('(')) {
    const inner = readCondition(scanner);
    scanner.expect(')');
    return inner;
  }
  const left = readOperand(scanner);
  if (scanner.takeMatch(/\s*has(?![\w.@[-])/y) !== null) return holds(scanner, left, readOperand(scanner));
  const isEqual = scanner.take('==');
  if (!isEqual && !scanner.take('!=')) scanner.fail('a comparison with == or != (or has) is expected here');
  const right = readOperand(scanner);
  if ('literal' in left)
    return 'literal' in right ? scanner.fail('one side must be a path to a field') : compare(right.select, left, isEqual);
  return compare(left.select, right, isEqual);
};

/** Whether a list has an element: `tags has "customer"`, `types[*].id has 1`. What is no list has nothing. */
const holds = (scanner: Scanner, list: Operand, element: Operand): Condition => {
  if ('literal' in list || !('literal' in element))
    return scanner.fail('before “has” stands a path to a list, behind it text, a number, true or false');
  return (value) => {
    const found = list.select(value);
    return isList(found) && found.includes(element.literal);
  };
};

/** A field that is not there counts as null: `deleted_at != null` is false when the CRM leaves the field out. */
const compare = (select: Selector, other: Operand, isEqual: boolean): Condition => {
  if ('literal' in other) {
    const { literal } = other;
    return (value) => ((select(value) ?? null) === literal) === isEqual;
  }
  return (value) => ((select(value) ?? null) === (other.select(value) ?? null)) === isEqual;
};

const readAnd = (scanner: Scanner): Condition => {
  const first = readTest(scanner);
  if (!scanner.take('&&')) return first;
  const rest = readAnd(scanner);
  return (value) => first(value) && rest(value);
};

/** `a == "x" && (b != null || c == 3)`: paths, text, numbers, true, false and null, and `tags has "x"` for lists; `&&` binds closer than `||`. */
export const readCondition = (scanner: Scanner): Condition => {
  const first = readAnd(scanner);
  if (!scanner.take('||')) return first;
  const rest = readCondition(scanner);
  return (value) => first(value) || rest(value);
};
