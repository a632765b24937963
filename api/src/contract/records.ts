/** What an agent's form asks of one row, and what it is told. */
import Type, { type Static } from 'typebox';
import { TableNameSchema, instant, textEnum } from './parts.ts';

export const RecordStateSchema = textEnum(
  ['notLinked', 'inSync', 'outOfDate', 'failed', 'waitingForParent', 'removed'],
  'notLinked: no CRM record is known for this row. outOfDate: a check has found that the CRM changed after what we wrote. waitingForParent: the record’s account has no row yet',
);

const SourceNameSchema = Type.Object({ id: Type.String(), name: Type.String() });

export const OtherRecordSchema = Type.Object(
  {
    source: Type.Object({
      id: Type.Optional(Type.String({ description: 'When it is one of the configured sources' })),
      name: Type.String(),
    }),
    recordId: Type.String({ description: 'Id in that CRM' }),
    url: Type.Optional(Type.String({ description: 'Opens it there; only http or https, and only where that source’s manifest allows' })),
  },
  { $id: 'OtherRecord', description: 'A record of another CRM that the row names too' },
);

export const RecordStatusSchema = Type.Object(
  {
    table: TableNameSchema,
    rowId: Type.Optional(Type.String()),
    sourceKey: Type.Optional(Type.String()),
    state: RecordStateSchema,
    source: Type.Optional(SourceNameSchema),
    mark: Type.Optional(Type.String({ description: 'Id of the connector, for a sign of the CRM' })),
    recordId: Type.Optional(Type.String({ description: 'Id in the CRM' })),
    url: Type.Optional(
      Type.String({ description: 'Opens the record in the CRM; only http or https, and only where the source’s manifest allows' }),
    ),
    checkedOn: Type.Optional(instant('When we last looked in the CRM')),
    syncedOn: Type.Optional(instant('When we last wrote the row')),
    sourceModifiedOn: Type.Optional(instant('When the CRM last changed the record')),
    otherRecords: Type.Optional(Type.Array(OtherRecordSchema, { description: 'Records of other CRMs that the row names' })),
    mayLink: Type.Optional(Type.Boolean({ description: 'Of a row that is not linked: a source can be searched for its record' })),
    failure: Type.Optional(Type.Object({ code: Type.String(), reason: Type.String(), help: Type.String(), since: instant('First seen') })),
  },
  { $id: 'RecordStatus' },
);

export const ColumnChangeSchema = Type.Object(
  {
    column: Type.String({ description: 'Logical name' }),
    label: Type.String({ description: 'Display name' }),
    before: Type.Optional(Type.String()),
    after: Type.Optional(Type.String()),
  },
  { $id: 'ColumnChange' },
);

export const SyncResultSchema = Type.Object(
  {
    outcome: textEnum(['created', 'changed', 'unchanged', 'stale', 'removed', 'filtered'], 'What the sync did'),
    isDryRun: Type.Boolean(),
    changes: Type.Array(ColumnChangeSchema, {
      description: 'Without secured columns that the caller has not been seen to be allowed to read',
    }),
    record: RecordStatusSchema,
  },
  { $id: 'SyncResult' },
);

export const SyncRecordSchema = Type.Object(
  { isDryRun: Type.Optional(Type.Boolean({ description: 'Says what would change, writes nothing' })) },
  { additionalProperties: false },
);

export const CandidateSchema = Type.Object(
  {
    sourceId: Type.String(),
    sourceName: Type.String(),
    recordId: Type.String({ description: 'Id in the CRM' }),
    name: Type.String(),
    company: Type.Optional(Type.String({ description: 'Name of its account, where the caller may read that row' })),
    city: Type.Optional(Type.String()),
    email: Type.Optional(Type.String({ description: 'Masked: only its beginning and its domain' })),
    url: Type.Optional(Type.String({ description: 'Opens it in the CRM' })),
    linkedRowId: Type.Optional(Type.String({ description: 'Another row is linked to it already, so it cannot be linked' })),
  },
  { $id: 'Candidate' },
);

export const UnsearchedSourceSchema = Type.Object(
  { sourceId: Type.String(), sourceName: Type.String(), code: Type.String(), title: Type.String(), help: Type.String() },
  { $id: 'UnsearchedSource', description: 'A source that could not be searched, and why' },
);

export const CandidatesSchema = Type.Object(
  {
    candidates: Type.Array(CandidateSchema, { description: 'Best first: by e-mail, then by phone, then by name' }),
    unsearched: Type.Array(UnsearchedSourceSchema, { description: 'What the sources that failed would have added is missing' }),
  },
  { $id: 'Candidates' },
);

export const FindCandidatesSchema = Type.Object(
  {
    words: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 100,
        description: 'An e-mail address, a phone number or a name; the row’s own when left out',
      }),
    ),
  },
  { $id: 'FindCandidates', additionalProperties: false },
);

export const LinkRecordSchema = Type.Object(
  {
    sourceId: Type.String({ minLength: 1, maxLength: 40 }),
    recordId: Type.String({ minLength: 1, maxLength: 250, description: 'Id in the CRM' }),
  },
  { $id: 'LinkRecord', additionalProperties: false },
);

export type RecordStatusBody = Static<typeof RecordStatusSchema>;
export type OtherRecordBody = Static<typeof OtherRecordSchema>;
export type SyncResultBody = Static<typeof SyncResultSchema>;
export type CandidateBody = Static<typeof CandidateSchema>;
export type UnsearchedSourceBody = Static<typeof UnsearchedSourceSchema>;
export type CandidatesBody = Static<typeof CandidatesSchema>;
export type LinkRecordBody = Static<typeof LinkRecordSchema>;
