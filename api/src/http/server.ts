import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Services } from '../contract/services.ts';
import type { TokenVerifier } from '../identity/caller.ts';
import { addApi } from './api.ts';
import { addBrowserRules } from './browser-rules.ts';
import { sendNotFound, sendProblem } from './problem.ts';
import { addRequestLog, logWhenOver } from './request-log.ts';
import type { ClientConfigurationBody } from './routes/client-configuration.ts';
import { errorPageRoutes } from './routes/error-page.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { panelRoutes } from './routes/panel.ts';

export interface ServerOptions {
  readonly services: Services;
  readonly verifier: TokenVerifier;
  readonly clientConfiguration: ClientConfigurationBody;
  /** e.g. `https://contoso.crm4.dynamics.com`; exact, without a path. */
  readonly allowedOrigins: readonly string[];
  /** Folder of the built control panel. */
  readonly panelFolder?: string;
  readonly logger: FastifyBaseLogger;
  /** Of a request to the API; a webhook may have 1 MiB. */
  readonly bodyLimitBytes?: number;
  readonly newReference?: () => string;
}

/** Ready to listen. `close()` ends the open streams, lets the requests at work finish, and refuses new ones. */
export const buildServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const { services, verifier, clientConfiguration, allowedOrigins, panelFolder, newReference = randomUUID } = options;
  const app: FastifyInstance = fastify({
    loggerInstance: options.logger,
    // Our own line says less of the address and more of the caller.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'reference' }),
    genReqId: () => newReference(),
    // A caller's own id would let it write into our log.
    requestIdHeader: false,
    trustProxy: false,
    exposeHeadRoutes: false,
    bodyLimit: options.bodyLimitBytes ?? 64 * 1024,
    // For the request to arrive, not for the answer to be made.
    requestTimeout: 30_000,
    // Longer than the 60 s of most load balancers, so that they end an idle connection and never meet one that we just ended.
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    // A source key has up to 250 characters, each of which may come percent-encoded.
    routerOptions: { maxParamLength: 750 },
    // For addresses that never reach a route, nor its hooks.
    frameworkErrors: (error, request, reply) => {
      logWhenOver(request, reply);
      void sendProblem(error, request, reply);
    },
  });

  app.decorate('services', services);
  app.decorate('clientConfiguration', clientConfiguration);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(sendNotFound);
  addRequestLog(app);
  await addBrowserRules(app, { allowedOrigins, signInAuthority: clientConfiguration.signIn.authority });
  await addApi(app, verifier);
  for (const routes of [openApiRoutes, errorPageRoutes, panelRoutes(panelFolder)]) await app.register(routes);
  return app;
};
