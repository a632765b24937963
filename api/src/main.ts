import './keep-garbage-young.ts';
import { flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { type Application, compose } from './compose.ts';
import { type Config, loadConfig } from './config/load-config.ts';
import { AppError, isAppError } from './errors/app-error.ts';
import { isUsageProblem } from './errors/usage-problem.ts';
import { buildServer } from './http/server.ts';
import { createTokenVerifier } from './identity/token-verifier.ts';
import { listenForStop } from './stop-signals.ts';
import { createLogger } from './telemetry/logger.ts';

const buildServerOf = ({ identity, api }: Config, application: Application, log: Logger) =>
  buildServer({
    services: application.services,
    verifier: createTokenVerifier({
      issuer: `${identity.authority}/v2.0`,
      tenantId: identity.tenantId,
      audiences: identity.audience,
      clock: { nowMs: () => Date.now() },
    }),
    clientConfiguration: {
      signIn: { kind: identity.kind, authority: identity.authority, clientId: identity.clientId, scope: identity.scope },
    },
    allowedOrigins: api.allowedOrigins,
    panelFolder: fileURLToPath(new URL('../control-panel/dist/', import.meta.url)),
    logger: log,
  });

/** The API: load the configuration, compose, listen; drain on SIGTERM and Ctrl-C. */
const start = async (): Promise<void> => {
  const config = loadConfig(process.env.CRM_SYNC_CONFIG ?? 'crm-sync.yaml', process.env);
  const log = createLogger({ level: config.logLevel, destination: 'stdout' });
  const application = await compose(config, log);
  // What is open keeps the process alive: one that cannot start must end, or nobody restarts it.
  const server = await buildServerOf(config, application, log).catch(async (error: unknown) => {
    await application.close();
    throw error;
  });

  let isStopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ reason }, 'stopping');
    // First no new request, then no job in hand, then the store: also when a door does not close as it should.
    await server.close().finally(() => application.close());
    // An open input would keep the process waiting for its end.
    process.stdin.destroy();
    log.info('stopped');
  };
  listenForStop(
    process,
    { nowMs: () => Date.now() },
    {
      onStop: (signal) => void stop(signal),
      // As safe as a power cut: what was recorded is kept, and the next start goes on from there.
      onInsist: () => {
        log.warn('stopped at once: Ctrl-C again');
        process.exit(130);
      },
    },
  );
  // A demo or a test that is killed cannot say SIGTERM; its pipe closes all the same.
  if (process.env.CRM_SYNC_STOP_WITH_STDIN === '1') process.stdin.once('end', () => void stop('standard input closed')).resume();

  const { host, port } = config.api;
  try {
    await server.listen({ host, port });
    await application.startWorkers();
    application.startSchedules();
  } catch (error) {
    await stop('could not start');
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? new AppError('config.port_taken', { host, port, option: 'api.port in the configuration' }, error)
      : error;
  }
  const address = server.server.address();
  const url = `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`;
  log.info({ url }, 'listening');
  // For the program that started us, whatever the log level: the one line on stdout that says so.
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
  // Node keeps what it has compiled at a process's end only, which one that is killed never comes to. Nothing where there is no cache.
  flushCompileCache();
};

try {
  await start();
} catch (error) {
  const text = isAppError(error)
    ? `${error.message}\n${error.help}\n`
    : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  process.stderr.write(text);
  process.exitCode = isAppError(error) && isUsageProblem(error) ? 2 : 1;
}
