import Type, { type Static } from 'typebox';
import { TableNameSchema, count, textEnum } from './parts.ts';

export const WaitingRemovalsSchema = Type.Object(
  {
    table: TableNameSchema,
    waiting: count('Rows whose records the CRM seems to have deleted, and that wait for approval'),
    linked: count('Rows that have a record of this source'),
    action: textEnum(['deactivate', 'delete', 'ignore'], 'What approving them does to the rows'),
    mark: Type.String({ description: 'Stands for exactly these; give it back to approve no others' }),
    recordIds: Type.Array(Type.String(), { description: 'Ids in the CRM, a page of them' }),
    nextAfterId: Type.Optional(Type.String({ description: 'Ask with it for the next page' })),
  },
  { $id: 'WaitingRemovals' },
);

export const RemovalsSchema = Type.Object(
  { sourceId: Type.String(), tables: Type.Array(WaitingRemovalsSchema) },
  { $id: 'Removals', description: 'Removals that wait for a person, because there were too many of them' },
);

export const ApproveRemovalsSchema = Type.Object(
  {
    table: TableNameSchema,
    atMost: Type.Integer({ minimum: 1, description: 'Refused when more wait by now' }),
    mark: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Refused when they are not those of the mark' })),
  },
  { $id: 'ApproveRemovals', additionalProperties: false },
);

export const DismissRemovalsSchema = Type.Object({ table: TableNameSchema }, { $id: 'DismissRemovals', additionalProperties: false });

export const DecidedRemovalsSchema = Type.Object(
  { table: TableNameSchema, decided: count('How many were approved, or dismissed') },
  { $id: 'DecidedRemovals' },
);

export type RemovalsBody = Static<typeof RemovalsSchema>;
export type WaitingRemovalsBody = Static<typeof WaitingRemovalsSchema>;
export type ApproveRemovalsBody = Static<typeof ApproveRemovalsSchema>;
export type DecidedRemovalsBody = Static<typeof DecidedRemovalsSchema>;
