import { BatchSender } from './http/batch-sender.ts';
import { Caller } from './http/caller.ts';
import { ApplicationUser } from './http/application-user.ts';
import { readSecureAddress } from './http/secure-address.ts';
import { type ServerClock, createServerClock } from './http/server-clock.ts';
import { createTransport } from './http/transport.ts';
import { sleepOnTimer } from './abort.ts';
import { type DailyLedger, DailyRequests, createMemoryLedger } from './pace/daily-requests.ts';
import { Gate } from './pace/gate.ts';
import { UserPace, interactivePlaces } from './pace/user-pace.ts';
import { requireOurColumns, requireTable, TableDescriber } from './read/describe-table.ts';
import { FreshCache } from './read/fresh-cache.ts';
import { Reader } from './read/reader.ts';
import { type Clock, type Log, type Random, type Sleep, silentLog } from './runtime.ts';
import { Setup } from './setup/set-up.ts';
import type { TokenSource } from './sign-in/types.ts';
import type { Dataverse } from './types.ts';
import { Writer } from './write/writer.ts';

export interface DataverseUser {
  readonly clientId: string;
  readonly credential: TokenSource;
}

export interface DataverseOptions {
  /** The environment, e.g. https://contoso.crm4.dynamics.com; http only on a loopback address. */
  readonly url: string;
  /** One or more: each has its own share of what Dataverse allows, so two write about twice as fast as one. */
  readonly users: readonly [DataverseUser, ...DataverseUser[]];
  readonly clock: Clock;
  readonly random?: Random;
  readonly sleep?: Sleep;
  /** Most requests that one user has under way at once; 52 is what Dataverse allows one user on one web server. */
  readonly maxConcurrency?: number;
  /** Most rows in one UpsertMultiple. */
  readonly batchSize?: number;
  /** `row-by-row` writes every row by a PATCH of its own inside `$batch`, even where the table takes bulk messages. */
  readonly writeWith?: 'bulk-messages' | 'row-by-row';
  /** Most requests in a day for bulk work; null or left out: no limit. They are counted all the same. */
  readonly dailyRequests?: number;
  /** Where the day's count is kept; in memory when left out. */
  readonly dailyLedger?: DailyLedger;
  readonly log?: Log;
  /** Learns Dataverse's own time from its answers. */
  readonly serverClock?: ServerClock;
  /** Set-up makes the table of requests too, by which the control asks through Dataverse. */
  readonly wantsRequests?: boolean;
}

/** What Dataverse allows one user on one web server (api-limits). */
const defaultMaxConcurrency = 52;
/**
 * A bad row costs the rows of its request twice, a time-out or a lost answer all of them, so not Microsoft's upper end of 1,000; the
 * request's own cost is 2 % of 500 rows.
 */
const defaultBatchSize = 500;

