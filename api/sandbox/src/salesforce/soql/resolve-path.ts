import type { Field, FieldValue } from '../data/field.ts';
import { type ObjectDefinition, findObject } from '../data/objects.ts';
import type { Org } from '../data/org.ts';
import { type SObject, valueOf } from '../data/sobject.ts';
import { SalesforceError, errors } from '../errors.ts';

/**
 * Child to parent, at most five steps.
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_relationships_query_limits.htm
 */
const relationshipLimit = 5;

export interface Step {
  readonly relationshipName: string;
  readonly idField: string;
  readonly object: string;
}

/** A field of a record, or of one that it refers to: `Name`, `Account.Owner.Name`. */
export interface ResolvedPath {
  readonly steps: readonly Step[];
  readonly field: Field;
  readonly object: ObjectDefinition;
  /** As the CSV's header has it. */
  readonly name: string;
}

const stepFrom = (object: ObjectDefinition, name: string): Step => {
  const found = object.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase());
  if (!found?.relationshipName || !found.referenceTo) {
    throw new SalesforceError(
      400,
      'INVALID_FIELD',
      `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`,
    );
  }
  return { relationshipName: found.relationshipName, idField: found.name, object: found.referenceTo };
};

/** Throws INVALID_FIELD when there is no such field. */
export const resolvePath = (from: ObjectDefinition, path: string): ResolvedPath => {
  const names = path.split('.');
  // `SELECT Account.Name FROM Account` names the object itself.
  if (
    names.length > 1 &&
    names[0]?.toLowerCase() === from.name.toLowerCase() &&
    !from.fields.some((field) => field.relationshipName === from.name)
  )
    names.shift();
  const fieldName = names.pop() ?? '';
  if (names.length > relationshipLimit) throw errors.malformedQuery('Only 5 levels of relationships are allowed');
  let object = from;
  const steps = names.map((name) => {
    const step = stepFrom(object, name);
    object = findObject(step.object) ?? object;
    return step;
  });
  const field = object.fieldByName.get(fieldName.toLowerCase());
  if (!field) throw errors.noSuchColumn(fieldName, object.name);
  return { steps, field, object, name: [...steps.map((step) => step.relationshipName), field.name].join('.') };
};

/** The record that the path's field is on; undefined when a reference on the way is empty. */
export const recordAt = (org: Org, record: SObject, steps: readonly Step[]): SObject | undefined => {
  let current: SObject | undefined = record;
  for (const step of steps) {
    const id: FieldValue = valueOf(current, step.idField);
    current = typeof id === 'string' ? org.get(step.object, id) : undefined;
    if (!current) return undefined;
  }
  return current;
};
