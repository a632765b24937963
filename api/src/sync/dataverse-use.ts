import type { DataverseUseBody } from '../contract/dataverse-use.ts';
import type { Dataverse } from '../dataverse/types.ts';

/** As the API shows it. */
export const dataverseUse = async (dataverse: Dataverse): Promise<DataverseUseBody> => {
  const { users, bulkWaitsForMs, daily } = await dataverse.use();
  return {
    users: users.map(({ clientId, lanes, pausedForMs, learnedExecutionMs }) => ({
      clientId,
      lanes,
      pausedSeconds: Math.ceil(pausedForMs / 1000),
      ...(learnedExecutionMs === null ? {} : { allowedExecutionSeconds: Math.round(learnedExecutionMs / 1000) }),
    })),
    waitingSeconds: Math.ceil(bulkWaitsForMs / 1000),
    requests: {
      day: daily.day,
      used: daily.used,
      resetsOn: new Date(daily.resetsOnMs).toISOString(),
      ...(daily.limit === null ? {} : { limit: daily.limit }),
    },
  };
};
