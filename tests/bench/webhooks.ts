import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../support/postgres.mjs';
import { rootFolder } from '../support/ready-process.ts';
import { commitTimesDuring } from './commit-times.ts';
import { type Answered, type Phase, createSender } from './deliver.ts';

/**
 * `npm run bench -- webhooks`: how long a CRM waits for the answer to a delivery while a bulk run works, beside how long it waits when nothing
 * else is done; then the same with the process killed in the middle. In the end nothing may be lost, and both sides must be equal.
 *
 * The CRM, Dataverse, PostgreSQL and whoever posts share the processors with the API here. So for each delivery it is measured, too, how long
 * the API could have gone on with its work and had no processor.
 */
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    contacts: { type: 'string', default: '20000' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const boundMs = 100;
const idleSeconds = 10;
/** Compilers, the database's plans and its pool are cold at first, which a working day is not. */
const warmUpSeconds = 5;
const busyRecords = 200;
const deliveriesPerChange = 5;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const number = (value: number): string => value.toLocaleString('en-US');

const folder = mkdtempSync(join(tmpdir(), 'crm-sync-bench-'));
const loopFile = join(folder, 'loop');
const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
process.env.TEST_DATABASE_URL = postgres.url;
const { hookSecret, startProduct } = await import('../support/product.ts');
const product = await startProduct({
  contacts: Number(values.contacts),
  extraEnvironment: {
    NODE_OPTIONS: `--import=${new URL('tests/bench/report-loop.mjs', `file://${rootFolder}`).href}`,
    BENCH_LOOP_FILE: loopFile,
  },
});

const percentile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((one, other) => one - other)[Math.min(numbers.length - 1, Math.ceil(numbers.length * share) - 1)] ?? Number.NaN;
const shown = (numbers: readonly number[]): string =>
  `p50 ${ms(percentile(numbers, 0.5))}, p99 ${ms(percentile(numbers, 0.99))}, p99.9 ${ms(percentile(numbers, 0.999))}`;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** A bulk run works all the time: the next begins when one ends. */
const keepRunning = async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const client = product.client();
    await client
      .startRun({ sourceId: 'northwind', mode: 'full' })
      .then(({ id }) => client.watchRun(id, { signal, onRun: () => undefined }))
      // The process that was killed answers nothing for a moment.
      .catch(() => delay(300));
  }
};

const store = new pg.Client(product.environment.TEST_STORE_URL);
const count = async (what: string): Promise<number> =>
  Number((await store.query<{ count: string }>(`select count(*) as count from crm_sync.inbox where ${what}`)).rows[0]?.count);
const untilDone = async (): Promise<void> => {
  while ((await count('done_on_ms is null')) > 0) await delay(200);
};
/** From the receipt to what was recorded for it, of the deliveries of a phase. */
const lagsOf = async ({ fromMs, toMs }: Phase): Promise<readonly number[]> => {
  const text = `select done_on_ms - received_on_ms as lag from crm_sync.inbox where received_on_ms between $1 and $2`;
  const { rows } = await store.query<{ lag: string }>(text, [Math.floor(fromMs), Math.ceil(toMs)]);
  return rows.map(({ lag }) => Number(lag));
};

interface LoopLine {
  readonly atMs: number;
  readonly lateMs: readonly number[];
  readonly garbageMs: readonly number[];
}
const loopIn = ({ fromMs, toMs }: Phase): Pick<LoopLine, 'lateMs' | 'garbageMs'> => {
  const lines = readFileSync(loopFile, 'utf8').split('\n').slice(0, -1);
  const within = lines.map((line) => JSON.parse(line) as LoopLine).filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  return { lateMs: within.flatMap(({ lateMs }) => lateMs), garbageMs: within.flatMap(({ garbageMs }) => garbageMs) };
};

const tookOf = ({ answered }: Phase): readonly number[] => answered.map(({ tookMs }) => tookMs);
const slowest = ({ answered }: Phase): readonly Answered[] =>
  answered.toSorted((one, other) => other.tookMs - one.tookMs).slice(0, Math.max(1, Math.ceil(answered.length / 100)));