/** A client for one environment. Throws `dataverse.address_refused`. */
export const openDataverse = (options: DataverseOptions): Dataverse => {
  const { origin } = readSecureAddress(options.url, 'Dataverse');
  const { clock, random = Math.random, sleep = sleepOnTimer, log = silentLog } = options;
  const { serverClock = createServerClock(() => clock.nowMs()) } = options;
  const maxConcurrency = Math.max(1, options.maxConcurrency ?? defaultMaxConcurrency);
  // Bulk leaves a few of the allowed places to the agents' clicks.
  const mostAtOnce = Math.max(1, maxConcurrency - interactivePlaces);
  const users = options.users.map(
    ({ clientId, credential }, index) =>
      new ApplicationUser({ clientId, credential, pace: new UserPace({ mostAtOnce, clock, isFirst: index === 0 }) }),
  );
  const onLongWait = (waitMs: number): void =>
    log.warn({ waitMs: Math.round(waitMs) }, 'Bulk requests wait for room in what Dataverse allows in five minutes');
  const gate = new Gate({ users, clock, sleep, onLongWait });
  const daily = new DailyRequests({ limit: options.dailyRequests ?? null, ledger: options.dailyLedger ?? createMemoryLedger(), clock });
  const transport = createTransport({ maxSockets: (maxConcurrency + interactivePlaces) * users.length });
  const caller = new Caller({ origin, transport, gate, daily, clock, serverClock, random, sleep, log });
  const batches = new BatchSender({ caller, gate, clock, random, sleep });

  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  /** Ends with the caller's signal or when we close; `close` waits for it. */
  const during = <Value>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> => {
    const done = work(AbortSignal.any([signal, closing.signal]));
    underWay.add(done);
    const forget = () => underWay.delete(done);
    done.then(forget, forget);
    return done;
  };

  const writer = new Writer({ caller, batches, gate, clock, batchSize: options.batchSize ?? defaultBatchSize });
  const reader = new Reader({ caller, batches });
  const setup = new Setup(caller, { wantsRequests: options.wantsRequests ?? false });
  const describer = new TableDescriber(batches);
  const cached = { clock, closing: closing.signal };
  const tables = new FreshCache({
    ...cached,
    ask: async (table, question) => {
      const description = requireOurColumns(table, await describer.describe(table, question));
      return options.writeWith === 'row-by-row' ? { ...description, supportsUpsertMultiple: false } : description;
    },
  });
  const targetTables = new FreshCache({
    ...cached,
    ask: async (table, question) => requireTable(table, await describer.describe(table, question)),
  });
  const teams = new FreshCache({ ...cached, ask: (nameOrId, question) => reader.findTeam(nameOrId, question) });

  return {
    upsert: (table, rows, write) => during(write.signal, (signal) => writer.upsert(table, rows, { ...write, signal })),
    update: (table, rows, write) => during(write.signal, (signal) => writer.update(table, rows, { ...write, signal })),
    delete: (table, keys, write) => during(write.signal, (signal) => writer.delete(table, keys, { ...write, signal })),
    rowsWorthHolding: (table) => writer.rowsWorthHolding(table),
    updateById: (table, rows, write) => during(write.signal, (signal) => writer.updateById(table, rows, { ...write, signal })),
    deleteById: (table, rowIds, write) => during(write.signal, (signal) => writer.deleteById(table, rowIds, { ...write, signal })),
    changeRow: (table, change) => during(change.signal, (signal) => writer.changeRow(table, { ...change, signal })),
    readRow: (table, address, read) => during(read.signal, (signal) => reader.readRow(table, address, { ...read, signal })),
    readRowsByKey: (table, keys, read) => during(read.signal, (signal) => reader.readRowsByKey(table, keys, { ...read, signal })),
    readRowPages: (table, query) => reader.readRowPages(table, { ...query, signal: AbortSignal.any([query.signal, closing.signal]) }),
    setUp: (options) =>
      during(options.signal, async (signal) => {
        const report = await setup.setUp({ ...options, signal });
        // What was described before is another table now.
        if (!options.isDryRun && report.changes.length > 0) tables.forget();
        return report;
      }),
    readRowsByColumn: (table, column, values, read) =>
      during(read.signal, (signal) => reader.readRowsByColumn(table, column, values, { ...read, signal })),
    whoAmI: (givenSignal, patience = 'interactive') =>
      during(givenSignal, async (signal) => ({ ...(await reader.whoAmI({ patience, signal })), address: origin })),
    use: async () => ({
      users: users.map(({ clientId, pace }) => ({
        clientId,
        lanes: pace.bulkLanes,
        pausedForMs: pace.pausedForMs,
        learnedExecutionMs: pace.learnedExecutionMs,
      })),
      bulkWaitsForMs: gate.bulkWaitsForMs,
      daily: await daily.use(),
    }),
    describeTable: (table, givenSignal, patience = 'interactive') =>
      during(givenSignal, (signal) => tables.get(table, { patience, signal })),
    describeTargetTable: (table, givenSignal, patience = 'interactive') =>
      during(givenSignal, (signal) => targetTables.get(table, { patience, signal })),
    findTeam: (nameOrId, givenSignal, patience = 'interactive') =>
      during(givenSignal, (signal) => teams.get(nameOrId, { patience, signal })),
    close: async () => {
      closing.abort(new DOMException('The connection to Dataverse was closed', 'AbortError'));
      await Promise.allSettled(underWay);
      await Promise.allSettled([daily.flush()]);
      transport.close();
    },
  };
};
