import type { Services } from '../contract/services.ts';
import type { CommandServices, Connection } from './connection.ts';
import { type CommandLog, logSettingsOf } from './log-settings.ts';

export interface ConnectOptions {
  readonly configPath: string;
  /** Address of a running API; without it the command does the work in its own process. */
  readonly apiUrl?: string;
  /** The command starts runs, so somebody must work on them. */
  readonly needsWorkers: boolean;
  readonly log: Omit<CommandLog, 'level'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const forCommands = (services: Services): CommandServices => {
  const { runs, records, removals, failures, webhookDeliveries, hookSetup, sources, setup, adoption, signIns } = services;
  return {
    records,
    removals,
    failures,
    webhookDeliveries,
    sources,
    hookSetup,
    signIns,
    setup,
    adoption,
    dataverseUse: () => services.dataverseUse(),
    runs: {
      start: (request, requestedBy) => runs.start(request, requestedBy),
      get: (runId) => runs.get(runId),
      list: (options) => runs.list(options),
      cancel: (runId) => runs.cancel(runId),
      pause: (runId) => runs.pause(runId),
      resume: (runId) => runs.resume(runId),
      statement: (runId) => runs.statement(runId),
      async follow(runId, onRun) {
        for await (const run of runs.watch(runId, new AbortController().signal)) onRun(run);
      },
    },
  };
};

const connectHere = async ({ configPath, needsWorkers, log: commandLog, environment }: ConnectOptions): Promise<Connection> => {
  const { loadConfig } = await import('../config/load-config.ts');
  const config = loadConfig(configPath, environment);
  // A configuration that is wrong is told before the rest is loaded for it.
  const [{ compose }, { createLogger }] = await Promise.all([import('../compose.ts'), import('../telemetry/logger.ts')]);
  const log = createLogger(logSettingsOf({ ...commandLog, level: config.logLevel }));
  const application = await compose(config, log);
  if (needsWorkers) await application.startWorkers();
  return { services: forCommands(application.services), close: () => application.close() };
};

/** To a running API, or to the same program in this process. Only the one that is wanted is loaded: they share next to nothing. */
export const connect = async (options: ConnectOptions): Promise<Connection> => {
  const { apiUrl, environment } = options;
  if (apiUrl === undefined) return connectHere(options);
  const { connectToApi } = await import('./remote-services.ts');
  return connectToApi({ apiUrl, token: environment.CRM_SYNC_TOKEN });
};
