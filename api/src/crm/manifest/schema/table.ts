import Type, { type Static } from 'typebox';
import { Page } from './page.ts';
import {
  choice,
  condition,
  count,
  duration,
  flag,
  httpStatus,
  inAnswer,
  listOf,
  listOrOne,
  mapping,
  named,
  path,
  text,
  urlTemplate,
} from './parts.ts';
import { bulkDriverNames } from '../../bulk/driver-names.ts';
import { requestFields } from './request.ts';
import { Fields, Id, Mapping, Modified, Parent, Records, Skip, sliceFormat } from './table-parts.ts';

export type { FieldsBody, IdBody, LookupBody, MappingBody, ModifiedBody, ParentBody, RecordsBody, SkipBody } from './table-parts.ts';

const records = Type.Optional(Records);
const page = Type.Optional(Page);
const token = Type.Optional(
  inAnswer('Where the last page holds what the next reading of changes begins with, for mode cursor.', 'after_cursor'),
);

const into = Type.Optional(count('Into so many; 8 when left out.', { maximum: 64 }));
const Edge = mapping(
  { ...requestFields, value: path('Where the answer holds it.', 'data[0].id') },
  'A request that finds one end of the range, best by the first record of a sorted list.',
);
const Slices = mapping(
  {
    by: choice(
      ['number', 'time', 'hex'],
      'What the range counts: numbers, points in time, or ids that are made of hexadecimal digits at random, such as GUIDs: then `from` and `to` are the first digits of one.',
    ),
    at: path('Where a record holds it: whoever gives records outside of a slice has ignored it.', 'id', 'created_at'),
    lowest: Type.Optional(Edge),
    highest: Type.Optional(Edge),
    rows: Type.Optional(
      mapping(
        { ...requestFields, count: inAnswer('Where the answer says it.', 'total') },
        'by hex, in place of `lowest` and `highest`: asks how many records there are.',
      ),
    ),
    format: Type.Optional(sliceFormat),
    into,
    atLeast: Type.Optional(
      count('by number, hex: no slice is smaller, in numbers of the range or in records; 1 and 5000 when left out.', {
        maximum: 10_000_000,
      }),
    ),
  },
  'Workers share the list: each reads records from {{slice.from}} on and below {{slice.to}}; the first slice has no `from` and the last no `to`, so what comes meanwhile is in one of them. By something that every record has and that never changes, such as a numeric id or when it was created.',
);

const Get = mapping(
  {
    ...requestFields,
    record: Type.Optional(path('Where the answer holds the record; the whole answer when left out.', 'data', 'results[0]')),
    records: Type.Optional(Records),
    missing: Type.Optional(Type.Array(httpStatus, { description: 'Statuses that mean “no such record”; 404 and 410 when left out.' })),
  },
  'Reads one record: {{id}}. With `records` instead of `record` it is the one of them that has the id.',
);
const GetMany = mapping(
  { ...requestFields, records, max: count('So many ids in one request.', { maximum: 10_000 }) },
  'Reads several records at once: {{ids}}, {{ids | join}} or {{ids | objects("id")}}.',
);
const List = mapping({ ...requestFields, records, page, token, slices: Type.Optional(Slices) }, 'Reads all records.');
const Changes = mapping(
  {
    ...requestFields,
    mode: choice(
      ['since', 'window', 'cursor', 'clientSide'],
      'since: the CRM takes only a lower bound, {{from | iso}}. window: it takes both, {{from | iso}} and {{to | iso}}, the latter excluded. cursor: it gives a token to go on with, {{token}}. clientSide: it cannot filter; the list is read and older records are left out here.',
    ),
    records,
    page,
    token,
    newestFirst: Type.Optional(flag('clientSide: the list begins with what changed last, so reading ends at the first older record.')),
    overlap: Type.Optional(duration('How far before the end of the last one the next window begins; 2m when left out.', '5m')),
    lag: Type.Optional(
      duration('How far behind the CRM’s clock a window ends, because searches lag behind writes; 30s when left out.', '2m'),
    ),
    granularity: Type.Optional(duration('How exactly the CRM compares times; 1s when left out, 1d when it compares only dates.', '1s')),
    maxWindow: Type.Optional(duration('The longest window that the CRM takes; longer ones are asked for in parts.', '15d')),
    slices: Type.Optional(
      mapping(
        { into, atLeast: Type.Optional(duration('No slice is shorter; 6h when left out.', '6h')) },
        'mode window: workers share a long window, each reads a part of its time.',
      ),
    ),
    retention: Type.Optional(duration('How long the CRM remembers changes; after a longer pause everything is read.', '30d')),
  },
  'Reads what has changed.',
);

const Deletes = mapping(
  {
    ...requestFields,
    records,
    page,
    id: Type.Optional(path('Where an element holds the id of the deleted record; as the table says when left out.', 'documentkey')),
    at: Type.Optional(Modified),
    overlap: Type.Optional(duration('How far before the window it is read, for lists that are written late; nothing when left out.', '1h')),
    knownFrom: Type.Optional(
      path(
        'Where the answer says since when it knows of deletions. Later than what was asked for: a full run is needed.',
        'earliestDateAvailable',
      ),
    ),
  },
  'A list of deleted records, read after the changes: a feed ({{from}}, {{to}}), or all that are archived. Older ones are left out by `at`.',
);

