import type { FuncKeywordDefinition, SchemaValidateFunction } from 'ajv';
import { compileCondition, compilePath } from '../expression/compile.ts';
import { compileHeaderTemplate, compilePathTemplate, compileTextTemplate, compileUrlTemplate } from '../expression/slots.ts';
import { compileDatePattern } from '../value/date-pattern.ts';
import { simpleInstantFormats } from '../value/instant.ts';
import { isTimeZone } from '../value/time-zone.ts';
import { compileQuotaPattern } from '../http/quota.ts';
import { compileTransform } from '../value/transforms/registry.ts';
import { compileSignedText } from '../webhook/signed-text.ts';
import type { ExpressionKind } from './schema/parts.ts';

const simpleFormats = new Set<string>(simpleInstantFormats);

/** Only what runs in linear time may be taken from a file: a nested repetition can make a regular expression run for ever. */
const checkRegex = (text: string): void => {
  new RegExp(text, 'u');
  if (/[*+}]\)[*+{]/.test(text)) throw new RangeError('a repetition inside a repetition is not allowed');
};

const compilers: Readonly<Record<ExpressionKind, (value: unknown) => unknown>> = {
  path: (value) => compilePath(String(value)),
  condition: (value) => compileCondition(String(value)),
  template: (value) => compileTextTemplate(String(value)),
  pathTemplate: (value) => compilePathTemplate(String(value)),
  urlTemplate: (value) => compileUrlTemplate(String(value)),
  headerTemplate: (value) => compileHeaderTemplate(String(value)),
  dateFormat: (value) => simpleFormats.has(String(value)) || compileDatePattern(String(value)),
  timezone: (value) => {
    if (!isTimeZone(String(value))) throw new RangeError(`“${String(value)}” is no time zone; they look like Europe/Vienna`);
  },
  regex: (value) => checkRegex(String(value)),
  signedText: (value) => compileSignedText(String(value)),
  transform: (value) => compileTransform(value),
  quotaPattern: (value) => compileQuotaPattern(String(value)),
};

const validate: SchemaValidateFunction = (kind: ExpressionKind, value: unknown) => {
  // A value of the wrong type is reported by `type` beside this keyword.
  if (typeof value !== 'string' && kind !== 'transform') return true;
  try {
    compilers[kind](value);
    return true;
  } catch (error) {
    validate.errors = [{ keyword: 'x-expression', message: error instanceof Error ? error.message : String(error), params: {} }];
    return false;
  }
};

/** Compiles the texts that have a grammar of their own, so that their errors come with a path like all others. */
export const expressionKeyword: FuncKeywordDefinition = { keyword: 'x-expression', schemaType: 'string', errors: true, validate };
