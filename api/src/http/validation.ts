import { Ajv, type Options, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { namedSchemas } from './references.ts';

/** That the schemas are ones is seen once, by a test, and not at every start. */
const strict: Options = {
  allErrors: false,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: true,
  strict: false,
  validateSchema: false,
};

/**
 * Addresses hold text, so `limit=10` becomes a number there. A body says what it means: `"isDryRun": "false"` is refused rather than
 * guessed at, and so is an unknown field, which Fastify would drop without a word. Each check is written with the first request that
 * needs it, as most processes are asked for little of what there is.
 */
export const createValidatorCompiler = (): FastifySchemaCompiler<TSchema> => {
  const schemas = [...namedSchemas()];
  const ofBodies = new Ajv({ ...strict, schemas });
  const ofAddresses = new Ajv({ ...strict, coerceTypes: true, schemas });
  return ({ schema, httpPart }) => {
    let validate: ValidateFunction | undefined;
    return (value) => {
      validate ??= (httpPart === 'body' ? ofBodies : ofAddresses).compile(schema);
      return validate(value) ? true : { error: validate.errors ?? [] };
    };
  };
};
