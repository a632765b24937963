/**
 * The shapes of the API, once: routes validate and serialise with them, OpenAPI is made from them, and the client's types from that.
 * An unknown value is an absent property, never null: OpenAPI 2.0 (Power Platform custom connectors) has no null.
 */
import Type, { type Static } from 'typebox';
import { TableNameSchema, count, instant, textEnum } from './parts.ts';

export { TableNameSchema } from './parts.ts';
export * from './failures.ts';
export * from './records.ts';
export * from './removals.ts';

export const RunModeSchema = textEnum(
  ['full', 'incremental', 'verify'],
  'full reads every record; incremental reads what changed since the last run; verify compares every record with its row',
);
export const RunStateSchema = textEnum(
  ['queued', 'running', 'paused', 'succeeded', 'partial', 'suspicious', 'failed', 'cancelled'],
  'partial: finished, but some records failed or removals wait; of verify: the two sides do not agree. suspicious: finished, but what was read cannot be believed; nothing was removed',
);

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Address of the page about this error' }),
    title: Type.String({ description: 'What happened' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable code from the error registry' }),
    help: Type.String({ description: 'What the reader can do' }),
    reference: Type.String({ description: 'Finds the request in the log' }),
    isRetryable: Type.Boolean(),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
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

export const SourceSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    connector: Type.String(),
    tables: Type.Array(TableNameSchema),
    schedules: Type.Array(
      Type.Object({
        mode: RunModeSchema,
        tables: Type.Optional(Type.Array(TableNameSchema, { description: 'All of the source when absent' })),
        rule: Type.String({ description: 'As a person reads it, such as “every 15m”' }),
        nextOn: instant('When it is due next'),
      }),
      { description: 'Runs that start by themselves' },
    ),
    lastRun: Type.Optional(RunSchema),
  },
  { $id: 'Source' },
);
export const SourceListSchema = Type.Object({ sources: Type.Array(SourceSchema) }, { $id: 'SourceList' });
export const SourceCheckSchema = Type.Object(
  {
    sourceId: Type.String(),
    isReachable: Type.Boolean(),
    tookMilliseconds: Type.Number(),
    clockSkewMilliseconds: Type.Optional(Type.Number()),
    unadoptedTables: Type.Optional(
      Type.Array(TableNameSchema, { description: 'Tables with rows that Microsoft’s flows made and that wait for adoption' }),
    ),
    notes: Type.Optional(Type.Array(Type.String(), { description: 'What the admin should know, such as that the vendor ends something' })),
  },
  { $id: 'SourceCheck' },
);

export const DataverseUseSchema = Type.Object(
  {
    users: Type.Array(
      Type.Object({
        clientId: Type.String(),
        lanes: count('Bulk requests at once'),
        pausedSeconds: count('Until Dataverse takes this user’s requests again; 0 when it does now'),
        allowedExecutionSeconds: Type.Optional(count('In five minutes, learned from a refusal')),
      }),
      { description: 'Application users that share the work' },
    ),
    requests: Type.Object(
      {
        day: Type.String({ format: 'date', description: 'Days end at midnight UTC' }),
        used: count('Every row of a bulk message counts as one'),
        limit: Type.Optional(count('For bulk runs; an agent’s sync is never held back')),
        resetsOn: instant('When the next day begins'),
      },
      { description: 'Of the environment’s daily entitlement' },
    ),
  },
  { $id: 'DataverseUse' },
);

export const SetupFindingSchema = Type.Object(
  {
    component: textEnum(['table', 'choice', 'column', 'key'], 'What it is about'),
    table: Type.Optional(Type.String({ description: 'Logical name; absent for a choice and a table, which belong to none' })),
    name: Type.String({ description: 'Logical name of the component' }),
    problem: textEnum(
      ['missing', 'wrongType', 'tooShort', 'optionMissing', 'keyBuilding', 'keyFailed', 'keyOnOtherColumns'],
      'How it differs from what is needed',
    ),
    remedy: textEnum(
      ['create', 'lengthen', 'addOption', 'reactivate', 'wait', 'importSolution', 'byHand'],
      'wait: Dataverse is at it; importSolution: it belongs to the installed solution; byHand: only a person may decide; the others are done by setup',
    ),
    found: Type.Optional(Type.String({ description: 'What is there' })),
    expected: Type.String({ description: 'What should be' }),
  },
  { $id: 'SetupFinding' },
);

export const SetupSchema = Type.Object(
  {
    isReady: Type.Boolean({ description: 'Nothing differs: rows can be synced' }),
    isSolutionInstalled: Type.Boolean({ description: 'The managed solution is there; what belongs to it is left alone' }),
    changes: Type.Array(SetupFindingSchema, { description: 'What was changed; when only looked at, what would be' }),
    findings: Type.Array(SetupFindingSchema, { description: 'What differs now' }),
  },
  { $id: 'Setup', description: 'What of ours the Dataverse environment has' },
);

