import Type, { type Static } from 'typebox';
import { TableNameSchema, count, textEnum } from './parts.ts';

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

export type DuplicatesPolicy = Static<typeof DuplicatesPolicySchema>;
export type AdoptionTableBody = Static<typeof AdoptionTableSchema>;
export type AdoptionBody = Static<typeof AdoptionSchema>;
export type StartAdoptionBody = Static<typeof StartAdoptionSchema>;
