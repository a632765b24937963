import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createServices } from './compose-services.ts';
import type { Config } from './config/load-config.ts';
import { openDataverseOf } from './configured-dataverse.ts';
import { bulkDrivers } from './configured-drivers.ts';
import { type NamedManifest, findManifests, samplesFolder } from './configured-manifest.ts';
import { openStoreOf } from './configured-store.ts';
import type { Services } from './contract/services.ts';
import { type SharedBudget, createSharedBudget } from './crm/budget/shared-budget.ts';
import { openConnector } from './crm/open-connector.ts';
import { isTableName } from './crm/types.ts';
import { createServerClock } from './dataverse/http/server-clock.ts';
import { executePartition } from './runs/execute-partition.ts';
import { executeRun } from './runs/execute-run.ts';
import { createRetrier, retryFailures } from './runs/failures/retry-failures.ts';
import { createMender } from './runs/mender.ts';
import { applyApprovedRemovals } from './runs/removal-service.ts';
import { createLoop } from './runs/schedule/loop.ts';
import { createScheduler } from './runs/schedule/scheduler.ts';
import { compileSchedules } from './runs/schedule/schedules.ts';
import { takeUpOpenWork } from './runs/take-up-work.ts';
import type { Store } from './store/types.ts';
import { createAdoptionGuard } from './sync/adopt/unadopted.ts';
import { patientDataverse } from './sync/patient-dataverse.ts';
import { createRecordLocks } from './sync/record-locks.ts';
import { requireSameEnvironment } from './sync/same-environment.ts';
import { createSources } from './sync/sources.ts';
import type { Clock, Source } from './sync/types.ts';
import { createRefusalCounter } from './webhooks/count-refusals.ts';
import { createDrainCaller } from './webhooks/drain-caller.ts';
import { drainInbox } from './webhooks/drain-inbox.ts';
import { createWebhookWatch, watchEveryMs } from './webhooks/watch-webhooks.ts';
import { createWebhookHealth } from './webhooks/webhook-health.ts';

/** The program, put together but with no door open: the API opens HTTP on it, the CLI calls it directly. */
export interface Application {
  readonly services: Services;
  /** From now on this process works on runs and deliveries, its own and those that others left. */
  startWorkers(): Promise<void>;
  /** From now on this process starts the runs and retries that are due. For the API alone: a command works on what it was asked for. */
  startSchedules(): void;
  /** Gives unfinished jobs back, then closes what is open. */
  close(): Promise<void>;
}

const systemClock: Clock = { nowMs: () => Date.now() };
const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

const openSource = ({ source, manifest, folder }: NamedManifest, clock: Clock, store: Store, sharedBudget: SharedBudget): Source => {
  const connector = openConnector({
    manifest,
    source: {
      id: source.id,
      settings: source.settings,
      furtherSecrets: source.furtherSecrets,
      allowPrivateNetwork: source.allowPrivateNetwork,
    },
    clock,
    credentials: store.credentials,
    tenants: store.tenants,
    sharedBudget,
    drivers: bulkDrivers,
    folder,
    samplesFolder,
  });
  const { id, name, microsoft, writing, sweep } = source;
  return { id, name: name ?? connector.displayName, microsoft, writing, sweep, connector };
};

const openOrClose = async <Opened>(store: Store, open: () => Opened): Promise<Opened> => {
  try {
    return open();
  } catch (error) {
    await store.close();
    throw error;
  }
};

