import type { Field, FieldValue } from '../data/field.ts';
import type { Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { type ResolvedPath, type Step, recordAt } from './resolve-path.ts';

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
  readonly objectName: string;
  readonly columns: readonly ResolvedPath[];
}

/** A record with the asked-for fields, those of its parents nested: `Account.Name` is `{"Account": {"Name": …}}`. */
export const recordJson = ({ org, version, objectName, columns }: RecordJsonOptions, record: SObject): Json => {
  const json: Record<string, Json> = { attributes: attributesOf(version, objectName, record.Id) };
  const parents = new Map<string, { readonly step: Step; readonly columns: ResolvedPath[] }>();
  for (const column of columns) {
    const [step, ...steps] = column.steps;
    if (!step) {
      json[column.field.name] = fieldJson(record, column.field);
      continue;
    }
    const parent = parents.get(step.relationshipName) ?? { step, columns: [] };
    parent.columns.push({ ...column, steps });
    parents.set(step.relationshipName, parent);
  }
  for (const { step, columns: inner } of parents.values()) {
    const parent = recordAt(org, record, [step]);
    json[step.relationshipName] = parent ? recordJson({ org, version, objectName: step.object, columns: inner }, parent) : null;
  }
  return json;
};
