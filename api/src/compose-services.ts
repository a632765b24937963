import type { Logger } from 'pino';
import { checkReadiness } from './check-readiness.ts';
import type { Config } from './config/load-config.ts';
import type { Services } from './contract/services.ts';
import type { SharedBudget } from './crm/budget/shared-budget.ts';
import type { Dataverse } from './dataverse/types.ts';
import { createFindCreator } from './requests/request-creators.ts';
import { type RequestDoor, createRequestDoor } from './requests/request-door.ts';
import { createFailureService } from './runs/failures/failure-service.ts';
import { createRemovalService } from './runs/removal-service.ts';
import { createRunService } from './runs/run-service.ts';
import type { ReadySchedule } from './runs/schedule/schedules.ts';
import type { Store } from './store/types.ts';
import { createAdoptionService } from './sync/adopt/adoption-service.ts';
import { type AdoptionGuard, unadoptedTables } from './sync/adopt/unadopted.ts';
import { createBrowserSignInService, signInReturnPath } from './sync/browser-sign-in-service.ts';
import { toBudgetBody } from './sync/budget-body.ts';
import { dataverseUse } from './sync/dataverse-use.ts';
import type { createRecordLocks } from './sync/record-locks.ts';
import { createRecordService } from './sync/record-service.ts';
import { createSetupService } from './sync/setup-service.ts';
import { createSourceService } from './sync/source-service.ts';
import type { Sources } from './sync/sources.ts';
import type { Clock } from './sync/types.ts';
import type { RefusalCounter } from './webhooks/count-refusals.ts';
import { createDeliveryService } from './webhooks/delivery-service.ts';
import type { DrainCaller } from './webhooks/drain-caller.ts';
import { createHookSetupService } from './webhooks/hook-setup-service.ts';
import { postSample } from './webhooks/post-sample.ts';
import type { WebhookHealth } from './webhooks/webhook-health.ts';
import { createWebhookService } from './webhooks/webhook-service.ts';

/** What the doors call, each made of the parts that it works with. */
export const createServices = (
  config: Config,
  parts: {
    store: Store;
    dataverse: Dataverse;
    sources: Sources;
    clock: Clock;
    serverClock: Clock;
    locks: ReturnType<typeof createRecordLocks>;
    adoption: AdoptionGuard;
    schedules: readonly ReadySchedule[];
    refusals: RefusalCounter;
    drain: DrainCaller;
    webhookHealth: WebhookHealth;
    sharedBudget: SharedBudget;
    sleep: (ms: number, signal: AbortSignal) => Promise<void>;
    log: Logger;
  },
): Services & { readonly syncRequests: RequestDoor } => {
  const {
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
  } = parts;
  const runs = createRunService({
    sources,
    runs: store.runs,
    jobs: store.jobs,
    clock,
    log,
    sleep,
  });
  const records = createRecordService({
    dataverse,
    records: store.records,
    runs: store.runs,
    sources,
    locks,
    clock,
    adoption,
    log: log.child({ part: 'audit' }),
  });
  const { publicUrl } = config.api;
  return {
    runs,
    records,
    syncRequests: createRequestDoor({
      dataverse,
      records,
      findCreator: createFindCreator(dataverse),
      clock,
      serverClock,
      sleep,
      log: log.child({ part: 'requests' }),
      webhookKey: config.syncRequests?.webhookKey ?? null,
      pollEveryMs: config.syncRequests?.pollEveryMs ?? 0,
    }),
    removals: createRemovalService({ sources, removals: store.removals, runs: store.runs, jobs: store.jobs }),
    failures: createFailureService({ sources, failures: store.failures, jobs: store.jobs, clock }),
    sources: createSourceService({
      sources,
      schedulesOf: (sourceId) =>
        schedules
          .filter((ready) => ready.sourceId === sourceId)
          .map(({ schedule, text, rule }) => ({
            mode: schedule.mode,
            tables: schedule.tables,
            rule: text,
            nextMs: rule.nextAfter(clock.nowMs()),
          })),
      budgetOf: async (sourceId) => toBudgetBody(await sharedBudget.look(sourceId)),
      lastRun: async (sourceId) => (await runs.list({ limit: 1, sourceId }))[0],
      webhookHealth,
      unadoptedTables: (source, signal) => unadoptedTables(source, dataverse, signal),
    }),
    setup: createSetupService(dataverse),
    adoption: createAdoptionService({ dataverse, sources }),
    webhooks: createWebhookService({ sources, inbox: store.inbox, drain, refusals, clock, publicUrl: publicUrl }),
    webhookDeliveries: createDeliveryService({ sources, deliveries: store.deliveries, health: webhookHealth, jobs: store.jobs, clock }),
    hookSetup: createHookSetupService({ sources, publicUrl, trials: store.hookTrials, records, clock, sleep, post: postSample }),
    dataverseUse: () => dataverseUse(dataverse),
    signIns: createBrowserSignInService({ sources, redirectUri: `${publicUrl.replace(/\/+$/, '')}${signInReturnPath}` }),
    readiness: (signal) => checkReadiness(store, dataverse, signal),
  };
};
