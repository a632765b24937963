import { type Field, type FieldValue } from '../data/field.ts';
import { type ObjectDefinition } from '../data/objects.ts';
import { type Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { type ResolvedPath } from './resolve-path.ts';

export type Json = FieldValue | { readonly [name: string]: Json };

/** `2026-01-02T03:04:05.000+0000`: no colon in the offset, which strict readers of ISO 8601 refuse. */
export const jsonTime = (at: string): string => at.replace(/Z$/, '+0000');

const addressParts = ['Street', 'City', 'State', 'PostalCode', 'Country'] as const;

/** A compound address; null when all its parts are. */
const addressJson = (record: SObject, prefix: string): Json => {
  const parts = addressParts.map((part) => [part.charAt(0).toLowerCase() + part.slice(1), valueOf(record, prefix + part)] as const);
  if (parts.every(([, value]) => value === null)) return null;
  return { ...Object.fromEntries(parts), geocodeAccuracy: null, latitude: null, longitude: null };
};

export const fieldJson = (record: SObject, field: Field): Json => {
  if (field.partsPrefix !== undefined) return addressJson(record, field.partsPrefix);
  const value = valueOf(record, field.name);
  return field.type === 'datetime' && typeof value === 'string' ? jsonTime(value) : value;
};

const attributesOf = (version: string, object: string, id: string): Json => ({
  type: object,
  url: `/services/data/v${version}/sobjects/${object}/${id}`,
});

interface RecordJsonOptions {
  readonly org: Org;
  readonly version: string;
  readonly object: ObjectDefinition;
  readonly columns: readonly ResolvedPath[];
}

/** A record with the asked-for fields, those of its parents nested. */
export const recordJson = ({ org, version, object, columns }: RecordJsonOptions, record: SObject): Json => {
  const json: Record<string, Json> = { attributes: attributesOf(version, object.name, record.Id) };
  const nested = new Map<string, ResolvedPath[]>();
  for (const column of columns) {
    const [step, ...rest] = column.steps;
    if (!step) json[column.field.name] = fieldJson(record, column.field);
    else nested.set(step.relationshipName, [...(nested.get(step.relationshipName) ?? []), { ...column, steps: rest }]);
  }
  for (const [relationshipName, inner] of nested) {
    const step = columns.flatMap((column) => column.steps.slice(0, 1)).find((each) => each.relationshipName === relationshipName);
    const id = step ? valueOf(record, step.idField) : null;
    const parent = step && typeof id === 'string' ? org.get(step.object, id) : undefined;
    json[relationshipName] =
      parent && step ? recordJson({ org, version, object: { ...object, name: step.object }, columns: inner }, parent) : null;
  }
  return json;
};
