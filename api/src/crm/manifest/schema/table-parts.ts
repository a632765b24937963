import Type, { type Static } from 'typebox';
import { choice, condition, count, dateFormat, flag, listOf, listOrOne, mapping, named, path, text, timezone } from './parts.ts';
import { requestFields } from './request.ts';

export const normalisations = ['lower', 'upper', 'salesforce18'] as const;
const normalise = Type.Optional(
  choice(normalisations, 'For CRMs that write one id in several ways: in either case, or as Salesforce’s 15 or 18 characters.'),
);

export const Id = named(
  'Id',
  Type.Union(
    [
      path('Where a record holds its id.', 'id'),
      Type.Array(path('Where some records hold their id.', 'contactid'), {
        minItems: 2,
        maxItems: 5,
        description: 'Several paths: the first that holds something counts, for CRMs that name a deleted record otherwise than others.',
        examples: [['contactid', 'id']],
      }),
      mapping({ path: path('Where a record holds its id.', 'id'), normalise }, 'An id and how it is written.'),
      mapping(
        {
          join: listOf(path('One part of the id.', 'parent.id'), 'The parts of an id that is unique only together.', 5),
          with: Type.Optional(
            Type.String({ minLength: 1, maxLength: 3, description: 'What stands between; - when left out.', examples: ['-'] }),
          ),
          normalise,
        },
        'An id that is made of several.',
      ),
    ],
    { description: 'The id of a record: a path, a list of paths, {path, normalise} or {join: [paths]}.' },
  ),
);

const modifiedPath = listOrOne(
  path('Where a record holds when it was last changed.', 'updated_at'),
  'One path or several: the first that holds something counts.',
);
const formats = listOrOne(
  dateFormat(
    'iso, epochSeconds, epochMs, jsonDate (/Date(ms)/), or a pattern of yyyy MM dd HH mm ss SSS XXX.',
    'iso',
    'yyyy-MM-dd HH:mm:ss',
  ),
  'How it is written; several are tried in turn. iso when left out.',
);

/** How an edge of a range in time is written. */
export const sliceFormat = formats;

export const Modified = named(
  'Modified',
  Type.Union(
    [
      modifiedPath,
      mapping(
        {
          path: modifiedPath,
          format: Type.Optional(formats),
          timezone: Type.Optional(timezone('The zone of times that come without one; UTC when left out.')),
        },
        'When a record was last changed, and how that is written.',
      ),
    ],
    {
      description: 'When a record was last changed: a path, a list of paths of which the first that holds something counts, or a mapping.',
    },
  ),
);

export const Records = named(
  'Records',
  Type.Union(
    [
      path('Where an answer holds the list of records.', 'data'),
      mapping(
        {
          path: path('Where an answer holds the list, or the object, of records.', 'data'),
          keyAs: Type.Optional(text('The records are the members of an object: the field that takes each one’s name.', 'id')),
          children: Type.Optional(path('Where each of them holds the list of the records proper.', 'contacts')),
          parentAs: Type.Optional(text('With `children`: the field of a child that takes what holds it, without the children.', 'company')),
        },
        'Records that do not simply stand in a list.',
      ),
    ],
    {
      description:
        'Where answers hold the records: a path ($ for the whole answer), or a mapping for records in objects or inside of others.',
    },
  ),
);

const skipWhen = condition('Holds of a record that is to be left out.', 'type == "internal"');

export const Skip = Type.Union(
  [
    skipWhen,
    mapping(
      { when: skipWhen, unless: text('A setting of type boolean: nothing is left out while it is true.', 'includeStaff') },
      'Left out, unless the admin wants it.',
    ),
  ],
  { description: 'Which records are left out: a condition, or {when, unless} where the admin decides.' },
);

const Lookup = mapping(
  {
    ...requestFields,
    records: Type.Optional(Records),
    key: path('Where an element of the answer holds the value that was asked for.', 'account_number'),
    id: path('Where it holds the id of the parent.', 'id', 'to[?isPrimary == true].toObjectId'),
    max: count('So many values in one request.', { maximum: 10_000 }),
  },
  'Asks the CRM for the parents of a page of records, by {{keys}}: the values at `path`.',
);

