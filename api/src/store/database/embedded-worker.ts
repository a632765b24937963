/**
 * The embedded PostgreSQL's own thread: it is synchronous WebAssembly, and 36 ms of a page's upsert in the main thread would
 * starve its sockets. One statement at a time, in the order of the messages.
 */
import { existsSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, messages } from '@electric-sql/pglite';
import type { StatementError, StatementResult, WorkerRequest, WorkerResponse, WorkerSettings } from './embedded-protocol.ts';

if (parentPort === null) throw new Error('this file is started as a worker thread');
const port = parentPort;
const settings = workerData as WorkerSettings;
const reply = (response: WorkerResponse): void => port.postMessage(response);

const diskFull = '53100';

class NoRoom extends Error {
  readonly code = diskFull;
}

const requireRoom = (folder: string): void => {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < settings.roomToBeginBytes) throw new NoRoom('no space left to begin with');
};

/** What Emscripten's file system throws is no Error: `{ name: 'ErrnoError', errno: 51 }`. */
const errnoOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined;
const emscriptenNoSpace = 51;

const toStatementError = (error: unknown): StatementError => {
  if (error instanceof messages.DatabaseError) {
    const { message, code, detail, constraint } = error;
    return { message, ...(code && { code }), ...(detail && { detail }), ...(constraint && { constraint }) };
  }
  const errno = errnoOf(error);
  if (errno === emscriptenNoSpace) return { message: 'no space left on the device', code: diskFull };
  if (error instanceof Error)
    return { message: error.message, ...('code' in error && typeof error.code === 'string' && { code: error.code }) };
  return { message: errno === undefined ? 'an unknown error' : `file system error ${errno}` };
};

/** After a panic every later answer would be a guess; the main thread learns it, and this thread ends. */
const endBroken = (error: unknown): void => {
  reply({ kind: 'broken', error: toStatementError(error) });
  port.close();
  process.exit(1);
};

const startParams = [
  ...PGlite.defaultStartParams,
  // Half of PGlite's page cache: 90 MB less memory for the process, and loading 400,000 rows took no longer (what is not in it is
  // in the operating system's).
  ...['-c', 'shared_buffers=64MB'],
  // The log otherwise grows to 1 GB beside a table of 140 MB. Without fsync a checkpoint is cheap.
  ...['-c', 'max_wal_size=128MB', '-c', 'min_wal_size=32MB'],
];

/** Made beside its place and moved there when it is whole: a process killed in the middle leaves nothing that looks like a database. */
const createDataFolder = async (dataFolder: string): Promise<void> => {
  const unfinished = `${dataFolder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const database = await PGlite.create(unfinished, { startParams });
  await database.close();
  renameSync(unfinished, dataFolder);
};

const open = async ({ dataFolder }: WorkerSettings): Promise<PGlite> => {
  requireRoom(dirname(dataFolder));
  if (!existsSync(dataFolder)) await createDataFolder(dataFolder);
  const database = await PGlite.create(dataFolder, { startParams });
  const { rows } = await database.query<{ version: string }>('select current_setting($1) as version', ['server_version']);
  reply({ kind: 'ready', version: rows[0]?.version ?? '' });
  // Of this thread, too: a process that is killed never comes to where Node keeps it by itself (main.ts).
  flushCompileCache();
  return database;
};

const run = async (database: PGlite, text: string, parameters: readonly unknown[]): Promise<StatementResult> => {
  // Without parameters the text may hold several statements (the queue's scripts); their rows are read as one.
  const results = parameters.length > 0 ? [await database.query<object>(text, [...parameters])] : await database.exec(text);
  return {
    rows: results.flatMap(({ rows }) => rows),
    rowCount: results.reduce((sum, { rowCount, rows }) => sum + (rowCount ?? rows.length), 0),
    command: results.at(-1)?.command ?? '',
  };
};

const answer = async (database: PGlite, request: WorkerRequest): Promise<void> => {
  if (request.kind === 'close') {
    await database.close();
    reply({ kind: 'result', id: request.id, result: { rows: [], rowCount: 0, command: '' } });
    port.close();
    return;
  }
  try {
    if (!request.isInTransaction) requireRoom(settings.dataFolder);
    reply({ kind: 'result', id: request.id, result: await run(database, request.text, request.parameters) });
  } catch (error) {
    if (!(error instanceof messages.DatabaseError || error instanceof NoRoom)) throw error;
    if (!request.isInTransaction) await database.exec('rollback');
    reply({ kind: 'error', id: request.id, error: toStatementError(error) });
  }
};

const opened = open(settings);
let last: Promise<void> = opened.then(() => undefined);
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => answer(await opened, request)).catch(endBroken);
});
opened.catch(endBroken);
