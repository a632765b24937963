import { type Static, type TSchema, Unsafe } from 'typebox';
import * as hooks from '../contract/hooks.ts';
import * as schemas from '../contract/schemas.ts';
import * as statement from '../contract/statement.ts';

type NamedSchema = TSchema & { readonly $id: string };

const isNamed = (value: unknown): value is NamedSchema =>
  typeof value === 'object' && value !== null && '$id' in value && typeof value.$id === 'string';

/** A schema of the contract by its name, so that the OpenAPI documents say `Run` wherever a run is meant, and say it once. */
export const named = <Schema extends TSchema>(schema: Schema) => {
  if (!isNamed(schema)) throw new TypeError('A schema without $id cannot be referred to');
  return Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
};

/** A response of a route: JSON of this shape. */
export const answer = <Schema extends TSchema>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** TypeBox writes a map as `patternProperties`, a word that OpenAPI has not; the same is said by `additionalProperties`. */
const withoutPatterns = (schema: unknown): unknown => {
  if (typeof schema !== 'object' || schema === null || !('patternProperties' in schema)) return schema;
  const { patternProperties, ...rest }: { patternProperties: unknown } = schema;
  const patterns: readonly [string, unknown][] = Object.entries(patternProperties ?? {});
  if (patterns.length !== 1 || patterns[0]?.[0] !== '^.*$') throw new TypeError('Only a map of every name can be described');
  return { ...rest, additionalProperties: patterns[0][1] };
};

/** The contract's named schemas, with each other's names in place of copies. */
export const namedSchemas = (): readonly object[] =>
  Object.values({ ...schemas, ...statement, ...hooks })
    .filter(isNamed)
    .map((schema) => {
      const text = JSON.stringify(schema, (key, value: unknown) =>
        key !== '' && isNamed(value) ? { $ref: `${value.$id}#` } : withoutPatterns(value),
      );
      return JSON.parse(text) as object;
    });
