import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config, SourceConfig } from './config/load-config.ts';
import type { Readiness, Services } from './contract/services.ts';
import { openConnector } from './crm/open-connector.ts';
import type { Manifest } from './crm/manifest/schema/manifest.ts';
import { loadManifest } from './crm/manifest/load-manifest.ts';
import { createTokenSource } from './dataverse/sign-in/token-source.ts';
import { openDataverse } from './dataverse/open-dataverse.ts';
import type { Dataverse } from './dataverse/types.ts';
import { AppError, isAppError } from './errors/app-error.ts';
import { executeRun } from './runs/execute-run.ts';
import { createRunService } from './runs/run-service.ts';
import { takeUpOpenWork } from './runs/take-up-work.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/types.ts';
import { createBrowserSignInService, signInReturnPath } from './sync/browser-sign-in-service.ts';
import { createRecordLocks } from './sync/record-locks.ts';
import { createRecordService } from './sync/record-service.ts';
import { requireSameEnvironment } from './sync/same-environment.ts';
import { createSourceService } from './sync/source-service.ts';
import { createSources, type Sources } from './sync/sources.ts';
import type { Clock, Source } from './sync/types.ts';
import { drainInbox } from './webhooks/drain-inbox.ts';
import { createWebhookService } from './webhooks/webhook-service.ts';

/** The program, put together but with no door open: the API opens HTTP on it, the CLI calls it directly. */
export interface Application {
  readonly services: Services;
  /** From now on this process works on runs and deliveries, its own and those that others left. */
  startWorkers(): Promise<void>;
  /** Gives unfinished jobs back, then closes what is open. */
  close(): Promise<void>;
}

const connectorsFolder = new URL('../connectors/', import.meta.url);
const systemClock: Clock = { nowMs: () => Date.now() };
const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

const manifestFile = (connector: string): string =>
  connector.includes('/') || connector.includes('\\') ? connector : fileURLToPath(new URL(`${connector}/manifest.yaml`, connectorsFolder));

interface NamedManifest {
  readonly source: SourceConfig;
  readonly manifest: Manifest;
}

const findManifest = async (config: Config, source: SourceConfig): Promise<NamedManifest> => {
  const file = manifestFile(source.connector);
  if (!existsSync(file))
    throw new AppError('config.unreadable', {
      file: config.file,
      problem: `the source "${source.id}" names the connector ${source.connector}, and there is no ${file}`,
    });
  return { source, manifest: await loadManifest(file) };
};

const openSource = ({ source, manifest }: NamedManifest, clock: Clock, store: Store): Source => {
  const connector = openConnector({
    manifest,
    source: { id: source.id, settings: source.settings, allowPrivateNetwork: source.allowPrivateNetwork },
    clock,
    credentials: store.credentials,
    tenants: store.tenants,
  });
  return { id: source.id, name: source.name ?? connector.displayName, connector };
};

const openDataverseOf = (config: Config, clock: Clock, log: Logger): Dataverse => {
  const { url, authority, tenantId, clientId, clientSecret, maxConcurrency, batchSize } = config.dataverse;
  return openDataverse({
    url,
    credential: createTokenSource(
      { authority, tenantId, clientId, resource: url, ...(clientSecret === null ? {} : { clientSecret }) },
      { clock },
    ),
    clock,
    log: log.child({ part: 'dataverse' }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(batchSize === undefined ? {} : { batchSize }),
  });
};

const checkReadiness = async (store: Store, dataverse: Dataverse, signal: AbortSignal): Promise<Readiness> => {
  const look = async (name: 'store' | 'dataverse', work: () => Promise<unknown>): Promise<Readiness['checks'][number]> => {
    try {
      await work();
      return { name, isReady: true };
    } catch (error) {
      return { name, isReady: false, problem: isAppError(error) ? error.code : 'internal' };
    }
  };
  const checks = await Promise.all([look('store', () => store.ping()), look('dataverse', () => dataverse.whoAmI(signal))]);
  return { isReady: checks.every(({ isReady }) => isReady), checks };
};

const createServices = (
  config: Config,
  parts: { store: Store; dataverse: Dataverse; sources: Sources; clock: Clock; locks: ReturnType<typeof createRecordLocks> },
): Services => {
  const { store, dataverse, sources, clock, locks } = parts;
  const runs = createRunService({
    sources,
    runs: store.runs,
    jobs: store.jobs,
    clock,
    sleep,
  });
  return {
    runs,
    records: createRecordService({ dataverse, records: store.records, runs: store.runs, sources, locks, clock }),
    sources: createSourceService({ sources, lastRun: async (sourceId) => (await runs.list({ limit: 1, sourceId }))[0] }),
    webhooks: createWebhookService({ sources, inbox: store.inbox, jobs: store.jobs, clock, publicUrl: config.api.publicUrl }),
    signIns: createBrowserSignInService({ sources, redirectUri: `${config.api.publicUrl.replace(/\/+$/, '')}${signInReturnPath}` }),
    readiness: (signal) => checkReadiness(store, dataverse, signal),
  };
};

/** The store with its queue begun. What was opened is closed again when that fails: its thread would keep the process alive. */
const openStoreOf = async (config: Config, clock: Clock, log: Logger): Promise<Store> => {
  const { databaseUrl, folder } = config.store;
  const store = await openStore({
    ...(databaseUrl === null ? { folder } : { databaseUrl }),
    addressForOthers: config.api.publicUrl,
    sealKeys: config.sealKeys,
    clock,
    log: log.child({ part: 'store' }),
  });
  try {
    await store.jobs.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
};

/** Opens the store, Dataverse and every source. Throws before anything is started when one of them is misconfigured. */
export const compose = async (config: Config, log: Logger, clock: Clock = systemClock): Promise<Application> => {
  const manifests = await Promise.all(config.sources.map((source) => findManifest(config, source)));
  // Both make no request yet: the API starts, and says so, while Dataverse is down.
  const unbound = openDataverseOf(config, clock, log);
  const store = await openStoreOf(config, clock, log).catch(async (error: unknown) => {
    await unbound.close();
    throw error;
  });
  const openSources = async (): Promise<Sources> => createSources(manifests.map((named) => openSource(named, clock, store)));
  const sources = await openSources().catch(async (error: unknown) => {
    await Promise.allSettled([unbound.close()]);
    await store.close();
    throw error;
  });
  const dataverse = requireSameEnvironment(unbound, store.environment);
  const locks = createRecordLocks();
  const work = { dataverse, sources, locks, clock, records: store.records, runs: store.runs, inbox: store.inbox, log, sleep };

  return {
    services: createServices(config, { store, dataverse, sources, clock, locks }),
    async startWorkers() {
      await store.jobs.work('run', async ({ runId }, signal) => {
        if (runId !== undefined) await executeRun(runId, work, signal);
      });
      await store.jobs.work('inbox', async ({ sourceId }, signal) => {
        if (sourceId !== undefined) await drainInbox(sourceId, work, signal);
      });
      await takeUpOpenWork({ runs: store.runs, jobs: store.jobs, sources });
    },
    async close() {
      await store.jobs.stop();
      await Promise.allSettled([dataverse.close()]);
      await store.close();
    },
  };
};
