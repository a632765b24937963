/** Turns a parsed $filter into a test of one item, after checking its names and types. */
import { fold } from '../store/collation.ts';
import { formatMoment, parseGuid } from '../store/values.ts';
import { badQuery, notImplemented } from '../web-api/errors.ts';
import { parseMomentMs } from './filter-literals.ts';
import type { ComparisonOperator, Filter, FunctionFilter, LambdaFilter, Literal, Operand, TextFunction } from './filter-syntax.ts';
import { likePattern } from './like-pattern.ts';
import type { EdmType, Primitive, PropertyAccess, PropertyResolver } from './property-access.ts';

export type Test<T> = (item: T) => boolean;

/** What only rows can be asked: dates against now, who is asking, and rows related to the row. */
export interface RowQuestions<T> {
  compileFunction(filter: FunctionFilter): Test<T>;
  compileLambda(filter: LambdaFilter): Test<T>;
}

export function compileFilter<T>(filter: Filter, resolve: PropertyResolver<T>, questions?: RowQuestions<T>): Test<T> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return compileChain(filter, resolve, questions);
    case 'not': {
      const operand = compileFilter(filter.operand, resolve, questions);
      return (item) => !operand(item);
    }
    case 'function':
      if (questions === undefined) throw notImplemented(`The "Microsoft.Dynamics.CRM.${filter.name}" function`);
      return questions.compileFunction(filter);
    case 'lambda':
      if (questions === undefined) throw notImplemented(`The "${filter.quantifier}" operator`);
      return questions.compileLambda(filter);
    case 'compare':
      return compileComparison(filter, resolve);
    case 'text':
      return compileText(filter, resolve);
    case 'in': {
      const access = resolve(filter.path);
      const wanted = new Set(filter.values.map((value) => comparable(literalFor(access, value))));
      return (item) => wanted.has(comparable(access.read(item))) !== filter.isNegated;
    }
    case 'between': {
      const access = resolve(filter.path);
      const low = comparable(literalFor(access, filter.low));
      const high = comparable(literalFor(access, filter.high));
      return (item) => {
        const value = comparable(access.read(item));
        const isInside = value !== null && low !== null && high !== null && value >= low && value <= high;
        return isInside !== filter.isNegated;
      };
    }
  }
}

/** A chain such as `a or b or c …` hangs to the left, thousands deep: it is unrolled, so that no stack grows with it. */
function compileChain<T>(
  filter: Filter & { readonly kind: 'and' | 'or' },
  resolve: PropertyResolver<T>,
  questions: RowQuestions<T> | undefined,
): Test<T> {
  const tests: Test<T>[] = [];
  let rest: Filter = filter;
  while (rest.kind === filter.kind) {
    tests.push(compileFilter(rest.right, resolve, questions));
    rest = rest.left;
  }
  tests.push(compileFilter(rest, resolve, questions));
  tests.reverse();
  return filter.kind === 'and' ? (item) => tests.every((test) => test(item)) : (item) => tests.some((test) => test(item));
}

function compileComparison<T>(filter: Filter & { readonly kind: 'compare' }, resolve: PropertyResolver<T>): Test<T> {
  const left = compileOperand(filter.left, resolve);
  const right = compileOperand(filter.right, resolve);
  const typeOf = (operand: CompiledOperand<T>) => operand.access?.edmType ?? null;
  const type = typeOf(left) ?? typeOf(right);
  if (type === null) throw badQuery('A comparison in $filter needs a property on one side.');
  if (typeOf(left) !== null && typeOf(right) !== null && typeOf(left) !== typeOf(right)) {
    throw incompatible(String(typeOf(left)), String(typeOf(right)), filter.operator);
  }
  const readLeft = reader(left, type, filter.operator);
  const readRight = reader(right, type, filter.operator);
  return (item) => compare(filter.operator, readLeft(item), readRight(item));
}

interface CompiledOperand<T> {
  readonly access: PropertyAccess<T> | null;
  readonly literal: Literal | null;
}

function compileOperand<T>(operand: Operand, resolve: PropertyResolver<T>): CompiledOperand<T> {
  return operand.kind === 'property' ? { access: resolve(operand.path), literal: null } : { access: null, literal: operand.literal };
}

