import Type, { type Static } from 'typebox';
import {
  byKind,
  choice,
  condition,
  count,
  flag,
  httpStatus,
  inAnswer,
  kind,
  listOf,
  mapping,
  named,
  path,
  pathTemplate,
  template,
  text,
} from './parts.ts';
import { requestFields } from './request.ts';

const place = Type.Optional(choice(['query', 'body'], 'Where these parameters go; query when left out. In a body, a.b is b inside of a.'));
const sizeFields = {
  sizeParam: Type.Optional(text('The parameter that asks for a page size.', 'per_page')),
  size: Type.Optional(count('Page size to ask for. The CRM may give less; that is noticed.', { maximum: 50_000 })),
};
const maxPages = Type.Optional(count('Stop with an error after so many pages; 100,000 when left out.'));

const End = named(
  'End',
  mapping(
    {
      totalPages: Type.Optional(inAnswer('Where the answer says how many pages there are.', 'meta.total_pages')),
      total: Type.Optional(inAnswer('Where the answer says how many records there are.', 'meta.total')),
      remaining: Type.Optional(
        inAnswer('Where the answer says how many records there are from this page on; needs `size`. For keyset paging.', 'count'),
      ),
      when: Type.Optional(condition('What holds of the last page.', 'has_more == false')),
      shortPage: Type.Optional(flag('A page with fewer records than asked for is the last. Only if the CRM never cuts pages.')),
      status: Type.Optional(listOf(httpStatus, 'HTTP statuses that mean “no such page”, after the first page.')),
    },
    'How the last page is known. An empty page ends a list when nothing else is said.',
  ),
);
const end = Type.Optional(End);
const param = (description: string, example: string) =>
  Type.Optional(text(`${description} Left out where the request itself says {{page.at}}.`, example));
const common = { in: place, ...sizeFields, end, maxPages };

const Teardown = mapping(
  {
    ...requestFields,
    method: choice(['GET', 'POST', 'DELETE'], 'How it is asked.'),
    path: pathTemplate('Goes behind baseUrl. The last cursor is {{page.at}}.', '/scroll/{{page.at}}'),
  },
  'Sent when the list has been read, or given up, so that the CRM can forget the cursor.',
);

const Keyset = mapping(
  {
    kind: kind('keyset'),
    by: choice(
      ['id', 'modified', 'modifiedThenId'],
      'What the CRM sorts by, ascending. id: the request asks for ids after {{last.id}}. modified: for times from {{last.modified | iso}} on. modifiedThenId: for both.',
    ),
    key: Type.Optional(path('Where a record holds what {{last.id}} is, when that is not its id.', 'sys_id')),
    numeric: Type.Optional(flag('Ids are compared as numbers, so that a list that does not go on is noticed at once.')),
    ties: Type.Optional(
      mapping(
        {
          param: Type.Optional(text('A parameter that leaves out so many records, used among those of one time.', 'offset')),
          maxSize: Type.Optional(count('The largest page the CRM gives; used while a page holds only one time.', { maximum: 50_000 })),
          readAll: Type.Optional(
            flag(
              'Of changes: where no page gets past them, `list` is read instead from here on, and older records are left out. Slow, but whole.',
            ),
          ),
        },
        'by modified: how to get past more records of one time than a page holds. Without it such a list stops with an error, never skips.',
      ),
    ),
    ...common,
  },
  'Each page begins behind the last record of the one before. Records that come and go meanwhile shift nothing.',
);

export const Page = named(
  'Page',
  byKind(
    [
      mapping({ kind: kind('none') }, 'Everything comes in one answer.'),
      mapping(
        {
          kind: kind('page'),
          param: param('The parameter for the page number.', 'page'),
          start: Type.Optional(Type.Integer({ description: 'Number of the first page; 1 when left out.' })),
          ...common,
        },
        'Pages have numbers.',
      ),
      mapping(
        {
          kind: kind('offset'),
          param: param('The parameter for the number of records to leave out.', 'offset'),
          start: Type.Optional(Type.Integer({ description: 'Offset of the first page; 0 when left out.' })),
          ...common,
        },
        'Pages begin at a record. It goes on by as many as came, not by as many as were asked for.',
      ),
      mapping(
        {
          kind: kind('cursor'),
          param: param('The parameter for the cursor.', 'after'),
          from: inAnswer('Where the answer holds the next cursor; none, or an empty one, ends the list.', 'paging.next.after'),
          first: Type.Optional(
            Type.Record(Type.String({ minLength: 1 }), Type.Union([template('Its value.', '{{from | epochSeconds}}'), Type.Number()]), {
              description: 'Parameters of the first page only, and not where a list begins with a cursor of the last reading.',
              examples: [{ page: 1 }],
            }),
          ),
          fixed: Type.Optional(
            flag(
              'The cursor is the same on every page and the CRM remembers the place (a scroll). An empty page ends it; it cannot be resumed.',
            ),
          ),
          next: Type.Optional(mapping(requestFields, 'How the pages after the first are asked for, where that is another request.')),
          teardown: Type.Optional(Teardown),
          ...common,
        },
        'Each answer holds the key to the next page.',
      ),
      mapping(
        {
          kind: kind('nextLink'),
          from: path('Where the answer holds the address of the next page; none ends the list.', 'links.next', '["@odata.nextLink"]'),
          ...sizeFields,
          end,
          maxPages,
        },
        'Each answer holds the address of the next page.',
      ),
      mapping(
        {
          kind: kind('linkHeader'),
          rel: Type.Optional(text('The link to follow; next when left out.', 'next')),
          ...sizeFields,
          end,
          maxPages,
        },
        'The address of the next page is in the Link header (RFC 8288).',
      ),
      Keyset,
    ],
    'How a list goes on.',
  ),
);

export type PageBody = Static<typeof Page>;
export type EndBody = Static<typeof End>;
export type TeardownBody = Static<typeof Teardown>;
export type KeysetBody = Static<typeof Keyset>;
