// Once before all suites: a PostgreSQL server (TEST_DATABASE_URL; about a second) and a place for an embedded database that the
// first suite to need one prepares for all (databases.ts).
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgresBinaries } from '../../.house/machine.mjs';
import { startPostgres } from './postgres.mjs';

export const runningServer = Symbol.for('crm-sync.tests.postgres');

export default async () => {
  process.env.TEST_PREPARED_FOLDER = mkdtempSync(join(tmpdir(), 'crm-sync-prepared-'));
  if (process.env.DATABASE_URL) process.env.TEST_DATABASE_URL = process.env.DATABASE_URL;
  // Without server programs the other suites still run; those on PostgreSQL fail and say what is missing (databases.ts).
  else if (findPostgresBinaries()) {
    const server = await startPostgres();
    globalThis[runningServer] = server;
    process.env.TEST_DATABASE_URL = server.url;
  }
};