export const Parent = mapping(
  {
    path: path(
      'Where the record holds the id of its parent; with `lookup`, what the parent is asked for by (its own id, or a number).',
      'company_id',
    ),
    table: choice(['account'], 'The table of the parent.'),
    lookup: Type.Optional(Lookup),
    otherwise: Type.Optional(path('With `lookup`: where the record holds the id of its parent, when the answer names none.', 'company_id')),
    unless: Type.Optional(condition('Holds of a record that has no parent, whatever it says at `path`.', 'is_person == true')),
  },
  'The account of a contact, or the account above an account.',
);

export const Fields = mapping(
  {
    below: Type.Optional(path('Only fields below this one are asked for, without it in their names.', 'properties')),
    always: Type.Optional(listOf(text('Name of a field.', 'IsDeleted'), 'Further fields.', 200)),
    whole: Type.Optional(flag('Objects are asked for as a whole: Account_Name where Account_Name.id is used.')),
    known: Type.Optional(
      flag(
        'Only those that `describe` names, for CRMs that refuse a request for a field which they do not have or do not show us; it is asked at most once in a quarter of an hour. “Test connection” names the others.',
      ),
    ),
  },
  'What {{fields}} lists: every field that this table uses.',
);

/** Transforms are listed by our own registry, which also gives them their line here. */
const Transform = Type.Unsafe<string | Record<string, unknown>>({
  anyOf: [{ type: 'string' }, { type: 'object', minProperties: 1, maxProperties: 1 }],
  'x-expression': 'transform',
  description: 'The name of a transform, or a mapping of its name to what it takes.',
  examples: ['lower', { join: ', ' }],
});
const logicalName = '^[a-z][a-z0-9_]{0,99}$';
const Column = Type.String({
  pattern: logicalName,
  description: 'Logical name of a Dataverse column.',
  examples: ['emailaddress1'],
});

const RowLookup = mapping(
  {
    table: Type.String({
      pattern: logicalName,
      description: 'Logical name of the table that the lookup points to.',
      examples: ['transactioncurrency'],
    }),
    by: Type.Optional(
      Type.String({
        pattern: logicalName,
        description: 'The text column of that table that holds the value. Left out: the value is the id of a record of this CRM.',
        examples: ['isocurrencycode'],
      }),
    ),
  },
  'For lookups: which row is meant.',
);

export const Mapping = mapping(
  {
    to: listOrOne(Column, 'The column, or several that take the elements of a list in turn.'),
    from: Type.Optional(
      listOrOne(path('Where the record holds the value.', 'email'), 'Where the record holds the value; several make a list.'),
    ),
    first: Type.Optional(
      Type.Array(path('Where the record holds the value.', 'emails[?primary == true].value'), {
        minItems: 2,
        description: 'The first of these that holds something.',
      }),
    ),
    const: Type.Optional(
      Type.Union([Type.String(), Type.Number(), Type.Boolean()], { description: 'The same for every record.', examples: [1] }),
    ),
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
          'For choices and yes/no: what a word of the CRM stands for, a label or a value of the column. Labels and values themselves need no entry.',
        examples: [{ 'key account': 'Preferred Customer' }],
      }),
    ),
    epoch: Type.Optional(
      choice(['seconds', 'milliseconds'], 'For dates that the CRM writes as a number: what it counts since 1970. Texts are ISO 8601.'),
    ),
    lookup: Type.Optional(RowLookup),
  },
  'How a column is filled. Exactly one of from, first and const.',
);

export type SkipBody = Static<typeof Skip>;
export type IdBody = Static<typeof Id>;
export type ModifiedBody = Static<typeof Modified>;
export type RecordsBody = Static<typeof Records>;
export type ParentBody = Static<typeof Parent>;
export type LookupBody = Static<typeof Lookup>;
export type FieldsBody = Static<typeof Fields>;
export type MappingBody = Static<typeof Mapping>;
