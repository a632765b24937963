import Type, { type Static } from 'typebox';
import { TableNameSchema, count, instant } from './parts.ts';

const code = Type.String({ minLength: 1, maxLength: 100, description: 'Of the error registry, or Dataverse’s own' });

export const OpenFailureSchema = Type.Object(
  {
    table: TableNameSchema,
    recordId: Type.String({ description: 'Id in the CRM' }),
    code,
    failureClass: Type.String({ description: 'Who can mend it: data, permission, configuration, limit, transient, plugin or crm' }),
    reason: Type.String(),
    help: Type.String({ description: 'What the reader can do' }),
    firstSeenOn: instant('First failure since it last succeeded'),
    lastSeenOn: instant('Last failure'),
    tries: count('How often it failed'),
    isIgnored: Type.Boolean({ description: 'Not tried by itself, and not counted as open' }),
    isRetryAsked: Type.Boolean({ description: 'It is tried again soon' }),
    nextRetryOn: Type.Optional(instant('When it is tried again by itself; absent: with its next change, or a full run')),
    note: Type.Optional(Type.String()),
  },
  { $id: 'OpenFailure' },
);

export const FailureGroupSchema = Type.Object(
  {
    table: TableNameSchema,
    code,
    failureClass: Type.String(),
    isIgnored: Type.Boolean(),
    count: count('Records'),
    help: Type.String({ description: 'What the reader can do' }),
  },
  { $id: 'FailureGroup' },
);

export const FailuresSchema = Type.Object(
  {
    sourceId: Type.String(),
    groups: Type.Array(FailureGroupSchema, { description: 'All of the source, by reason' }),
    records: Type.Array(OpenFailureSchema, { description: 'A page of those that the query names' }),
    nextAfter: Type.Optional(Type.String({ description: 'Ask with it for the next page' })),
  },
  { $id: 'Failures' },
);

export const DecideFailuresSchema = Type.Object(
  {
    action: Type.Unsafe<'retry' | 'ignore' | 'annotate'>({
      type: 'string',
      enum: ['retry', 'ignore', 'annotate'],
      description: 'retry: try now; ignore: leave alone until it succeeds by itself; annotate: keep a note with it',
    }),
    table: Type.Optional(TableNameSchema),
    code: Type.Optional(code),
    recordIds: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 400 }), { minItems: 1, maxItems: 500, description: 'Needs `table`' }),
    ),
    note: Type.Optional(Type.String({ maxLength: 500, description: 'For annotate; no customer’s data, please. Absent: the note goes' })),
  },
  { $id: 'DecideFailures', additionalProperties: false, description: 'With neither table, code nor recordIds: all of the source' },
);

export const DecidedFailuresSchema = Type.Object({ decided: count('How many they were') }, { $id: 'DecidedFailures' });

export type FailuresBody = Static<typeof FailuresSchema>;
export type OpenFailureBody = Static<typeof OpenFailureSchema>;
export type DecideFailuresBody = Static<typeof DecideFailuresSchema>;
export type DecidedFailuresBody = Static<typeof DecidedFailuresSchema>;
