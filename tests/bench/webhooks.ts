import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../support/postgres.mjs';
import { crmApiKey } from '../support/sandbox.ts';

/**
 * `npm run bench -- webhooks`: how long a CRM waits for the answer to a delivery while a bulk run works, beside how long it waits when nothing
 * else is done; then the same with the process killed in the middle. In the end nothing may be lost, and both sides must be equal.
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
/** Records that are posted about, and how many deliveries come for one change: more than a CRM ever sends, as it should cost nothing. */
const busyRecords = 500;
const deliveriesPerChange = 5;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
process.env.TEST_DATABASE_URL = postgres.url;
const { hookSecret, startProduct } = await import('../support/product.ts');
const key = Buffer.from(hookSecret.slice('whsec_'.length), 'base64');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

const product = await startProduct({ contacts: Number(values.contacts) });

/** Status of the answer; 0 when there was none. */
const send = (path: string, method: string, body: string, headers: Readonly<Record<string, string>>, base: string): Promise<number> =>
  new Promise((resolve) => {
    const sent = request(
      new URL(path, base),
      { method, agent, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        response.resume().once('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end(body);
  });

const deliver = (id: string, recordId: string): Promise<number> => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({ table: 'people', event: 'updated', id: recordId });
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return send('/webhooks/northwind', 'POST', body, headers, product.apiUrl);
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

interface Phase {
  readonly acknowledged: number;
  readonly firstTryMs: readonly number[];
  readonly repeated: number;
}

let changes = 0;
/** One delivery every few milliseconds, whether the one before is answered or not; who gets no answer tries again, as a CRM does. */
const post = async (forSeconds: number, people: readonly string[], killAfterSeconds: number | null): Promise<Phase> => {
  const count = rate * forSeconds;
  const startedMs = performance.now();
  const firstTryMs: number[] = [];
  let acknowledged = 0;
  let repeated = 0;
  const sendOne = async (position: number): Promise<void> => {
    const recordId = people[position % people.length] ?? '';
    if (position % deliveriesPerChange === 0) {
      changes += 1;
      const phone = `+1 555 ${String(changes).padStart(6, '0')}`;
      await send(`/api/v1/people/${recordId}`, 'PATCH', JSON.stringify({ phone }), { 'x-api-key': crmApiKey }, product.sandbox.crmUrl);
    }
    const id = `msg_${randomUUID()}`;
    for (let tries = 0; ; tries += 1) {
      const sentMs = performance.now();
      const status = await deliver(id, recordId);
      if (status === 202) {
        if (tries === 0) firstTryMs.push(performance.now() - sentMs);
        acknowledged += 1;
        return;
      }
      if (status !== 0 && status < 500) throw new Error(`a delivery was answered with ${status}`);
      repeated += 1;
      await delay(500);
    }
  };
  const sending: Promise<void>[] = [];
  let killed: Promise<void> | null = null;
  for (let position = 0; position < count; position += 1) {
    const dueMs = startedMs + (position * 1000) / rate;
    if (dueMs > performance.now()) await delay(dueMs - performance.now());
    if (killAfterSeconds !== null && killed === null && position >= killAfterSeconds * rate)
      killed = product.killApi().then(() => product.startApi());
    sending.push(sendOne(position));
  }
  await Promise.all(sending);
  await killed;
  return { acknowledged, firstTryMs: firstTryMs.sort((one, other) => one - other), repeated };
};

/** A bulk run works all the time: the next begins when one ends. */
const keepRunning = (signal: AbortSignal): Promise<number> =>
  (async () => {
    let runs = 0;
    while (!signal.aborted) {
      const client = product.client();
      await client
        .startRun({ sourceId: 'northwind', mode: 'full' })
        .then(({ id }) => client.watchRun(id, { signal, onRun: () => undefined }))
        .then(() => (runs += 1))
        // The process that was killed answers nothing for a moment.
        .catch(() => delay(300));
    }
    return runs;
  })();

const store = new pg.Client(product.environment.TEST_STORE_URL);
try {
  await product.startApi();
  await store.connect();
  // Rows for those that are posted about, so that the run is not the first to write them.
  const { data } = await product.sandbox.crm.get<{ data: { id: string | number }[] }>(`/api/v1/people?per_page=200`);
  const people = data.map(({ id }) => String(id)).slice(0, busyRecords);

  const idle = await post(idleSeconds, people, null);
  const bulk = new AbortController();
  const running = keepRunning(bulk.signal);
  const busy = await post(seconds, people, null);
  const disturbed = await post(Math.max(10, Math.round(seconds / 3)), people, 4);
  bulk.abort();
  await running;

  const sent = idle.acknowledged + busy.acknowledged + disturbed.acknowledged;
  const drainStartedMs = performance.now();
  const count = async (what: string): Promise<number> =>
    Number((await store.query<{ count: string }>(`select count(*) as count from crm_sync.inbox where ${what}`)).rows[0]?.count);
  while ((await count('done_on_ms is null')) > 0) await delay(200);
  const drainedMs = performance.now() - drainStartedMs;
  const [stored, failed] = [await count('true'), await count(`outcome ? 'failed'`)];
  // The last full run may have been cancelled with its process; this one brings what nobody posted about, then both sides are compared.
  await product.run({ mode: 'full' });
  const verified = await product.run({ mode: 'verify' });
  const { lagFromReceipt } = (await product.client().deliveries('northwind', { limit: 1 })).webhooks;

  const [idleP99, busyP50, busyP99] = [
    percentile(idle.firstTryMs, 0.99),
    percentile(busy.firstTryMs, 0.5),
    percentile(busy.firstTryMs, 0.99),
  ];
  const isFast = busyP99 <= boundMs;
  const isWhole = stored === sent && failed === 0 && verified.state === 'succeeded';
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  say(`${rate} deliveries a second about ${people.length} of ${values.contacts} contacts`);
  say(`  nothing else to do   p50 ${ms(percentile(idle.firstTryMs, 0.5))}, p99 ${ms(idleP99)}`);
  say(
    `  beside full runs     p50 ${ms(busyP50)}, p99 ${ms(busyP99)} (at most ${boundMs} ms) ${isFast ? 'met' : 'MISSED'}, ${(busyP99 / idleP99).toFixed(1)} times as long as alone`,
  );
  say(`  killed in the middle ${disturbed.repeated} tries without an answer, all came again`);
  say(
    `  ${sent.toLocaleString('en-US')} acknowledged, ${stored.toLocaleString('en-US')} stored, ${failed} with failures; the last were done after ${(drainedMs / 1000).toFixed(1)} s`,
  );
  if (lagFromReceipt)
    say(`  from receipt to Dataverse: median ${lagFromReceipt.medianMilliseconds} ms, p99 ${lagFromReceipt.p99Milliseconds} ms`);
  say(`  both sides compared: ${verified.state} ${isWhole ? 'met' : 'MISSED'}`);
  process.exitCode = isFast && isWhole ? 0 : 1;
} finally {
  await store.end().catch(() => undefined);
  agent.destroy();
  await product.stop();
  await postgres.stop();
}
