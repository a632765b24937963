import type { Logger } from 'pino';
import type { ApplicationUserConfig, Config } from './config/load-config.ts';
import type { ServerClock } from './dataverse/http/server-clock.ts';
import { type DataverseUser, openDataverse } from './dataverse/open-dataverse.ts';
import { createTokenSource } from './dataverse/sign-in/token-source.ts';
import type { Dataverse } from './dataverse/types.ts';
import type { DailyRequestsStore } from './store/types.ts';
import type { Clock } from './sync/types.ts';

/** Makes no request. */
export const openDataverseOf = (
  config: Config,
  dailyLedger: DailyRequestsStore,
  clock: Clock,
  log: Logger,
  serverClock?: ServerClock,
): Dataverse => {
  const { url, authority, tenantId, users, maxConcurrency, batchSize, dailyRequests } = config.dataverse;
  const signIn = ({ clientId, clientSecret }: ApplicationUserConfig): DataverseUser => ({
    clientId,
    credential: createTokenSource(
      { authority, tenantId, clientId, resource: url, ...(clientSecret === null ? {} : { clientSecret }) },
      { clock },
    ),
  });
  const [first, ...others] = users;
  return openDataverse({
    url,
    users: [signIn(first), ...others.map(signIn)],
    clock,
    ...(serverClock === undefined ? {} : { serverClock }),
    dailyLedger,
    wantsRequests: config.syncRequests !== null,
    log: log.child({ part: 'dataverse' }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(dailyRequests === undefined ? {} : { dailyRequests }),
  });
};
