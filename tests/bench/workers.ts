import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from '@crm-sync/client';
import { parse, stringify } from 'yaml';
import { apiArguments } from '../../.house/api-process.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { startReadyProcess } from '../support/ready-process.ts';
import { applicationUser, crmApiKey } from '../support/sandbox.ts';
import { withDatabase } from './database.ts';
import { configOf, type NullServers, signIn } from './measure-product.ts';

/**
 * `npm run bench -- workers`: how much faster two processes on one PostgreSQL read a slow CRM than one does. Both are measured in the same
 * minutes against the same servers; what a process can do at once is the same in both. That a second process joins a run up to a second
 * late, and that the last slices end one by one, costs some 3 s however long the run is: with 40,001 contacts that is a sixth of
 * what two take.
 */
const { values } = parseArgs({ options: { contacts: { type: 'string', default: '120001' }, delay: { type: 'string', default: '800' } } });
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const least = 1.8;

/** Northwind, whose people can be asked for by a range of ids: eight slices that begin where pages do. */
const slicedManifest = (): string => {
  const edge = (position: string) => ({ path: '/people', query: { per_page: 1, page: position }, value: 'data[0].id' });
  const manifest: unknown = parse(readFileSync(new URL('../../api/connectors/northwind/manifest.yaml', import.meta.url), 'utf8'));
  const { tables, ...rest } = manifest as { readonly tables: { readonly contact: { readonly list: { readonly query?: object } } } };
  const { contact } = tables;
  const list = {
    ...contact.list,
    query: { ...contact.list.query, id_from: '{{slice.from}}', id_below: '{{slice.to}}' },
    slices: { by: 'number', at: 'id', into: 8, lowest: edge('1'), highest: edge(values.contacts) },
  };
  return stringify({ ...rest, tables: { ...tables, contact: { ...contact, list } } });
};

const measure = async (servers: NullServers, databaseUrl: string, processes: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-bench-'));
  const connector = join(folder, 'manifest.yaml');
  writeFileSync(connector, slicedManifest());
  const configFile = join(folder, 'crm-sync.yaml');
  writeFileSync(configFile, configOf(servers, join(folder, 'store'), connector));
  const environment = {
    CRM_SYNC_CONFIG: configFile,
    CRM_SYNC_STOP_WITH_STDIN: '1',
    BENCH_CLIENT_SECRET: applicationUser.clientSecret,
    BENCH_API_KEY: crmApiKey,
    DATABASE_URL: databaseUrl,
  };
  const start = () => startReadyProcess<{ readonly url: string }>({ args: apiArguments, environment });
  const apis = [await start()];
  try {
    while (apis.length < processes) apis.push(await start());
    const client = createApiClient({ baseUrl: apis[0]?.ready.url ?? '', getToken: () => signIn(servers.issuerUrl) });
    const { id } = await client.startRun({ sourceId: 'measured', mode: 'full' });
    await client.watchRun(id, { signal: new AbortController().signal, onRun: () => undefined });
    const { run } = await client.run(id);
    if (run.state !== 'succeeded') throw new Error(`the run ended as ${run.state}: ${run.error?.title ?? ''}`);
    return Date.parse(run.finishedOn ?? '') - Date.parse(run.startedOn ?? '');
  } finally {
    await Promise.all(apis.map(({ stop }) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
};

const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
const servers = await startReadyProcess<NullServers>({
  args: ['tests/bench/null-servers.ts', '--accounts', '500', '--contacts', values.contacts, '--delay', values.delay],
});
try {
  say(`${Number(values.contacts).toLocaleString('en-US')} contacts from a CRM that takes ${values.delay} ms for a page`);
  const one = await withDatabase(postgres.url, (databaseUrl) => measure(servers.ready, databaseUrl, 1));
  const two = await withDatabase(postgres.url, (databaseUrl) => measure(servers.ready, databaseUrl, 2));
  const ratio = one / two;
  say(`  one process  ${(one / 1000).toFixed(1)} s`);
  say(
    `  two          ${(two / 1000).toFixed(1)} s, ${ratio.toFixed(2)} times as fast (at least ${least}) ${ratio >= least ? 'met' : 'MISSED'}`,
  );
  process.exitCode = ratio >= least ? 0 : 1;
} finally {
  await servers.stop();
  await postgres.stop();
}
