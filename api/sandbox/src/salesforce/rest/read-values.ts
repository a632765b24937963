import type { Field, FieldValue } from '../data/field.ts';
import type { ObjectDefinition } from '../data/objects.ts';
import type { Org, Values } from '../data/org.ts';
import { SalesforceError } from '../errors.ts';

const refuse = (errorCode: string, message: string, ...fields: readonly string[]): SalesforceError =>
  new SalesforceError(400, errorCode, message, fields);

const wrongType = (type: string, value: unknown): SalesforceError =>
  refuse('JSON_PARSER_ERROR', `Cannot deserialize instance of ${type} from VALUE_STRING value ${JSON.stringify(value)}`);

const plainEmail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const textValue = (field: Field, value: unknown): FieldValue => {
  if (typeof value !== 'string') throw wrongType('string', value);
  // Salesforce trims, and holds no empty text.
  const trimmed = value.trim();
  if (trimmed.length > field.length) {
    throw refuse(
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${trimmed.slice(0, 40)} (max length=${field.length})`,
      field.name,
    );
  }
  if (field.type === 'email' && trimmed !== '' && !plainEmail.test(trimmed)) {
    throw refuse('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${trimmed}`, field.name);
  }
  return trimmed === '' ? null : trimmed;
};

const referenceValue = (org: Org, field: Field, value: unknown): FieldValue => {
  if (value === '') return null;
  if (typeof value !== 'string') throw wrongType('id', value);
  const target = org.get(field.referenceTo ?? '', value);
  if (!target) throw refuse('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, field.name);
  if (target.IsDeleted) throw refuse('ENTITY_IS_DELETED', 'entity is deleted', field.name);
  return target.Id;
};

const valueFor = (org: Org, field: Field, value: unknown): FieldValue => {
  if (value === null) return null;
  switch (field.type) {
    case 'reference':
      return referenceValue(org, field, value);
    case 'int':
    case 'currency':
      if (typeof value !== 'number' || (field.type === 'int' && !Number.isInteger(value))) throw wrongType(field.type, value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType('boolean', value);
      return value;
    case 'date':
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) throw wrongType('date', value);
      return value;
    default:
      return textValue(field, value);
  }
};

/** Checks a client's values against the fields, as an insert or an update does. */
export const readValues = (org: Org, object: ObjectDefinition, body: unknown): Values => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refuse('JSON_PARSER_ERROR', 'The HTTP entity body is required');
  const values: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'attributes') continue;
    const field = object.fieldByName.get(name.toLowerCase());
    if (!field) throw refuse('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    if (!field.isWritable) {
      throw refuse(
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        field.name,
      );
    }
    values[field.name] = valueFor(org, field, value);
  }
  return values;
};

export const requireFields = (object: ObjectDefinition, values: Values): void => {
  const missing = object.required.filter((name) => (values[name] ?? null) === null);
  if (missing.length > 0) throw refuse('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, ...missing);
};
