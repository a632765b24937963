import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres.mjs';
import { startReadyProcess } from '../support/ready-process.ts';
import { withDatabase } from './database.ts';
import { measureProduct, type NullServers, type ProductFigures } from './measure-product.ts';

/**
 * `npm run bench -- overhead`: what the product costs beyond the least that a sync can be. Every figure stands beside the bare loop measured
 * in the same rounds against the same null servers, since the machine's own speed comes and goes.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    contacts: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = Number(values.rounds);
const say = (text = ''): void => void process.stdout.write(`${text}\n`);

interface Figures {
  readonly records: number;
  readonly elapsedMs: number;
}

const startNullServers = (accounts: string, contacts: string) =>
  startReadyProcess<NullServers>({ args: ['tests/bench/null-servers.ts', '--accounts', accounts, '--contacts', contacts] });

const measureScript = async (script: string, servers: NullServers): Promise<Figures> => {
  const { ready, stop } = await startReadyProcess<Figures>({
    args: [script, '--crm-url', servers.crmUrl, '--dataverse-url', servers.dataverseUrl],
    readyWithinMs: 600_000,
  });
  await stop();
  return ready;
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const perRecord = ({ elapsedMs, records }: Figures): number => elapsedMs / records;
const speed = (figures: readonly Figures[]): string =>
  `${Math.round(1000 / median(figures.map(perRecord))).toLocaleString('en-US')} records/s`;
/** Pair by pair within a round, so that a slow minute counts on both sides. */
const ratio = (figures: readonly Figures[], base: readonly Figures[]): number =>
  median(figures.map((figure, index) => perRecord(figure) / perRecord(base[index] ?? figure)));
const memory = (figures: readonly ProductFigures[]): number => Math.max(...figures.map(({ peakMegabytes }) => peakMegabytes ?? Number.NaN));

const missed: string[] = [];
const line = (name: string, text: string): void => say(`  ${name.padEnd(34)} ${text}`);
const judge = (name: string, isMet: boolean, shown: string): void => {
  line(name, `${shown} ${isMet ? 'met' : 'MISSED'}`);
  if (!isMet) missed.push(name);
};
const limit = (name: string, value: number, most: number, shown: string): void => judge(name, value <= most, `${shown} (at most ${most})`);

const postgres = process.env.DATABASE_URL ? { url: process.env.DATABASE_URL, stop: async () => undefined } : await startPostgres();
const big = await startNullServers(values.accounts, values.contacts);
const small = await startNullServers(String(Number(values.accounts) / 10), String(Number(values.contacts) / 10));
try {
  const bare: Figures[] = [];
  const storeless: Figures[] = [];
  const server: ProductFigures[] = [];
  const unchanged: ProductFigures[] = [];
  const embedded: ProductFigures[] = [];
  const serverSmall: ProductFigures[] = [];

  say(
    `${Number(values.accounts).toLocaleString('en-US')} accounts and ${Number(values.contacts).toLocaleString('en-US')} contacts against null servers, ${rounds} rounds`,
  );
  for (let round = 1; round <= rounds; round += 1) {
    bare.push(await measureScript('tests/bench/bare-loop.ts', big.ready));
    storeless.push(await measureScript('tests/bench/pipeline-without-store.ts', big.ready));
    const [first, second] = await withDatabase(postgres.url, (databaseUrl) => measureProduct(big.ready, { databaseUrl, runs: 2 }));
    if (first !== undefined) server.push(first);
    if (second !== undefined) unchanged.push(second);
    embedded.push(...(await measureProduct(big.ready, { runs: 1 })));
    serverSmall.push(...(await withDatabase(postgres.url, (databaseUrl) => measureProduct(small.ready, { databaseUrl, runs: 1 }))));
    say(`  round ${round} done`);
  }

  say();
  say('Speed');
  line('bare loop', speed(bare));
  line('pipeline, store off', speed(storeless));
  limit('  time against the bare loop', ratio(storeless, bare), 1.5, ratio(storeless, bare).toFixed(2));
  line('product on PostgreSQL, first load', speed(server));
  limit('  time against the bare loop', ratio(server, bare), 2.2, ratio(server, bare).toFixed(2));
  line('product on PostgreSQL, unchanged', speed(unchanged));
  const gain = ratio(server, unchanged);
  judge('  speed against the first load', gain >= 1.3, `${gain.toFixed(2)} (at least 1.3)`);
  line('product embedded, first load', `${speed(embedded)}, time against the bare loop ${ratio(embedded, bare).toFixed(2)}`);

  say();
  say('Peak memory of the API process');
  limit('on PostgreSQL', memory(server), 300, `${Math.round(memory(server))} MB`);
  limit('  against a tenth of the records', memory(server) / memory(serverSmall), 1.3, (memory(server) / memory(serverSmall)).toFixed(2));
  line('embedded', `${Math.round(memory(embedded))} MB`);
  if (missed.length > 0) say(`\nMissed: ${missed.length}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await Promise.all([big.stop(), small.stop()]);
  await postgres.stop();
}
