import { createCredentialStore } from './credentials/credential-store.ts';
import { createSeal, type SealKey } from './credentials/seal.ts';
import { createTenantStore } from './credentials/tenant-store.ts';
import { type ClockInStep, clockInStep } from './database/clock-in-step.ts';
import { openEmbeddedDatabase } from './database/embedded-database.ts';
import { openServerDatabase } from './database/server-database.ts';
import { createCrmBudgetStore, endLeases } from './crm-budget-store.ts';
import { createDailyRequestsStore } from './daily-requests-store.ts';
import type { SqlDatabase } from './database/types.ts';
import { createEnvironmentStore } from './environment-store.ts';
import { createFailureStore } from './failures/failure-store.ts';
import { createHookTrialStore } from './hook-trial-store.ts';
import { createDeliveryStore } from './inbox/delivery-store.ts';
import { createErasureStore } from './inbox/erasure-store.ts';
import { createInboxStore } from './inbox/inbox-store.ts';
import { createJobs } from './jobs/jobs.ts';
import type { JobTimings } from './jobs/queue-settings.ts';
import { type StoreLog, silentLog } from './log.ts';
import { migrate } from './migrations/migrate.ts';
import { readMigrations } from './migrations/migrations.ts';
import { type OpenWriteTimings, createOpenWrites } from './records/open-writes.ts';
import { createRecordStore } from './records/record-store.ts';
import { createUpkeep } from './records/upkeep.ts';
import { createRemovalStore } from './removals/removal-store.ts';
import { createRunStore } from './runs/run-store.ts';
import { createSweepStore } from './removals/sweep-store.ts';
import { createScheduleStore } from './schedule-store.ts';
import type { Store } from './types.ts';

export interface StoreOptions {
  /** A PostgreSQL server: `postgres://user:password@host:port/database`. Without one the embedded database in `folder` serves. */
  readonly databaseUrl?: string | undefined;
  /** Of the embedded database; made when it is missing. Default `.crm-sync/store`. */
  readonly folder?: string | undefined;
  /** Where others reach this process; shown to whoever tries to open the same folder. */
  readonly addressForOthers?: string | undefined;
  readonly clock: { nowMs(): number };
  /** Several machines may share the server: its clock is theirs, which the store then gives as its own. */
  readonly isClockShared?: boolean | undefined;
  readonly log?: StoreLog | undefined;
  /** Of our tables; the queue has `<schema>_queue` beside it. Lower-case letters, digits and `_`. */
  readonly schema?: string | undefined;
  /** Seal the tokens that are stored; the first one seals, all of them open. */
  readonly sealKeys?: readonly SealKey[] | undefined;
  readonly jobTimings?: JobTimings | undefined;
  readonly openWriteTimings?: OpenWriteTimings | undefined;
}

const defaultFolder = '.crm-sync/store';

const openDatabase = (
  { databaseUrl, folder = defaultFolder, addressForOthers, clock }: StoreOptions,
  log: StoreLog,
): Promise<SqlDatabase> =>
  databaseUrl === undefined
    ? openEmbeddedDatabase({ folder, addressForOthers, clock })
    : openServerDatabase({ databaseUrl, onConnectionLost: (err) => log.warn({ err }, 'a connection to the database was lost') });

/**
 * Opens what must survive a crash, and brings its tables up to date. The queue starts with `jobs.start()`.
 * Throws `store.unavailable`, `store.in_use`, `store.disk_full`, `store.newer` or `store.drifted`.
 */
export const openStore = async (options: StoreOptions): Promise<Store> => {
  const { schema = 'crm_sync', log = silentLog } = options;
  // It becomes part of statements, where a parameter cannot stand.
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema)) throw new Error(`"${schema}" cannot be the name of a schema`);
  const isEmbedded = options.databaseUrl === undefined;
  const database = await openDatabase(options, log);
  let shared: ClockInStep | null = null;
  try {
    await migrate(database, schema, readMigrations());
    if (isEmbedded) await endLeases(database, schema);
    if (!isEmbedded && options.isClockShared === true) shared = await clockInStep({ database, clock: options.clock, log });
  } catch (error) {
    await database.close();
    throw error;
  }
  log.info({ database: database.describe() }, 'store opened');

  const clock = shared ?? options.clock;
  const upkeep = createUpkeep({ database, schema, hasAutovacuum: !isEmbedded, log });
  const openWrites = createOpenWrites({ database, schema, isEmbedded, timings: options.openWriteTimings });
  const [sealKey, ...earlierKeys] = options.sealKeys ?? [];
  const seal = sealKey === undefined ? null : createSeal([sealKey, ...earlierKeys]);
  const jobs = createJobs({ database, schema: `${schema}_queue`, isEmbedded, log, timings: options.jobTimings });
  return {
    records: createRecordStore({ database, schema, clock, upkeep, openWrites }),
    runs: createRunStore({ database, schema, upkeep }),
    sweeps: createSweepStore(database, schema),
    removals: createRemovalStore(database, schema),
    failures: createFailureStore(database, schema),
    schedules: createScheduleStore(database, schema),
    inbox: createInboxStore(database, schema, seal),
    deliveries: createDeliveryStore(database, schema),
    erasures: createErasureStore(database, schema),
    hookTrials: createHookTrialStore(database, schema),
    environment: createEnvironmentStore(database, schema),
    crmBudgets: createCrmBudgetStore(database, schema),
    dailyRequests: createDailyRequestsStore(database, schema),
    credentials: seal === null ? null : createCredentialStore(database, schema, seal),
    tenants: createTenantStore(database, schema),
    jobs,
    clock,
    async ping() {
      await database.query('select 1');
    },
    describe: () => database.describe(),
    async close() {
      openWrites.stop();
      shared?.stop();
      try {
        await jobs.stop();
      } finally {
        await database.close();
      }
    },
  };
};
