import Type, { type Static } from 'typebox';
import { choice, headerTemplate, mapping, pathTemplate } from './parts.ts';

/** Of a query: text with {{…}}, number or boolean. Which expressions are known depends on the operation. */
const QueryValue = Type.Union([Type.String({ maxLength: 8000, 'x-expression': 'template' }), Type.Number(), Type.Boolean()], {
  description: 'Text with {{…}}, a number, true or false.',
});
const headerName = Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", description: 'Name of a header.' });

export const headers = (description: string) => Type.Record(headerName, headerTemplate('Its value.', 'application/json'), { description });

export const encodings = ['json', 'form', 'xml'] as const;
export const escapes = ['soql', 'odata', 'servicenow', 'phrase'] as const;

export const requestFields = {
  method: Type.Optional(choice(['GET', 'POST'], 'GET when left out. POST only for searches: every request may be repeated.')),
  path: pathTemplate('Goes behind baseUrl.', '/people/{{id}}'),
  query: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), QueryValue, {
      description: 'Query parameters. One that has no value is left out; a list is repeated.',
      examples: [{ updated_since: '{{from | iso}}' }],
    }),
  ),
  headers: Type.Optional(headers('Beside those of `http`. One that has no value is left out.')),
  body: Type.Optional(
    Type.Unknown({
      description: 'What a POST sends: a mapping for json and form, a text for xml. Texts in it may hold {{…}}.',
      examples: [{ filter: { changedAfter: '{{from | epochMs}}' } }],
    }),
  ),
  encoding: Type.Optional(choice(encodings, 'How `body` is written; json when left out.')),
  escape: Type.Optional(
    choice(
      escapes,
      'The query language of texts with {{…}} in the middle: soql puts \\ before quotes, odata doubles them, servicenow refuses ^, phrase (for texts in " of a search box) puts a space in place of " and \\. Without it a value with any sign that could end a literal is refused.',
    ),
  ),
};

export const Request = mapping(requestFields, 'A request.');

export interface RequestBody {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly encoding?: (typeof encodings)[number];
  readonly escape?: (typeof escapes)[number];
}
export type PlainRequestBody = Static<typeof Request>;