export const ApplySetupSchema = Type.Object(
  { isDryRun: Type.Optional(Type.Boolean({ description: 'Says what would change, changes nothing' })) },
  { $id: 'ApplySetup', additionalProperties: false },
);

export const DuplicatesPolicySchema = textEnum(
  ['report', 'deactivate'],
  'What becomes of the other rows of a record that has several: they are reported, or deactivated',
);

const rowIds = (description: string) => Type.Array(Type.String(), { description });

export const AdoptionTableSchema = Type.Object(
  {
    table: Type.String({ description: 'Logical name' }),
    read: count('Rows that bear this CRM’s option'),
    adopted: count('Rows that got our key; in a dry run, that would get it'),
    ours: count('Rows that had it already'),
    withoutId: count('Rows whose CRM id is empty or can be none'),
    doubled: count('Rows of a record that another row stands for'),
    doubledInactive: count('Of the doubled rows, those that are inactive, now or before'),
    taken: count('Rows whose key another, newer row has; a person must decide which stays'),
    otherRecord: count('Rows that bear the key of another record'),
    failed: count('Rows that could not be written'),
    samples: Type.Object({
      adopted: rowIds('GUIDs of some of them'),
      ours: rowIds('GUIDs of some of them'),
      withoutId: rowIds('GUIDs of some of them'),
      doubled: rowIds('GUIDs of some of them'),
      taken: rowIds('GUIDs of some of them'),
      otherRecord: rowIds('GUIDs of some of them'),
    }),
    failures: Type.Array(Type.Object({ rowId: Type.String(), code: Type.String(), reason: Type.String() }), {
      description: 'The first 20',
    }),
  },
  { $id: 'AdoptionTable', description: 'read = adopted + ours + withoutId + doubled + taken + otherRecord + failed' },
);

export const AdoptionSchema = Type.Object(
  {
    sourceId: Type.String(),
    isDryRun: Type.Boolean(),
    duplicates: DuplicatesPolicySchema,
    tables: Type.Array(AdoptionTableSchema),
  },
  { $id: 'Adoption' },
);

export const StartAdoptionSchema = Type.Object(
  {
    tables: Type.Optional(Type.Array(TableNameSchema, { minItems: 1, maxItems: 2, uniqueItems: true })),
    isDryRun: Type.Optional(Type.Boolean({ description: 'Counts what would be adopted, writes nothing' })),
    duplicates: Type.Optional(DuplicatesPolicySchema),
  },
  { $id: 'StartAdoption', additionalProperties: false },
);

export const BrowserSignInSchema = Type.Object(
  {
    address: Type.String({ description: 'To be opened in a browser' }),
    state: Type.String(),
    redirectUri: Type.String({ description: 'What the CRM must know as an address to send browsers back to' }),
  },
  { $id: 'BrowserSignIn' },
);
export const SignedInSchema = Type.Object({ sourceId: Type.String() }, { $id: 'SignedIn' });
export const FinishSignInSchema = Type.Object(
  { state: Type.String({ minLength: 1, maxLength: 200 }), code: Type.String({ minLength: 1, maxLength: 4000 }) },
  { $id: 'FinishSignIn' },
);

/** How a browser signs in; kind `local` is the sandbox's issuer. */
export const ClientConfigurationSchema = Type.Object(
  {
    signIn: Type.Object({
      kind: textEnum(['entra', 'local'], 'local: the sandbox’s own issuer'),
      authority: Type.String(),
      clientId: Type.String(),
      scope: Type.String(),
    }),
  },
  { $id: 'ClientConfiguration' },
);

export type ProblemBody = Static<typeof ProblemSchema>;
export type RunBody = Static<typeof RunSchema>;
export type RunDetailBody = Static<typeof RunDetailSchema>;
export type StartRunBody = Static<typeof StartRunSchema>;
export type SourceBody = Static<typeof SourceSchema>;
export type SourceCheckBody = Static<typeof SourceCheckSchema>;
export type DataverseUseBody = Static<typeof DataverseUseSchema>;
export type SetupBody = Static<typeof SetupSchema>;
export type SetupFindingBody = Static<typeof SetupFindingSchema>;
export type DuplicatesPolicy = Static<typeof DuplicatesPolicySchema>;
export type AdoptionTableBody = Static<typeof AdoptionTableSchema>;
export type AdoptionBody = Static<typeof AdoptionSchema>;
export type StartAdoptionBody = Static<typeof StartAdoptionSchema>;
