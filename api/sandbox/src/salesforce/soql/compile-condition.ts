import type { Field, FieldValue } from '../data/field.ts';
import { idOf } from '../data/ids.ts';
import type { ObjectDefinition } from '../data/objects.ts';
import type { Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { type SalesforceError, errors } from '../errors.ts';
import { recordAt, resolvePath } from './resolve-path.ts';
import type { Comparison, Condition, Literal } from './syntax.ts';

type Test = (record: SObject) => boolean;

const mustBe = (field: Field, type: string, quotes: string): SalesforceError =>
  errors.invalidField(
    `value of filter criterion for field '${field.name}' must be of type ${type} and should ${quotes}be enclosed in quotes`,
  );

/** The literal as the field's values are stored and compared. Text is compared without case. */
const operandOf = (field: Field, { kind, text }: Literal): FieldValue => {
  if (kind === 'null') return null;
  switch (field.type) {
    case 'datetime':
      if (kind !== 'datetime') throw mustBe(field, 'dateTime', 'not ');
      return new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')).toISOString();
    case 'date':
      if (kind !== 'date') throw mustBe(field, 'date', 'not ');
      return text;
    case 'boolean':
      if (kind !== 'boolean') throw mustBe(field, 'boolean', 'not ');
      return text === 'true';
    case 'int':
    case 'currency':
      if (kind !== 'number') throw mustBe(field, field.type === 'int' ? 'int' : 'double', 'not ');
      return Number(text);
    case 'id':
    case 'reference': {
      if (kind !== 'string') throw mustBe(field, 'ID', '');
      const id = text === '' ? null : idOf(text);
      if (id === undefined) throw errors.invalidField(`invalid ID field: ${text}`);
      return id;
    }
    case 'address':
      throw errors.invalidField(`field '${field.name}' can not be filtered in a query call`);
    default:
      if (kind !== 'string') throw mustBe(field, 'string', '');
      return text === '' ? null : text.toLowerCase();
  }
};

const isText = (field: Field): boolean => !['id', 'reference', 'datetime', 'date', 'boolean', 'int', 'currency'].includes(field.type);

/** `%` any letters, `_` one, a backslash before them takes their meaning away. */
const likePattern = (field: Field, literal: Literal | undefined): RegExp => {
  if (!isText(field)) throw errors.invalidField(`invalid operator on field '${field.name}'`);
  if (literal?.kind !== 'string') throw mustBe(field, 'string', '');
  const source = literal.text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '[\\s\\S]*')
    .replaceAll('_', '[\\s\\S]');
  return new RegExp(`^${source}$`, 'i');
};

const isBefore = (left: FieldValue, right: FieldValue): boolean => left !== null && right !== null && left < right;

const compare = (comparison: Comparison, value: FieldValue, operands: readonly FieldValue[]): boolean => {
  const [operand = null] = operands;
  switch (comparison) {
    case '=':
      return value === operand;
    case '!=':
      return value !== operand;
    case '<':
      return isBefore(value, operand);
    case '>':
      return isBefore(operand, value);
    case '<=':
      return isBefore(value, operand) || (value !== null && value === operand);
    case '>=':
      return isBefore(operand, value) || (value !== null && value === operand);
    case 'NOT IN':
      return !operands.includes(value);
    default:
      return operands.includes(value);
  }
};

const compileComparison = (org: Org, object: ObjectDefinition, written: Extract<Condition, { readonly kind: 'compare' }>): Test => {
  const { steps, field } = resolvePath(object, written.path);
  const valueIn = (record: SObject): FieldValue => {
    const owner = recordAt(org, record, steps);
    return owner ? valueOf(owner, field.name) : null;
  };
  if (written.comparison === 'LIKE') {
    const pattern = likePattern(field, written.literals[0]);
    return (record) => {
      const value = valueIn(record);
      return typeof value === 'string' && pattern.test(value);
    };
  }
  const operands = written.literals.map((literal) => operandOf(field, literal));
  const folds = isText(field);
  return (record) => {
    const value = valueIn(record);
    return compare(written.comparison, folds && typeof value === 'string' ? value.toLowerCase() : value, operands);
  };
};

/** Turns a condition into a test of one record. Throws INVALID_FIELD for unknown fields and for literals of the wrong kind. */
export const compileCondition = (org: Org, object: ObjectDefinition, condition: Condition): Test => {
  if (condition.kind === 'compare') return compileComparison(org, object, condition);
  if (condition.kind === 'not') {
    const test = compileCondition(org, object, condition.part);
    return (record) => !test(record);
  }
  const tests = condition.parts.map((part) => compileCondition(org, object, part));
  return condition.kind === 'and' ? (record) => tests.every((test) => test(record)) : (record) => tests.some((test) => test(record));
};
