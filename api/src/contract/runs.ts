import Type, { type Static } from 'typebox';
import { TableNameSchema, count, instant, textEnum } from './parts.ts';

export const RunModeSchema = textEnum(
  ['full', 'incremental', 'verify'],
  'full reads every record; incremental reads what changed since the last run; verify compares every record with its row',
);
export const RunStateSchema = textEnum(
  ['queued', 'running', 'paused', 'succeeded', 'partial', 'suspicious', 'failed', 'cancelled'],
  'partial: finished, but some records failed or removals wait; of verify: the two sides do not agree. suspicious: finished, but what was read cannot be believed; nothing was removed',
);

export const CountsSchema = Type.Object(
  {
    read: count('Records read from the CRM'),
    written: count('Rows created, updated or deactivated'),
    unchanged: count('Same as what was written before'),
    stale: count('Older than what was written before'),
    filtered: count('Left out by the mapping, or removed records that never were here'),
    failed: count('Could not be written; each is listed with its reason'),
    withheld: count('Not applied: removals that wait, and in a dry run all that would be written'),
  },
  { $id: 'Counts', description: 'read = written + unchanged + stale + filtered + failed + withheld' },
);

export const FailedRecordSchema = Type.Object(
  {
    table: TableNameSchema,
    recordId: Type.String(),
    code: Type.String(),
    failureClass: Type.String(),
    reason: Type.String(),
    help: Type.Optional(Type.String({ description: 'What the reader can do' })),
  },
  { $id: 'FailedRecord' },
);

export const PlannedChangesSchema = Type.Object(
  {
    table: TableNameSchema,
    created: count('Rows that would be created'),
    updated: count('Rows that would be updated'),
    columns: Type.Record(Type.String(), Type.Integer(), { description: 'Rows in which the column would change' }),
    sampleRecordIds: Type.Array(Type.String()),
  },
  { $id: 'PlannedChanges' },
);

export const RunPartSchema = Type.Object(
  {
    table: TableNameSchema,
    state: textEnum(['waiting', 'running', 'complete', 'stopped'], 'How far this table is; stopped: the run ended before it was complete'),
    counts: CountsSchema,
    expected: Type.Optional(count('How many records the CRM says there are to read')),
    workers: count('Workers that are at it now'),
    slices: count('In how many slices workers share it'),
  },
  { $id: 'RunPart' },
);

export const RunNoteSchema = Type.Object(
  { table: TableNameSchema, code: Type.String(), title: Type.String(), help: Type.String() },
  { $id: 'RunNote' },
);

export const RunSchema = Type.Object(
  {
    id: Type.String(),
    sourceId: Type.String(),
    mode: RunModeSchema,
    isDryRun: Type.Boolean(),
    repairs: Type.Optional(Type.Boolean({ description: 'A verification that puts right what differs' })),
    tables: Type.Array(TableNameSchema),
    state: RunStateSchema,
    requestedBy: Type.String(),
    requestedOn: instant('When it was asked for'),
    startedOn: Type.Optional(instant('When it started')),
    finishedOn: Type.Optional(instant('When it ended')),
    recordsPerSecond: Type.Optional(Type.Number({ description: 'Records read per second since it started' })),
    counts: CountsSchema,
    parts: Type.Array(RunPartSchema),
    plannedChanges: Type.Array(PlannedChangesSchema, { description: 'Of a dry run' }),
    notes: Type.Array(RunNoteSchema, { description: 'What whoever looks at the run should know, such as why it is suspicious' }),
    error: Type.Optional(Type.Object({ code: Type.String(), title: Type.String(), help: Type.String() })),
  },
  { $id: 'Run' },
);

export const RunDetailSchema = Type.Object(
  { run: RunSchema, failures: Type.Array(FailedRecordSchema, { description: 'The first 100' }) },
  { $id: 'RunDetail' },
);

export const RunListSchema = Type.Object({ runs: Type.Array(RunSchema) }, { $id: 'RunList' });

export const StartRunSchema = Type.Object(
  {
    sourceId: Type.String({ minLength: 1, maxLength: 40 }),
    mode: Type.Optional(RunModeSchema),
    tables: Type.Optional(Type.Array(TableNameSchema, { minItems: 1, maxItems: 2, uniqueItems: true })),
    isDryRun: Type.Optional(Type.Boolean({ description: 'Reads and compares, writes nothing' })),
    acceptsFewer: Type.Optional(
      Type.Boolean({ description: 'Far fewer records than the last time are as it should be: the run is not suspicious for that' }),
    ),
    repairs: Type.Optional(Type.Boolean({ description: 'Of verify: puts right what differs; without it nothing is written' })),
  },
  { $id: 'StartRun', additionalProperties: false },
);

export type RunBody = Static<typeof RunSchema>;
export type RunDetailBody = Static<typeof RunDetailSchema>;
export type StartRunBody = Static<typeof StartRunSchema>;