const describe = async (name: string, phase: Phase, commitsMs: readonly number[]): Promise<void> => {
  const { lateMs, garbageMs } = loopIn(phase);
  const tail = slowest(phase);
  say(`  ${name}`);
  say(`    acknowledged after        ${shown(tookOf(phase))}`);
  say(
    `    the slowest hundredth     ${ms(mean(tail.map(({ tookMs }) => tookMs)))} on average; in it the API waited ${ms(mean(tail.map(({ apiWaitedMs }) => apiWaitedMs)))} for a processor, and who posts ${ms(mean(tail.map(({ hereWaitedMs }) => hereWaitedMs)))}`,
  );
  say(`    the API's event loop late ${shown(lateMs)}; garbage stopped it for at most ${ms(Math.max(0, ...garbageMs))}`);
  say(`    the smallest commit took  ${shown(commitsMs)}`);
  say(`    processors                ${Math.round(phase.busyShare * 100)} % busy; the API used ${phase.apiUse.toFixed(2)} of one`);
  say(`    from receipt to Dataverse ${shown(await lagsOf(phase))}`);
};

let sender: ReturnType<typeof createSender> | undefined;
try {
  await product.startApi();
  await store.connect();
  const { data } = await product.sandbox.crm.get<{ data: { id: string | number }[] }>(`/api/v1/people?per_page=${busyRecords}`);
  const recordIds = data.map(({ id }) => String(id));
  const api = { url: () => product.apiUrl, processId: () => product.api().processId };
  const key = Buffer.from(hookSecret.slice('whsec_'.length), 'base64');
  sender = createSender({ crmUrl: product.sandbox.crmUrl, recordIds, perSecond: rate, perChange: deliveriesPerChange, key, api });

  // Writes the rows of those that are posted about, so that the run is not the first to do it.
  const warm = await sender.post(warmUpSeconds);
  await untilDone();
  const posting = sender;
  const databaseUrl = product.environment.TEST_STORE_URL ?? '';
  const [idle, idleCommitsMs] = await commitTimesDuring(databaseUrl, () => posting.post(idleSeconds));
  await untilDone();
  const bulk = new AbortController();
  const running = keepRunning(bulk.signal);
  const [busy, busyCommitsMs] = await commitTimesDuring(databaseUrl, () => posting.post(seconds));
  const disturbed = await sender.post(Math.max(10, Math.round(seconds / 3)), () => product.killApi().then(() => product.startApi()));
  bulk.abort();
  await running;

  const sent = [warm, idle, busy, disturbed].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  await untilDone();
  const [stored, failed] = [await count('true'), await count(`outcome ? 'failed'`)];
  // The last full run may have been cancelled with its process; this one brings what nobody posted about, then both sides are compared.
  await product.run({ mode: 'full' });
  const verified = await product.run({ mode: 'verify' });

  say(`${rate} deliveries a second about ${recordIds.length} of ${number(Number(values.contacts))} contacts`);
  await describe('nothing else to do', idle, idleCommitsMs);
  await describe('beside full runs', busy, busyCommitsMs);
  const disturbedLags = await lagsOf(disturbed);
  say(`  killed in the middle`);
  say(`    ${number(disturbed.repeated)} tries without an answer, all came again; from receipt to Dataverse ${shown(disturbedLags)}`);

  const p99Ms = percentile(tookOf(busy), 0.99);
  const ownP99Ms = percentile(
    busy.answered.map(({ tookMs, apiWaitedMs }) => Math.max(0, tookMs - apiWaitedMs)),
    0.99,
  );
  const isFast = p99Ms <= boundMs;
  const isReason = !isFast && ownP99Ms <= boundMs;
  const isWhole = stored === sent && failed === 0 && verified.state === 'succeeded';
  say(
    `  acknowledged within ${boundMs} ms: p99 ${ms(p99Ms)} ${isFast ? 'met' : `MISSED${isReason ? ', as processors were missing' : ''}`}; without the API's wait for a processor ${ms(ownP99Ms)}`,
  );
  say(
    `  none lost: ${number(sent)} acknowledged, ${number(stored)} stored, ${failed} with failures, both sides compared: ${verified.state} ${isWhole ? 'met' : 'MISSED'}`,
  );
  process.exitCode = (isFast || isReason) && isWhole ? 0 : 1;
} finally {
  await store.end().catch(() => undefined);
  sender?.stop();
  await product.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
