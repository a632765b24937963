import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Run, VerifyStatement } from '@crm-sync/client';
import { seedDifferences } from '../api/verify/seed-differences.ts';
import { startPostgres } from '../support/postgres.mjs';
import { startProduct } from '../support/product.ts';

/**
 * `npm run bench -- verify`: verifies the sandbox's CRM and Dataverse over HTTP, with some differences of each kind among all rows, and
 * repairs them. Ends with 1 unless exactly those are found, and none is left.
 */
const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '100000' },
    seeded: { type: 'string', default: '50' },
  },
});
const ofEach = Number(values.seeded);
const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const line = (name: string, text: string): void => say(`  ${name.padEnd(34)} ${text}`);

/** Linux keeps the high-water mark of a process's memory. */
const peakMegabytes = (processId: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

const ticksPerSecond = 100;
/** Of the process so far: what the machine's other work does not change. The name, in brackets, may hold spaces. */
const processorSeconds = (processId: number): number => {
  const fields = readFileSync(`/proc/${processId}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const found = ({ tables }: VerifyStatement): readonly string[] =>
  tables.flatMap(({ classes }) =>
    classes.filter(({ isDifference, found: count }) => isDifference && count > 0).map(({ verdict, found: count }) => `${verdict} ${count}`),
  );

/** However long it takes. */
const runToEnd = async (request: { readonly mode: Run['mode']; readonly repairs?: boolean }): Promise<Run> => {
  const client = product.client();
  const { id } = await client.startRun({ sourceId: 'northwind', ...request });
  await client.watchRun(id, { signal: new AbortController().signal, onRun: () => undefined });
  return (await client.run(id)).run;
};

const rate = (records: number, seconds: number): string => Math.round(records / seconds).toLocaleString('en-US');

/** Runs, and says how long that took by the clock and by the API's processor. */
const measure = async (name: string, request: Parameters<typeof runToEnd>[0]): Promise<Run> => {
  const before = processorSeconds(product.api().processId);
  const run = await runToEnd(request);
  const busy = processorSeconds(product.api().processId) - before;
  const seconds = (Date.parse(run.finishedOn ?? '') - Date.parse(run.startedOn ?? '')) / 1_000;
  const { read } = run.counts;
  line(name, `${seconds.toFixed(1)} s, ${rate(read, seconds)} records/s; ${busy.toFixed(1)} s of processor, ${rate(read, busy)} records/s`);
  return run;
};

const expected = ['missing', 'stale', 'edited', 'orphaned', 'doubled'].map((verdict) => `${verdict} ${ofEach}`);
const missed: string[] = [];
const check = (name: string, statement: VerifyStatement, wanted: readonly string[]): void => {
  const is = found(statement);
  const isMet = is.join() === wanted.join();
  line(name, `${is.length === 0 ? 'none' : is.join(', ')} ${isMet ? 'met' : `MISSED, wanted ${wanted.join(', ') || 'none'}`}`);
  if (!isMet) missed.push(name);
};

const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
const product = await startProduct({ accounts: 1_000, contacts: Number(values.contacts), databaseUrl: postgres.url });
try {
  await product.startApi();
  const processId = product.api().processId;
  say(`${Number(values.contacts).toLocaleString('en-US')} people, ${ofEach} differences of each kind`);
  await measure('first load', { mode: 'full' });
  line('peak memory by then', `${Math.round(peakMegabytes(processId))} MB`);
  await seedDifferences(product, ofEach);
  for (const [name, repairs, wanted] of [
    ['verify', false, expected],
    ['verify and repair', true, expected],
    ['verify again', false, []],
  ] as const) {
    const run = await measure(name, { mode: 'verify', repairs });
    check('  found', await product.client().runStatement(run.id), wanted);
  }
  line('peak memory', `${Math.round(peakMegabytes(processId))} MB`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await product.stop();
  await postgres.stop();
}
