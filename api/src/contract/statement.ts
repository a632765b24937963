/** What a verification ends with, as an auditor keeps it: ids, counts and hashes, and never a value of a record. */
import Type, { type Static } from 'typebox';
import type * as TypeboxValue from 'typebox/value';
import { loadWhenNeeded } from '../load-when-needed.ts';
import { TableNameSchema } from './parts.ts';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const instant = (description: string) => Type.String({ format: 'date-time', description });
const digest = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });

/** In the order in which a reader wants them. */
export const statementVerdicts = [
  'same',
  'missing',
  'stale',
  'edited',
  'orphaned',
  'doubled',
  'unkeyed',
  'waitingForParent',
  'olderInCrm',
  'failed',
  'parentAbsent',
  'changed',
  'leftOut',
  'deleted',
  'retired',
] as const;
export type StatementVerdict = (typeof statementVerdicts)[number];

export const VerifyClassSchema = Type.Object(
  {
    verdict: Type.Unsafe<StatementVerdict>({
      type: 'string',
      enum: [...statementVerdicts],
      description:
        'missing: no row · stale: the row holds what an earlier sync wrote · edited: changed in Dataverse · orphaned: a row without a record · ' +
        'parentAbsent: the same, but for a parent that the CRM does not have · doubled: another row is the record’s · unkeyed: a row without its key · changed: in the CRM, while the verification walked',
    }),
    isDifference: Type.Boolean({ description: 'The two sides do not agree while there is one' }),
    found: count('Records and rows that were found so, before any repair'),
    records: count('Records of the CRM that are so at the end'),
    rows: count('Rows of Dataverse that are so at the end'),
    samples: Type.Array(Type.Object({ recordId: Type.Optional(Type.String()), rowId: Type.Optional(Type.String()) }), {
      description: 'Some of those that were found, the first by key; of classes that are no difference none',
    }),
  },
  { $id: 'VerifyClass' },
);

const sideSchema = (description: string) =>
  Type.Object(
    {
      total: count('Records, or rows'),
      digest: digest('SHA-256 over a line “key hash” for each that is judged, in the order of the keys; equal where nothing differs'),
    },
    { description },
  );

export const VerifyTableSchema = Type.Object(
  {
    table: TableNameSchema,
    asOf: instant('By the CRM’s clock. What was changed after it is not judged'),
    crm: sideSchema('All records that the CRM lists'),
    dataverse: sideSchema('All rows that say they come from this source'),
    unreadable: count('Of the records: those that are none, for instance without an id. They count as failed'),
    repaired: count('Differences that were put right'),
    withheldRemovals: count('Orphaned rows that a repair left, as there are so many that a person must look first'),
    equations: Type.Object({ crm: Type.String(), dataverse: Type.String() }),
    classes: Type.Array(VerifyClassSchema),
  },
  { $id: 'VerifyTable' },
);

export const VerifyStatementSchema = Type.Object(
  {
    format: Type.Unsafe<'crm-sync/verify-1'>({ type: 'string', enum: ['crm-sync/verify-1'], description: 'Of this document' }),
    product: Type.Object({ name: Type.String(), version: Type.String() }),
    runId: Type.String(),
    requestedBy: Type.String(),
    source: Type.Object({ id: Type.String(), name: Type.String(), connector: Type.String() }),
    environment: Type.Object({ address: Type.String(), organizationId: Type.String() }),
    startedOn: instant('When the verification started'),
    finishedOn: instant('When it ended'),
    repairs: Type.Boolean({ description: 'Differences were put right' }),
    agrees: Type.Boolean({ description: 'At the end nothing differs' }),
    crm: sideSchema('The CRM, all tables together'),
    dataverse: sideSchema('Dataverse, all tables together'),
    tables: Type.Array(VerifyTableSchema),
  },
  { $id: 'VerifyStatement' },
);

export type VerifyClassBody = Static<typeof VerifyClassSchema>;
export type VerifyTableBody = Static<typeof VerifyTableSchema>;
export type VerifyStatementBody = Static<typeof VerifyStatementSchema>;

/** Three hundred files, and some 10 MB in every process that never reads a statement. */
const values = loadWhenNeeded<typeof TypeboxValue>('typebox/value');

export const isStatement = (value: unknown): value is VerifyStatementBody => values().Check(VerifyStatementSchema, value);
