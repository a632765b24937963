import { join } from 'node:path';
import { toStoreError } from './database-errors.ts';
import { type Ask, type DatabaseThread, startThread } from './embedded-thread.ts';
import { lockFolder } from './folder-lock.ts';
import { createTurns } from './turns.ts';
import type { Sql, SqlDatabase } from './types.ts';

export interface EmbeddedDatabaseOptions {
  readonly folder: string;
  /** Where another process reaches us instead of opening the folder itself; shown to whoever is refused. */
  readonly addressForOthers?: string | undefined;
  readonly clock: { nowMs(): number };
  /** Our longest statement, a vacuum of a million links, takes seconds. */
  readonly answerTimeoutMs?: number | undefined;
  readonly roomToBeginBytes?: number | undefined;
}

/**
 * The database takes another 16 MB for its log in mid-statement, and hangs for good when there is none (measured), so we ask
 * while there still is an answer.
 */
const usualRoomToBeginBytes = 64 * 1024 * 1024;

const createSql = (
  ask: Ask,
  { isInTransaction }: { readonly isInTransaction: boolean },
): Sql & { command(text: string): Promise<string> } => ({
  async query<Row extends object>(text: string, parameters: readonly unknown[] = []) {
    const { rows, rowCount } = await ask({ kind: 'query', text, parameters, isInTransaction });
    return { rows: rows as readonly Row[], rowCount };
  },
  async command(text) {
    return (await ask({ kind: 'query', text, parameters: [], isInTransaction })).command;
  },
});

/**
 * PostgreSQL inside this process (PGlite), for one process and one machine, kept in a folder. It survives a kill of the process,
 * but not a power cut: it never calls fsync (electric-sql/pglite#1107). What could be lost then is bookkeeping, which the next
 * full run rebuilds. First start 3 s (it creates the database), later ones 0.3 s.
 * Inside `transaction`, use the `sql` that is handed in: anything else waits for the transaction to end.
 */
export const openEmbeddedDatabase = async ({
  folder,
  addressForOthers,
  clock,
  answerTimeoutMs = 120_000,
  roomToBeginBytes = usualRoomToBeginBytes,
}: EmbeddedDatabaseOptions): Promise<SqlDatabase> => {
  const toError = (error: unknown): Error => toStoreError(error, folder);
  const lock = await lockFolder({ folder, address: addressForOthers ?? null, clock });
  let thread: DatabaseThread;
  try {
    thread = await startThread({ dataFolder: join(folder, 'postgres'), roomToBeginBytes, answerTimeoutMs, toError });
  } catch (error) {
    lock.release();
    throw toError(error);
  }
  const { ask, version, ended } = thread;
  // The thread gone, nobody writes here any more.
  void ended.then(() => lock.release());

  const turns = createTurns();
  const alone = createSql(ask, { isInTransaction: false });
  const ending = createSql(ask, { isInTransaction: true });

  const transaction = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    let isOpen = true;
    const inside = createSql(
      (request) => {
        if (!isOpen) return Promise.reject(new Error('a statement came after its transaction had ended'));
        return ask(request);
      },
      { isInTransaction: true },
    );
    await alone.command('begin');
    try {
      const result = await work(inside);
      isOpen = false;
      // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and the work went on regardless.
      if ((await ending.command('commit')) !== 'COMMIT')
        throw new Error('the transaction was rolled back: one of its statements had failed');
      return result;
    } catch (error) {
      isOpen = false;
      await ending.command('rollback').catch(() => undefined);
      throw error;
    }
  };

  let closing: Promise<void> | undefined;
  return {
    query: (text, parameters) => turns.take(() => alone.query(text, parameters)),
    transaction: (work) => turns.take(() => transaction(work)),
    describe: () => `embedded PostgreSQL ${version} in ${folder}`,
    close: () => {
      closing ??= turns.take(async () => {
        await ask({ kind: 'close' }).catch(() => undefined);
        await ended;
      });
      return closing;
    },
  };
};
