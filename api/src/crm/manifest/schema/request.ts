import Type, { type Static } from 'typebox';
import { byKind, choice, condition, httpStatus, kind, mapping, named, path, pathTemplate, headerTemplate, text } from './parts.ts';

/** Of a query: text with {{…}}, number or boolean. Which expressions are known depends on the operation. */
const QueryValue = Type.Union([Type.String({ maxLength: 8000, 'x-expression': 'template' }), Type.Number(), Type.Boolean()]);

export const requestFields = {
  method: Type.Optional(choice(['GET', 'POST'], 'GET when left out. POST only for searches: every request may be repeated.')),
  path: pathTemplate('Goes behind baseUrl, for example /people/{{id}}.'),
  query: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), QueryValue, {
      description: 'Query parameters. One that has no value is left out; a list is repeated.',
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), headerTemplate('Its value.'), { description: 'Beside those of `http`.' }),
  ),
  body: Type.Optional(Type.Unknown({ description: 'Sent as JSON; texts in it may hold {{…}}.' })),
};

const place = Type.Optional(choice(['query', 'body'], 'Where these parameters go; query when left out.'));
const sizeFields = {
  sizeParam: Type.Optional(text('The parameter that asks for a page size.')),
  size: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'Page size to ask for. The CRM may give less; that is noticed.' }),
  ),
};
const maxPages = Type.Optional(Type.Integer({ minimum: 1, description: 'Stop with an error after so many pages; 100,000 when left out.' }));

const End = named(
  'End',
  mapping(
    {
      totalPages: Type.Optional(path('Where the answer says how many pages there are.')),
      total: Type.Optional(path('Where the answer says how many records there are.')),
      when: Type.Optional(condition('What holds of the last page, for example has_more == false.')),
      shortPage: Type.Optional(
        Type.Boolean({ description: 'A page with fewer records than asked for is the last. Only if the CRM never cuts pages.' }),
      ),
      status: Type.Optional(
        Type.Array(httpStatus, { minItems: 1, description: 'HTTP statuses that mean “no such page”, after the first page.' }),
      ),
    },
    'How the last page is known. An empty page ends a list when nothing else is said.',
  ),
);
const end = Type.Optional(End);

export const Page = named(
  'Page',
  byKind(
    [
      mapping({ kind: kind('none') }, 'Everything comes in one answer.'),
      mapping(
        {
          kind: kind('page'),
          param: text('The parameter for the page number.'),
          start: Type.Optional(Type.Integer({ description: 'Number of the first page; 1 when left out.' })),
          in: place,
          ...sizeFields,
          end,
          maxPages,
        },
        'Pages have numbers.',
      ),
      mapping(
        {
          kind: kind('offset'),
          param: text('The parameter for the number of records to leave out.'),
          start: Type.Optional(Type.Integer({ description: 'Offset of the first page; 0 when left out.' })),
          in: place,
          ...sizeFields,
          end,
          maxPages,
        },
        'Pages begin at a record. It goes on by as many as came, not by as many as were asked for.',
      ),
      mapping(
        {
          kind: kind('cursor'),
          param: text('The parameter for the cursor.'),
          from: path('Where the answer holds the next cursor; none, or an empty one, ends the list.'),
          in: place,
          ...sizeFields,
          end,
          maxPages,
        },
        'Each answer holds the key to the next page.',
      ),
      mapping(
        {
          kind: kind('nextLink'),
          from: path('Where the answer holds the address of the next page; none ends the list.'),
          ...sizeFields,
          end,
          maxPages,
        },
        'Each answer holds the address of the next page.',
      ),
      mapping(
        { kind: kind('linkHeader'), rel: Type.Optional(text('The link to follow; next when left out.')), ...sizeFields, end, maxPages },
        'The address of the next page is in the Link header (RFC 8288).',
      ),
    ],
    'How a list goes on.',
  ),
);

export type PageBody = Static<typeof Page>;
export type EndBody = Static<typeof End>;
export interface RequestBody {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
