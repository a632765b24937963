import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A run needs an empty database to be a first load. */
export const withDatabase = async <Result>(serverUrl: string, work: (databaseUrl: string) => Promise<Result>): Promise<Result> => {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const ask = async (statement: string): Promise<void> => {
    const client = new pg.Client(serverUrl);
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await ask(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    return await work(url.href);
  } finally {
    await ask(`drop database ${name} with (force)`);
  }
};
