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
  | 'transform'
  | 'quotaPattern';

/** The first example is the one that the reference shows. */
const expression = (kind: ExpressionKind, description: string, examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength: 4000, 'x-expression': kind, description, examples: [...examples] });

const expressionOf =
  (kind: ExpressionKind, ...usual: readonly string[]) =>
  (description: string, ...examples: readonly string[]) =>
    expression(kind, description, examples.length > 0 ? examples : usual);

export const path = expressionOf('path', 'data.items');
export const condition = expressionOf('condition', 'deleted_at != null');
export const template = expressionOf('template', '{{settings.userName}}');
export const pathTemplate = expressionOf('pathTemplate', '/people/{{id}}');
export const urlTemplate = expressionOf('urlTemplate', '{{settings.address}}/api/v1');
export const headerTemplate = expressionOf('headerTemplate', '{{settings.apiKey}}');
export const dateFormat = expressionOf('dateFormat', 'iso', 'yyyy-MM-dd HH:mm:ss');
export const timezone = expressionOf('timezone', 'Europe/Vienna');
export const regex = expressionOf('regex', '[a-z0-9-]+');
export const signedText = expressionOf('signedText', '{{timestamp}}.{{body}}');
export const quotaPattern = expressionOf('quotaPattern', '{remaining}', 'api-usage={used}/{limit}');

export const duration = (description: string, example = '30s') =>
  Type.String({ pattern: durationPattern, description: `${description} For example 500ms, 30s, 5m, 1h, 7d.`, examples: [example] });

export const text = (description: string, ...examples: readonly string[]) =>
  Type.String({ minLength: 1, maxLength: 500, description, ...(examples.length === 0 ? {} : { examples: [...examples] }) });

export const flag = (description: string) => Type.Boolean({ description });

export const count = (description: string, limits: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  Type.Integer({ minimum: 1, ...limits, description });

export const choice = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });

/** A mapping with these keys and no others. */
export const mapping = <Properties extends Record<string, TSchema>>(properties: Properties, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });

export const listOrOne = <Element extends TSchema>(element: Element, description: string) =>
  Type.Union([element, Type.Array(element, { minItems: 1, maxItems: 20 })], { description });

export const listOf = <Element extends TSchema>(element: Element, description: string, maxItems = 20) =>
  Type.Array(element, { minItems: 1, maxItems, description });

export const httpStatus = Type.Integer({ minimum: 100, maximum: 599, description: 'HTTP status.' });

/** Something that an answer says in its body, or in a header. */
export const inAnswer = (description: string, example: string) =>
  Type.Union([path(description, example), mapping({ header: text('Name of a header of the answer.', 'X-Total-Count') }, 'In a header.')], {
    description: `${description} A path into the body, or {header: name}.`,
  });

/** Alternatives told apart by `kind`. Later versions add kinds; none is ever changed. */
export const byKind = <const Kinds extends readonly TSchema[]>(kinds: Kinds, description: string) =>
  Type.Unsafe<Static<Kinds[number]>>({
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: [...kinds],
    description,
  });

export const kind = <const Name extends string>(name: Name) => Type.Literal(name, { description: `The kind: ${name}.` });

/** A schema that is used in several places: written once in the file for editors, under its name. */
export const named = <Schema extends TSchema>(title: string, schema: Schema): Schema => ({ ...schema, title });

export const operationNames = [
  'list',
  'changes',
  'deletes',
  'sweep',
  'get',
  'getMany',
  'parents',
  'probe',
  'discover',
  'count',
  'bulk',
  'describe',
  'search',
  'webhooks',
] as const;
export type OperationName = (typeof operationNames)[number];
export const operations = (description: string) =>
  Type.Array(choice(operationNames, 'One kind of request.'), { minItems: 1, maxItems: operationNames.length, description });