/** Opens the store, Dataverse and every source. Throws before anything is started when one of them is misconfigured. */
export const compose = async (config: Config, log: Logger, ownClock: Clock = systemClock): Promise<Application> => {
  const manifests = await findManifests(config);
  const schedules = compileSchedules(
    config.file,
    config.sources.map(({ id, schedules: own }) => ({ sourceId: id, schedules: own })),
  );
  const store = await openStoreOf(config, ownClock, log);
  const { clock } = store;
  const sharedBudget = createSharedBudget({
    ledger: store.crmBudgets,
    nowMs: () => clock.nowMs(),
    sleep,
    log: log.child({ part: 'request budget' }),
  });
  const sources = await openOrClose(store, () => createSources(manifests.map((named) => openSource(named, clock, store, sharedBudget))));
  const serverClock = createServerClock(() => clock.nowMs());
  // Makes no request yet: the API starts, and says so, while Dataverse is down.
  const unbound = await openOrClose(store, () => openDataverseOf(config, store.dailyRequests, clock, log, serverClock));
  const dataverse = requireSameEnvironment(unbound, store.environment);
  const locks = createRecordLocks();
  const adoption = createAdoptionGuard(dataverse);
  const work = {
    adoption,
    dataverse,
    sources,
    locks,
    clock,
    records: store.records,
    runs: store.runs,
    sweeps: store.sweeps,
    failures: store.failures,
    inbox: store.inbox,
    erasures: store.erasures,
    jobs: store.jobs,
    log,
    sleep,
  };
  const runWork = { ...work, dataverse: patientDataverse(dataverse) };
  const { deliveries, erasures, jobs } = store;
  const webhookLog = log.child({ part: 'webhooks' });
  const webhookHealth = createWebhookHealth({ deliveries, erasures, clock, publicUrl: config.api.publicUrl });
  const refusals = createRefusalCounter({ deliveries, clock, sleep, log: webhookLog });
  const drain = createDrainCaller({ jobs, sleep, log: webhookLog });
  const watch = createWebhookWatch({ sources, deliveries, erasures, health: webhookHealth, jobs, clock, log: webhookLog });
  const webhookWatch = createLoop({ work: watch, everyMs: watchEveryMs, sleep });

  const services = createServices(config, {
    store,
    dataverse,
    sources,
    clock,
    serverClock,
    locks,
    adoption,
    schedules,
    refusals,
    drain,
    webhookHealth,
    sharedBudget,
    sleep,
    log,
  });
  const scheduling = { schedules, store: store.schedules, runs: store.runs, service: services.runs, clock, sleep };
  const scheduler = createScheduler({ ...scheduling, log: log.child({ part: 'schedules' }) });

  const mender = createMender({ ...work, log: log.child({ part: 'open writes' }) });
  const retrier = createRetrier({ sources, failures: store.failures, clock, jobs: store.jobs, sleep, log: log.child({ part: 'retries' }) });

  return {
    services,
    startSchedules() {
      scheduler.start();
      retrier.start();
      webhookWatch.start();
      if (config.syncRequests !== null) services.syncRequests.start();
      mender.start();
    },
    async startWorkers() {
      await store.jobs.work('run', async ({ runId, table, part }, signal) => {
        if (runId === undefined) return;
        if (table === undefined) await executeRun(runId, runWork, signal);
        else await executePartition({ runId, table, part: Number(part) }, runWork, signal);
      });
      await store.jobs.work('inbox', async ({ sourceId }, signal) => {
        if (sourceId !== undefined && (await drainInbox(sourceId, work, signal)) === 'more')
          await store.jobs.send('inbox', { sourceId }, { singletonKey: sourceId });
      });
      await store.jobs.work('removals', async ({ sourceId, table }, signal) => {
        if (sourceId !== undefined && isTableName(table)) await applyApprovedRemovals({ sourceId, table }, work, signal);
      });
      await store.jobs.work('failures', async ({ sourceId, table }, signal) => {
        if (sourceId !== undefined && isTableName(table)) await retryFailures({ sourceId, table }, work, signal);
      });
      await takeUpOpenWork({ runs: store.runs, jobs: store.jobs, sources });
    },
    async close() {
      await Promise.all([
        scheduler.stop(),
        retrier.stop(),
        mender.stop(),
        webhookWatch.stop(),
        refusals.stop(),
        drain.stop(),
        services.syncRequests.stop(),
      ]);
      await store.jobs.stop();
      await Promise.allSettled([dataverse.close(), sharedBudget.close()]);
      await store.close();
    },
  };
};
