import Type, { type Static } from 'typebox';
import { count, instant } from './parts.ts';

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
    waitingSeconds: count('Bulk requests wait so long for room in the five minutes that Dataverse counts; 0 when none does'),
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

export type DataverseUseBody = Static<typeof DataverseUseSchema>;