function reader<T>({ access, literal }: CompiledOperand<T>, type: EdmType, operator: ComparisonOperator): (item: T) => Primitive {
  if (access !== null) return (item) => comparable(access.read(item));
  const value = literal === null ? null : comparable(convertLiteral(literal, type, operator));
  return () => value;
}

/** `ne` also finds the rows that have no value; an order with nothing finds none. */
function compare(operator: ComparisonOperator, left: Primitive, right: Primitive): boolean {
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (left === null || right === null) return false;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  return operator === 'lt' ? left < right : left <= right;
}

/** Values of one type, in the form in which they compare. */
function comparable(value: Primitive): Primitive {
  return typeof value === 'string' ? fold(value) : value;
}

function convertLiteral(literal: Literal, type: EdmType, operator: ComparisonOperator): Primitive {
  const fail = () => incompatible(type, edmTypeOf(literal), operator);
  if (literal.type === 'null') return null;
  switch (type) {
    case 'Edm.String':
      if (literal.type === 'string') return literal.value;
      throw fail();
    case 'Edm.Guid': {
      const guid = literal.type === 'guid' || literal.type === 'string' ? parseGuid(literal.value) : null;
      if (guid === null) throw fail();
      return guid;
    }
    case 'Edm.Boolean':
      if (literal.type === 'boolean') return literal.value;
      throw fail();
    case 'Edm.Date':
      if (literal.type === 'date') return literal.value;
      throw fail();
    case 'Edm.DateTimeOffset':
      if (literal.type !== 'datetime' && literal.type !== 'date') throw fail();
      return formatMoment(momentOf(literal.value));
    case 'Edm.Int32':
    case 'Edm.Int64':
    case 'Edm.Decimal':
      if (literal.type === 'number') return literal.value;
      throw fail();
  }
}

function momentOf(text: string): number {
  const epochMs = parseMomentMs(text);
  if (epochMs === null) throw badQuery(`Unrecognized 'Edm.DateTimeOffset' literal '${text}'.`);
  return epochMs;
}

/** In and Between give every value as text, whatever the column's type. */
function literalFor<T>(access: PropertyAccess<T>, text: string): Primitive {
  const bad = () => badQuery(`Cannot convert the value '${text}' to the expected type '${access.edmType}'.`);
  switch (access.edmType) {
    case 'Edm.String':
      return text;
    case 'Edm.Boolean':
      return text === 'true' || text === '1';
    case 'Edm.Guid': {
      const guid = parseGuid(text);
      if (guid === null) throw bad();
      return guid;
    }
    case 'Edm.Date':
    case 'Edm.DateTimeOffset': {
      const epochMs = parseMomentMs(text);
      if (epochMs === null) throw bad();
      return access.edmType === 'Edm.Date' ? formatMoment(epochMs).slice(0, 10) : formatMoment(epochMs);
    }
    case 'Edm.Int32':
    case 'Edm.Int64':
    case 'Edm.Decimal': {
      const number = Number(text);
      if (text.trim() === '' || Number.isNaN(number)) throw bad();
      return number;
    }
  }
}

function compileText<T>(filter: Filter & { readonly kind: 'text' }, resolve: PropertyResolver<T>): Test<T> {
  const access = resolve(filter.path);
  if (access.edmType !== 'Edm.String') {
    throw badQuery(`No function signature for the function with name '${filter.name}' matches the specified arguments.`);
  }
  const pattern = likePattern(wildcarded(filter.name, fold(filter.pattern)));
  return (item) => {
    const value = access.read(item);
    return typeof value === 'string' && pattern.test(fold(value));
  };
}

function wildcarded(name: TextFunction, text: string): string {
  if (name === 'like') return text;
  if (name === 'contains') return `%${text}%`;
  return name === 'startswith' ? `${text}%` : `%${text}`;
}

function edmTypeOf(literal: Literal): string {
  const types = {
    string: 'Edm.String',
    guid: 'Edm.Guid',
    datetime: 'Edm.DateTimeOffset',
    date: 'Edm.Date',
    number: 'Edm.Int32',
    boolean: 'Edm.Boolean',
    null: '<null>',
  };
  return types[literal.type];
}

const operatorNames: Readonly<Record<ComparisonOperator, string>> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
};

function incompatible(left: string, right: string, operator: ComparisonOperator): Error {
  return badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operatorNames[operator]}'.`,
  );
}
