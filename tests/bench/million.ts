import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Run, createApiClient, isFinal } from '@crm-sync/client';
import { apiArguments } from '../../.house/api-process.mjs';
import { requestJson } from '../support/http-json.ts';
import { startPostgres } from '../support/postgres.mjs';
import { startReadyProcess } from '../support/ready-process.ts';
import { createRandom } from '../support/random.ts';
import { applicationUser, crmApiKey } from '../support/sandbox.ts';
import { withDatabase } from './database.ts';
import type { WrittenRows } from './written-keys.ts';
import { configOf, type NullServers, peakMegabytes, signIn } from './measure-product.ts';

/**
 * `npm run bench -- million`: a first load of a million contacts by an API whose heap is capped, killed with SIGKILL on the way. Nothing may
 * be lost, no row written more often than the kills explain, and memory must not grow with the number of records. `--store embedded` does
 * the same without PostgreSQL.
 */
const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '1000000' },
    accounts: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '5' },
    heap: { type: 'string', default: '256' },
    store: { type: 'string', default: 'server' },
    seed: { type: 'string', default: '1' },
  },
});
const [contacts, accounts, kills] = [Number(values.contacts), Number(values.accounts), Number(values.kills)];
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const inWords = (number: number): string => number.toLocaleString('en-US');
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Of Northwind's manifest. */
const recordsPerPage = 500;
/** Three pages are compared and written at a time, and one is on its way to them; what was written last is read once more by its note. */
const mostRepeatedPerKill = 2 * 4 * recordsPerPage;
const lookEveryMs = 100;

const load = async (servers: NullServers, databaseUrl: string): Promise<boolean> => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-bench-'));
  const configFile = join(folder, 'crm-sync.yaml');
  writeFileSync(configFile, configOf(servers, join(folder, 'store')));
  const environment = {
    CRM_SYNC_CONFIG: configFile,
    CRM_SYNC_STOP_WITH_STDIN: '1',
    BENCH_CLIENT_SECRET: applicationUser.clientSecret,
    BENCH_API_KEY: crmApiKey,
    DATABASE_URL: databaseUrl,
  };
  const start = () =>
    startReadyProcess<{ readonly url: string }>({ args: [`--max-old-space-size=${values.heap}`, ...apiArguments], environment });
  const clientOf = ({ ready }: { readonly ready: { readonly url: string } }) =>
    createApiClient({ baseUrl: ready.url, getToken: () => signIn(servers.issuerUrl) });
  const written = async (): Promise<WrittenRows> => {
    const { byTable } = await requestJson<{ readonly byTable: Readonly<Record<string, WrittenRows>> }>(
      `${servers.dataverseUrl}/statistics`,
    );
    const tables = Object.values(byTable);
    return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), writes: tables.reduce((sum, { writes }) => sum + writes, 0) };
  };

  const random = createRandom(Number(values.seed));
  const total = accounts + contacts;
  // Somewhere in each of as many equal parts of the way.
  const killAt = Array.from({ length: kills }, (_, part) => Math.floor((total * (part + 0.2 + random.next() * 0.7)) / (kills + 1)));
  let api = await start();
  let [peak, idleMs, killed] = [0, 0, 0];
  const notePeak = (): void => {
    peak = Math.max(peak, peakMegabytes(api.processId) ?? Number.NaN);
  };
  try {
    const startedMs = performance.now();
    const { id } = await clientOf(api).startRun({ sourceId: 'measured', mode: 'full' });
    let run: Run = (await clientOf(api).run(id)).run;
    while (!isFinal(run)) {
      await delay(lookEveryMs);
      run = (await clientOf(api).run(id)).run;
      notePeak();
      const next = killAt[killed];
      if (next === undefined || run.counts.read < next) continue;
      killed += 1;
      await api.kill();
      const before = await written();
      const killedMs = performance.now();
      api = await start();
      while ((await written()).writes === before.writes) await delay(lookEveryMs);
      const waitedMs = performance.now() - killedMs;
      idleMs += waitedMs;
      say(`  killed at ${inWords(run.counts.read).padStart(9)} records, at work again after ${seconds(waitedMs)}`);
    }
    const elapsedMs = performance.now() - startedMs;
    const { rows, writes } = await written();
    const repeated = writes - rows;
    say(
      `  ${run.state}: read ${inWords(run.counts.read)}, written ${inWords(run.counts.written)}; ${inWords(rows)} rows of as many keys in Dataverse`,
    );
    say(`  time      ${seconds(elapsedMs)}, of which ${seconds(idleMs)} until the killed were missed and started again`);
    say(`  speed     ${inWords(Math.round((total / (elapsedMs - idleMs)) * 1000))} records/s while at work`);
    say(`  memory    ${Math.round(peak)} MB at most, with a heap of ${values.heap} MB`);
    say(`  repeated  ${inWords(repeated)} writes in ${killed} kills (at most ${inWords(mostRepeatedPerKill)} each)`);
    const { read, written: writtenCount, unchanged, stale, filtered, failed, withheld } = run.counts;
    const missed = [
      run.state === 'succeeded' ? [] : [`the run ended as ${run.state}`],
      rows === total ? [] : [`${inWords(rows)} rows for ${inWords(total)} records`],
      read === total ? [] : [`${inWords(read)} read of ${inWords(total)}`],
      read === writtenCount + unchanged + stale + filtered + failed + withheld ? [] : ['the equation does not hold'],
      killed === kills ? [] : [`only ${killed} kills`],
      repeated <= killed * mostRepeatedPerKill ? [] : ['more repeated than the kills explain'],
    ].flat();
    for (const what of missed) say(`  MISSED: ${what}`);
    return missed.length === 0;
  } finally {
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const servers = await startReadyProcess<NullServers>({
  args: ['tests/bench/null-servers.ts', '--accounts', values.accounts, '--contacts', values.contacts, '--remembers-keys'],
});
say(`${inWords(accounts)} accounts and ${inWords(contacts)} contacts against null servers, ${kills} kills`);
try {
  if (values.store === 'embedded') process.exitCode = (await load(servers.ready, '')) ? 0 : 1;
  else {
    const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
    try {
      process.exitCode = (await withDatabase(postgres.url, (databaseUrl) => load(servers.ready, databaseUrl))) ? 0 : 1;
    } finally {
      await postgres.stop();
    }
  }
} finally {
  await servers.stop();
}
