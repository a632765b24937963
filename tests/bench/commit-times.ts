import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const everyMs = 25;

/** How long the smallest commit takes that the database can be asked for, again and again while something else is done; in ms. */
export const commitTimesDuring = async <Value>(
  databaseUrl: string,
  work: () => Promise<Value>,
): Promise<readonly [Value, readonly number[]]> => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query('create table if not exists bench_commit (number integer)');
  const tookMs: number[] = [];
  const working = new AbortController();
  const probe = async (): Promise<void> => {
    while (!working.signal.aborted) {
      const startedMs = performance.now();
      await client.query('insert into bench_commit values (1)');
      tookMs.push(performance.now() - startedMs);
      await delay(everyMs);
    }
  };
  const probing = probe();
  try {
    return [await work(), tookMs];
  } finally {
    working.abort();
    await probing;
    await client.end();
  }
};
