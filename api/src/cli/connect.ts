import { compose } from '../compose.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Services } from '../contract/services.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { CommandServices, Connection } from './connection.ts';
import { type CommandLog, logSettingsOf } from './log-settings.ts';
import { connectToApi } from './remote-services.ts';

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
  const { runs, records, removals, failures, sources, setup, adoption, hookSetup, signIns } = services;
  return {
    records,
    removals,
    failures,
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

export const connect = async ({ configPath, apiUrl, needsWorkers, log: commandLog, environment }: ConnectOptions): Promise<Connection> => {
  if (apiUrl !== undefined) return connectToApi({ apiUrl, token: environment.CRM_SYNC_TOKEN });
  const config = loadConfig(configPath, environment);
  const log = createLogger(logSettingsOf({ ...commandLog, level: config.logLevel }));
  const application = await compose(config, log);
  if (needsWorkers) await application.startWorkers();
  return { services: forCommands(application.services), close: () => application.close() };
};