const Sweep = mapping(
  { ...requestFields, records, page },
  'The cheapest list of all ids, to notice records that are gone without a trace; `list` when left out.',
);

const Bulk = named(
  'Bulk',
  mapping(
    {
      ...requestFields,
      driver: choice(bulkDriverNames, 'What does the rest. Only drivers that come with this product can be named.'),
      minRows: count('From so many records on, and where the CRM cannot count them in time; `list` is used for fewer.', {
        maximum: 10_000_000,
      }),
      count: mapping({ ...requestFields, rows: path('Where the answer says it.', 'totalSize') }, 'Asks how many records there are.'),
    },
    'Another way to read all records, for many of them: an export that the CRM prepares and that a driver fetches. The request of this section begins it.',
  ),
);

const Describe = mapping(
  {
    ...requestFields,
    records: Type.Optional(Records),
    name: listOrOne(
      path('Where an element holds the field’s name.', 'name'),
      'One path or several: a field that has several names is known by each.',
    ),
    label: Type.Optional(path('Where it holds what people call the field.', 'label')),
    type: Type.Optional(path('Where it holds what kind of field it is.', 'type')),
    below: Type.Optional(
      path('Where records hold these fields, when not at the top; of the others nothing is said.', 'properties', 'user_fields'),
    ),
  },
  'Asks the CRM which fields its records have, so that a mapping can be checked against it: for `crm-sync connector`, and for `fields.known`.',
);

export const searchKinds = ['email', 'phone', 'name'] as const;
const Search = mapping(
  {
    ...requestFields,
    ids: Type.Optional(
      path(
        'Where the answer holds ids, when what it gives are not records as elsewhere: they are then read by `getMany` or `get`.',
        'items[*].item.id',
      ),
    ),
    by: listOrOne(choice(searchKinds, 'What {{term}} is: a whole e-mail address, a phone number, or words of a name.'), 'One or several.'),
    records,
  },
  'Finds records by {{term}}, as an agent would in the CRM’s search box: one page, at most 10 of which are shown. What it gives has to hold all that `map` uses.',
);

const tableFields = {
  pushOnly: Type.Optional(
    Type.Literal(true, {
      description:
        'The CRM cannot be asked for these records: what its webhooks carry (`events[].record`) is all there is. No run reads the table, and nothing is compared or removed but by what the CRM posts. It needs no list and no get.',
    }),
  ),
  entity: Type.Optional(text('What the CRM calls this table; used as {{entity}}.', 'Contacts')),
  id: Type.Optional(Id),
  modified: Type.Optional(Modified),
  deleted: Type.Optional(condition('Holds of a record that the CRM has deleted.', 'deleted_at != null')),
  merged: Type.Optional(
    path(
      'Where a record holds the ids of those that were merged into it: a list, or one text with ; between. They count as removed, also where the CRM answers with this record when one of them is asked for.',
      'properties.hs_merged_object_ids',
    ),
  ),
  skip: Type.Optional(Skip),
  parent: Type.Optional(Parent),
  fields: Type.Optional(Fields),
  link: Type.Optional(urlTemplate('Where a person opens the record.', '{{settings.address}}/people/{{id}}')),
  records,
  page,
  get: Type.Optional(Get),
  getMany: Type.Optional(GetMany),
  list: Type.Optional(List),
  changes: Type.Optional(Changes),
  deletes: Type.Optional(listOf(Deletes, 'Where the CRM tells what was deleted, when records do not say so themselves (`deleted`).', 5)),
  sweep: Type.Optional(Sweep),
  bulk: Type.Optional(Bulk),
  describe: Type.Optional(Describe),
  search: Type.Optional(
    listOf(Search, 'How agents find the record of a row that is not linked yet; without it they cannot, and wait for a run.', 10),
  ),
};

export const TableDefaults = mapping(
  tableFields,
  'What tables have in common; a table’s own word counts more. {{entity}} tells them apart.',
);

export const Table = named(
  'Table',
  mapping(
    { ...tableFields, map: Type.Array(Mapping, { minItems: 1, description: 'How the columns of the row are filled.' }) },
    'How the records of one kind are read. The name of the section is the Dataverse table that they go to.',
  ),
);

export type TableBody = Static<typeof Table>;
export type TableDefaultsBody = Static<typeof TableDefaults>;
export type GetBody = Static<typeof Get>;
export type GetManyBody = Static<typeof GetMany>;
export type ListBody = Static<typeof List>;
export type ChangesBody = Static<typeof Changes>;
export type DeletesBody = Static<typeof Deletes>;
export type SlicesBody = Static<typeof Slices>;
export type BulkBody = Static<typeof Bulk>;
export type SweepBody = Static<typeof Sweep>;
export type SearchBody = Static<typeof Search>;
export type DescribeBody = Static<typeof Describe>;

/** One that is not read but posted to us. */
export type PushedTable = TableBody & { readonly id: NonNullable<TableBody['id']> };

/** With the defaults put in, and what every table must have. */
export type ReadyTable = TableBody & { readonly id: NonNullable<TableBody['id']>; readonly list: ListBody };
