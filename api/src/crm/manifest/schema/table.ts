import Type, { type Static } from 'typebox';
import { choice, condition, dateFormat, duration, httpStatus, listOrOne, mapping, named, path, timezone, urlTemplate } from './parts.ts';
import { Page, requestFields } from './request.ts';

const Id = Type.Union(
  [
    path('Where a record holds its id.'),
    mapping(
      {
        path: path('Where a record holds its id.'),
        normalise: choice(['lower', 'upper'], 'For CRMs that write the same id in either case.'),
      },
      'An id and how it is written.',
    ),
  ],
  { description: 'The id of a record.' },
);

const Modified = Type.Union(
  [
    listOrOne(
      path('Where a record holds when it was last changed.'),
      'One path or several: the first that holds something counts. ISO 8601.',
    ),
    mapping(
      {
        path: listOrOne(
          path('Where a record holds when it was last changed.'),
          'One path or several: the first that holds something counts.',
        ),
        format: Type.Optional(
          listOrOne(
            dateFormat('iso, epochSeconds, epochMs, or a pattern of yyyy MM dd HH mm ss SSS XXX.'),
            'How it is written; several are tried in turn. iso when left out.',
          ),
        ),
        timezone: Type.Optional(timezone('The zone of times that come without one, for example Europe/Vienna; UTC when left out.')),
      },
      'When a record was last changed, and how that is written.',
    ),
  ],
  { description: 'When a record was last changed.' },
);

const recordsPath = Type.Optional(path('Where an answer holds the list of records; the whole answer when left out here and above.'));
const page = Type.Optional(Page);

const Get = mapping(
  {
    ...requestFields,
    record: Type.Optional(path('Where the answer holds the record; the whole answer when left out.')),
    missing: Type.Optional(Type.Array(httpStatus, { description: 'Statuses that mean “no such record”; 404 and 410 when left out.' })),
  },
  'Reads one record: {{id}}.',
);
const GetMany = mapping(
  {
    ...requestFields,
    records: recordsPath,
    max: Type.Integer({ minimum: 1, maximum: 10_000, description: 'So many ids in one request.' }),
  },
  'Reads several records at once: {{ids}} or {{ids | join}}.',
);
const List = mapping({ ...requestFields, records: recordsPath, page }, 'Reads all records.');
const Changes = mapping(
  {
    ...requestFields,
    mode: choice(
      ['since', 'window'],
      'since: the CRM takes only a lower bound, {{from | iso}}. window: it takes both, {{from | iso}} and {{to | iso}}, the latter excluded.',
    ),
    records: recordsPath,
    page,
    overlap: Type.Optional(duration('How far before the end of the last one the next window begins; 2m when left out.')),
    lag: Type.Optional(duration('How far behind the CRM’s clock a window ends, because searches lag behind writes; 30s when left out.')),
    granularity: Type.Optional(duration('How exactly the CRM compares times; 1s when left out, 1d when it compares only dates.')),
  },
  'Reads what has changed.',
);

/** Transforms are listed by our own registry, which also gives them their line here. */
const Transform = Type.Unsafe<string | Record<string, unknown>>({
  anyOf: [{ type: 'string' }, { type: 'object', minProperties: 1, maxProperties: 1 }],
  'x-expression': 'transform',
  description: 'The name of a transform, or a mapping of its name to what it takes, for example {join: ", "}.',
});
const logicalName = '^[a-z][a-z0-9_]{0,99}$';
const Column = Type.String({ pattern: logicalName, description: 'Logical name of a Dataverse column.' });

const Lookup = mapping(
  {
    table: Type.String({ pattern: logicalName, description: 'Logical name of the table that the lookup points to.' }),
    by: Type.Optional(
      Type.String({
        pattern: logicalName,
        description: 'The text column of that table that holds the value. Left out: the value is the id of a record of this CRM.',
      }),
    ),
  },
  'For lookups: which row is meant, for example {table: transactioncurrency, by: isocurrencycode}.',
);

const Mapping = mapping(
  {
    to: listOrOne(Column, 'The column, or several that take the elements of a list in turn.'),
    from: Type.Optional(listOrOne(path('Where the record holds the value.'), 'Where the record holds the value; several make a list.')),
    first: Type.Optional(
      Type.Array(path('Where the record holds the value.'), { minItems: 2, description: 'The first of these that holds something.' }),
    ),
    const: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()], { description: 'The same for every record.' })),
    via: Type.Optional(Type.Array(Transform, { minItems: 1, maxItems: 20, description: 'Transforms, applied in turn.' })),
    tooLong: Type.Optional(
      choice(
        ['reject', 'truncate', 'skip'],
        'When the value does not fit: fail the record (the default), cut the value, or leave the column alone.',
      ),
    ),
    whenNull: Type.Optional(
      choice(['clear', 'keep'], 'When the CRM says that the field is empty: empty the column (the default), or leave it alone.'),
    ),
    whenInvalid: Type.Optional(
      choice(
        ['reject', 'skip', 'clear'],
        'When the column cannot take the value (no number, no date, an unknown choice, no row for a lookup): fail the record (the default), leave the column alone, or empty it. Text that is too long has a rule of its own.',
      ),
    ),
    choices: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.String({ minLength: 1 }), Type.Integer(), Type.Boolean()]), {
        minProperties: 1,
        description:
          'For choices and yes/no: what a word of the CRM stands for, a label or a value of the column, for example {key account: Preferred Customer}. Labels and values themselves need no entry.',
      }),
    ),
    epoch: Type.Optional(
      choice(['seconds', 'milliseconds'], 'For dates that the CRM writes as a number: what it counts since 1970. Texts are ISO 8601.'),
    ),
    lookup: Type.Optional(Lookup),
  },
  'How a column is filled. Exactly one of from, first and const.',
);

export const Table = named(
  'Table',
  mapping(
    {
      id: Id,
      modified: Type.Optional(Modified),
      deleted: Type.Optional(condition('Holds of a record that the CRM has deleted, for example deleted_at != null.')),
      skip: Type.Optional(condition('Holds of a record that is to be left out.')),
      parent: Type.Optional(
        mapping(
          { path: path('Where the record holds the id of its parent.'), table: choice(['account'], 'The table of the parent.') },
          'The account of a contact.',
        ),
      ),
      link: Type.Optional(urlTemplate('Where a person opens the record, for example {{settings.address}}/people/{{id}}.')),
      records: recordsPath,
      page,
      get: Type.Optional(Get),
      getMany: Type.Optional(GetMany),
      list: List,
      changes: Type.Optional(Changes),
      map: Type.Array(Mapping, { minItems: 1, description: 'How the columns of the row are filled.' }),
    },
    'How the records of one kind are read. The name of the section is the Dataverse table that they go to.',
  ),
);

export type TableBody = Static<typeof Table>;
export type IdBody = Static<typeof Id>;
export type ModifiedBody = Static<typeof Modified>;
export type MappingBody = Static<typeof Mapping>;
export type GetBody = Static<typeof Get>;
export type GetManyBody = Static<typeof GetMany>;
export type ListBody = Static<typeof List>;
export type ChangesBody = Static<typeof Changes>;
