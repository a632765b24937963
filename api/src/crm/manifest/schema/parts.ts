import Type, { type Static, type TSchema } from 'typebox';
import { durationPattern } from '../../value/duration.ts';

/**
 * Texts that have a grammar of their own. The schema names it under `x-expression`; our validator has that keyword and
 * compiles the text, so that an error in it is reported like any other, with its line. Editors ignore the keyword.
 */
export type ExpressionKind =
  | 'path'
  | 'condition'
  | 'template'
  | 'pathTemplate'
  | 'urlTemplate'
  | 'headerTemplate'
  | 'dateFormat'
  | 'timezone'
  | 'regex'
  | 'signedText'
  | 'transform';

const expression = (kind: ExpressionKind, description: string) =>
  Type.String({ minLength: 1, maxLength: 2000, 'x-expression': kind, description });

export const path = (description: string) => expression('path', description);
export const condition = (description: string) => expression('condition', description);
export const template = (description: string) => expression('template', description);
export const pathTemplate = (description: string) => expression('pathTemplate', description);
export const urlTemplate = (description: string) => expression('urlTemplate', description);
export const headerTemplate = (description: string) => expression('headerTemplate', description);
export const dateFormat = (description: string) => expression('dateFormat', description);
export const timezone = (description: string) => expression('timezone', description);
export const regex = (description: string) => expression('regex', description);
export const signedText = (description: string) => expression('signedText', description);

export const duration = (description: string) =>
  Type.String({ pattern: durationPattern, description: `${description} For example 500ms, 30s, 5m, 1h.` });

export const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });

export const choice = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });

/** A mapping with these keys and no others. */
export const mapping = <Properties extends Record<string, TSchema>>(properties: Properties, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

export const listOrOne = <Element extends TSchema>(element: Element, description: string) =>
  Type.Union([element, Type.Array(element, { minItems: 1, maxItems: 20 })], { description });

export const httpStatus = Type.Integer({ minimum: 100, maximum: 599 });

/** Alternatives told apart by `kind`. Later versions add kinds; none is ever changed. */
export const byKind = <const Kinds extends readonly TSchema[]>(kinds: Kinds, description: string) =>
  Type.Unsafe<Static<Kinds[number]>>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [...kinds],
    description,
  });

export const kind = <const Name extends string>(name: Name) => Type.Literal(name);

/** A schema that is used in several places: written once in the file for editors, under its name. */
export const named = <Schema extends TSchema>(title: string, schema: Schema): Schema => ({ ...schema, title });
