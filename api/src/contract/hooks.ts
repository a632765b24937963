import Type, { type Static } from 'typebox';
import { TableNameSchema, textEnum } from './parts.ts';

export const HookNameSchema = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  description: 'A further webhook of the source, by the name that ends its address; default: the main one',
});

const place = {
  sourceId: Type.String(),
  hook: Type.Optional(Type.String({ description: 'Which of the source’s webhooks; left out: the main one' })),
  address: Type.String({ description: 'Where the CRM is to post what changes' }),
};
const part = {
  what: Type.String({ description: 'As the connector calls it, such as subscription' }),
  item: Type.Optional(Type.String({ description: 'Which one of several' })),
};

export const HookGuideSchema = Type.Object(
  {
    ...place,
    isByApi: Type.Boolean({ description: 'It can be made over the CRM’s API' }),
    steps: Type.Array(Type.String(), { description: 'What the admin does in the CRM, in this order' }),
    files: Type.Array(Type.Object({ path: Type.String({ description: 'Slashes between its parts' }), text: Type.String() }), {
      description: 'What is deployed in the CRM, or run somewhere. Holds no secret',
    }),
  },
  { $id: 'HookGuide', description: 'How a CRM is brought to post what changes' },
);

export const HookStatesSchema = Type.Object(
  {
    ...place,
    parts: Type.Array(
      Type.Object({ ...part, state: textEnum(['right', 'differs', 'missing', 'others'], 'others: it is there, for another receiver') }),
    ),
  },
  { $id: 'HookStates', description: 'What of a webhook is there in the CRM' },
);

export const InstallHookSchema = Type.Object(
  {
    hook: Type.Optional(HookNameSchema),
    isReplacing: Type.Optional(Type.Boolean({ description: 'Take the place of another receiver, where there is room for one' })),
  },
  { $id: 'InstallHook', additionalProperties: false },
);

export const RemoveHookSchema = Type.Object(
  {
    hook: Type.Optional(HookNameSchema),
    address: Type.Optional(
      Type.String({ pattern: '^https?://\\S+$', maxLength: 2000, description: 'An earlier address of ours; default: the one of now' }),
    ),
  },
  { $id: 'RemoveHook', additionalProperties: false },
);

export const HookChangesSchema = Type.Object(
  {
    ...place,
    changes: Type.Array(
      Type.Object({
        ...part,
        outcome: textEnum(['made', 'changed', 'kept', 'removed', 'absent', 'failed'], 'What was done'),
        problem: Type.Optional(Type.String({ description: 'Why it failed' })),
      }),
    ),
  },
  { $id: 'HookChanges', description: 'What was changed in the CRM' },
);

export const TestHookSchema = Type.Object(
  {
    hook: Type.Optional(HookNameSchema),
    table: Type.Optional(TableNameSchema),
    recordId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Id of a record in the CRM; needs `table`. Default: the first that the CRM lists',
      }),
    ),
  },
  { $id: 'TestHook', additionalProperties: false },
);

export const HookTrialSchema = Type.Object(
  {
    ...place,
    table: TableNameSchema,
    recordId: Type.String(),
    hasArrived: Type.Boolean({ description: 'All steps were done' }),
    steps: Type.Array(
      Type.Object({
        step: textEnum(
          ['record', 'signed', 'accepted', 'stored', 'drained', 'row'],
          'In this order; those after one that failed are left out',
        ),
        isDone: Type.Boolean(),
        tookMilliseconds: Type.Integer({ minimum: 0 }),
        detail: Type.String({ description: 'What happened; what to do where it failed' }),
      }),
    ),
  },
  { $id: 'HookTrial', description: 'How a signed sample fared on the whole way, from the public address to the row' },
);

export type HookGuideBody = Static<typeof HookGuideSchema>;
export type HookStatesBody = Static<typeof HookStatesSchema>;
export type InstallHookBody = Static<typeof InstallHookSchema>;
export type RemoveHookBody = Static<typeof RemoveHookSchema>;
export type HookChangesBody = Static<typeof HookChangesSchema>;
export type TestHookBody = Static<typeof TestHookSchema>;
export type HookTrialBody = Static<typeof HookTrialSchema>;
export type HookTrialStep = HookTrialBody['steps'][number];
