import type * as AjvLibrary from 'ajv';
import type { ErrorObject, KeywordDefinition, ValidateFunction } from 'ajv';
import { loadWhenNeeded } from '../load-when-needed.ts';
import { didYouMean } from './did-you-mean.ts';
import type { YamlPath } from './source-lines.ts';

const library = loadWhenNeeded<typeof AjvLibrary>('ajv');

/** Something that a schema, or a check beyond it, does not accept, and where. */
export interface YamlProblem {
  readonly path: YamlPath;
  readonly problem: string;
}

const pathOf = (error: ErrorObject): YamlPath =>
  error.instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping (name: value)',
  array: 'a list',
};

const known = (names: readonly unknown[]): string => names.map(String).join(', ');

const unknownName = (name: string, names: readonly string[]): string =>
  names.length === 0
    ? `“${name}” is not a name that can stand here`
    : `“${name}” is not known here${didYouMean(name, names)}; known are ${known(names)}`;

const oneOf = (values: readonly unknown[], written: unknown): string =>
  `one of ${known(values)} is expected${typeof written === 'string' ? didYouMean(written, values.map(String)) : ''}`;

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** `kind` values that a schema of alternatives offers. */
const kindsOf = (schema: Readonly<Record<string, unknown>>): readonly unknown[] =>
  Array.isArray(schema.oneOf) ? schema.oneOf.map((option) => asRecord(asRecord(asRecord(option).properties).kind).const) : [];

const sayWhy = (error: ErrorObject): string => {
  const schema = asRecord(error.parentSchema);
  const params = asRecord(error.params);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownName(String(params.additionalProperty), Object.keys(asRecord(schema.properties)));
    case 'required':
      return `“${String(params.missingProperty)}” is missing`;
    case 'type':
      return `${typeNames[String(params.type)] ?? String(params.type)} is expected`;
    case 'enum':
      return oneOf(Array.isArray(params.allowedValues) ? params.allowedValues : [], error.data);
    case 'const':
      return `“${String(params.allowedValue)}” is expected`;
    case 'discriminator':
      return `“kind” must be one of ${known(kindsOf(schema))}${didYouMean(String(params.tagValue), kindsOf(schema).map(String))}`;
    case 'pattern':
      return `this does not fit. ${typeof schema.description === 'string' ? schema.description : `It must match ${String(params.pattern)}`}`;
    case 'minProperties':
      return 'at least one entry is needed';
    case 'x-expression':
      return error.message ?? 'this cannot be understood';
    default:
      return error.message ?? error.keyword;
  }
};

const locate = (error: ErrorObject): YamlProblem => {
  const path = pathOf(error);
  const extra = error.keyword === 'additionalProperties' ? String(asRecord(error.params).additionalProperty) : null;
  return { path: extra === null ? path : [...path, extra], problem: sayWhy(error) };
};

/**
 * Where several shapes are allowed, ajv reports what is wrong with each of them. Of those only what is said about the shape that was
 * meant helps: errors deeper in the value, or at least not about its type.
 */
const isNoise = (error: ErrorObject, all: readonly ErrorObject[]): boolean => {
  if (error.keyword === 'anyOf') return all.some((other) => other !== error && other.instancePath.startsWith(error.instancePath));
  if (error.keyword !== 'type' || !error.schemaPath.includes('anyOf')) return false;
  return all.some(
    (other) =>
      other.keyword !== 'anyOf' &&
      other.keyword !== 'type' &&
      other.schemaPath.includes('anyOf') &&
      other.instancePath.startsWith(error.instancePath),
  );
};

const sayAll = (errors: readonly ErrorObject[]): readonly YamlProblem[] => {
  const byPlace = new Map<string, YamlProblem>();
  for (const error of errors.filter((one) => !isNoise(one, errors))) {
    const found = locate(error);
    const key = JSON.stringify(found.path);
    const before = byPlace.get(key);
    if (before === undefined) byPlace.set(key, found);
    else if (before.problem !== found.problem) byPlace.set(key, { ...found, problem: `${before.problem}; or ${found.problem}` });
  }
  return [...byPlace.values()];
};

export type ShapeCheck<Value> = { readonly value: Value } | { readonly problems: readonly YamlProblem[] };

const compile = <Value>(schema: object, keywords: readonly KeywordDefinition[]): ValidateFunction<Value> => {
  const { Ajv } = library();
  const ajv = new Ajv({
    // Written out and optimised, the check of a manifest takes 90 MB of memory to make; so it takes 38, and is as fast as a start needs.
    code: { optimize: false },
    inlineRefs: false,
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    // That ours is a schema is seen once, by a test, and not at every start.
    validateSchema: false,
  });
  for (const keyword of keywords) ajv.addKeyword(keyword);
  return ajv.compile<Value>(schema);
};

/**
 * Says in plain words all that a JSON Schema has against a value. The schema is compiled with the first value, so that a process which
 * checks none (`crm-sync --help`) does not pay for it. `keywords` are checks of the schema's own.
 */
export const compileShapeCheck = <Value>(
  schemaOf: () => object,
  keywords: readonly KeywordDefinition[] = [],
): ((value: unknown) => ShapeCheck<Value>) => {
  let validate: ValidateFunction<Value> | undefined;
  return (value) => {
    validate ??= compile<Value>(schemaOf(), keywords);
    return validate(value) ? { value } : { problems: sayAll(validate.errors ?? []) };
  };
};
