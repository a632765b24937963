import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { openEmbeddedDatabase } from '../../api/src/store/database/embedded-database.ts';
import { openServerDatabase } from '../../api/src/store/database/server-database.ts';
import type { SqlDatabase } from '../../api/src/store/database/types.ts';
import { type StoreOptions, openStore } from '../../api/src/store/open-store.ts';
import type { Store } from '../../api/src/store/types.ts';

export const systemClock = { nowMs: () => Date.now() };

/** A place for one store that nobody else has: a folder, or a schema on the server. */
export interface TestDatabase {
  /** For `openStore`; opening again finds what was stored. */
  readonly options: StoreOptions & { readonly schema: string };
  open(options?: Partial<StoreOptions>): Promise<Store>;
  /** The database below, for looking past the store. Embedded: only while no store is open. */
  openRaw(): Promise<SqlDatabase>;
  remove(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  readonly isEmbedded: boolean;
  create(): Promise<TestDatabase>;
}

/** PostgreSQL on the server that the global set-up started, or that DATABASE_URL names. */
export const serverUrl = (): string => {
  const url = process.env['TEST_DATABASE_URL'] ?? process.env['DATABASE_URL'];
  if (url === undefined) {
    throw new Error(
      'These tests need PostgreSQL: install its server, or set POSTGRES_BIN to its programs or DATABASE_URL to one that runs.',
    );
  }
  return url;
};

let lastSchema = 0;
/** The process id keeps jest's workers, and several checkouts on one DATABASE_URL, apart. */
const newSchema = (): string => {
  lastSchema += 1;
  return `test_${process.pid}_${Date.now().toString(36)}_${lastSchema}`;
};

const createOnServer = async (): Promise<TestDatabase> => {
  const databaseUrl = serverUrl();
  const schema = newSchema();
  const options = { databaseUrl, schema, clock: systemClock };
  return {
    options,
    open: (more) => openStore({ ...options, ...more }),
    openRaw: () => openServerDatabase({ databaseUrl, onConnectionLost: () => undefined }),
    async remove() {
      const client = new pg.Client(databaseUrl);
      await client.connect();
      await client.query(`drop schema if exists ${schema} cascade`);
      await client.query(`drop schema if exists ${schema}_queue cascade`);
      await client.end();
    },
  };
};

const untilExists = async (path: string): Promise<void> => {
  while (!existsSync(path)) await wait(50);
};

/** Creating an embedded database costs 3 to 10 s, copying one 50 ms: the first to ask makes it, for all suites of a jest run. */
const preparedFolder = async (): Promise<string> => {
  const home =
    process.env['TEST_PREPARED_FOLDER'] ?? (process.env['TEST_PREPARED_FOLDER'] = await mkdtemp(join(tmpdir(), 'crm-sync-prepared-')));
  const prepared = join(home, 'store');
  try {
    await mkdir(join(home, 'claimed'));
  } catch {
    await untilExists(prepared);
    return prepared;
  }
  try {
    const store = await openStore({ folder: join(home, 'making'), clock: systemClock });
    await store.close();
    await rename(join(home, 'making'), prepared);
    return prepared;
  } catch (error) {
    await rm(join(home, 'claimed'), { recursive: true });
    throw error;
  }
};

/** A folder with an embedded database that was opened and closed once. The caller removes it. */
export const newStoreFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'crm-sync-store-'));
  await cp(await preparedFolder(), folder, { recursive: true });
  return folder;
};

const createEmbedded = async (): Promise<TestDatabase> => {
  const folder = await newStoreFolder();
  const options = { folder, schema: 'crm_sync', clock: systemClock };
  return {
    options,
    open: (more) => openStore({ ...options, ...more }),
    openRaw: () => openEmbeddedDatabase({ folder, clock: systemClock }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

export const embedded: DatabaseKind = { name: 'the embedded database', isEmbedded: true, create: createEmbedded };
export const server: DatabaseKind = { name: 'a PostgreSQL server', isEmbedded: false, create: createOnServer };

/** For `describe.each`: every promise of the store holds on both. */
export const databaseKinds: readonly DatabaseKind[] = [embedded, server];
