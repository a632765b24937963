import { Ajv, type Options } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { namedSchemas } from './references.ts';

const strict: Options = { allErrors: false, coerceTypes: false, removeAdditional: false, useDefaults: true, strict: false };

/**
 * Addresses hold text, so `limit=10` becomes a number there. A body says what it means: `"isDryRun": "false"` is refused rather than
 * guessed at, and so is an unknown field, which Fastify would drop without a word.
 */
export const createValidatorCompiler = (): FastifySchemaCompiler<TSchema> => {
  const schemas = [...namedSchemas()];
  const ofBodies = new Ajv({ ...strict, schemas });
  const ofAddresses = new Ajv({ ...strict, coerceTypes: true, schemas });
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofBodies : ofAddresses).compile(schema);
};
