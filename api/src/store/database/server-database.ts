import pg from 'pg';
import { AppError } from '../../errors/app-error.ts';
import { toStoreError } from './database-errors.ts';
import type { Sql, SqlDatabase } from './types.ts';

export interface ServerDatabaseOptions {
  readonly databaseUrl: string;
  readonly onConnectionLost: (error: unknown) => void;
  readonly maxConnections?: number;
  /** A statement that takes longer is ended by the server. Our longest is an ANALYZE of the link table: seconds. */
  readonly statementTimeoutMs?: number;
}

const place = 'the PostgreSQL server';
const int8 = pg.types.builtins.INT8;
/** Our bigints are counts and epoch milliseconds: far below 2^53, and the embedded driver gives numbers too. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (typeId, format) => (typeId === int8 ? Number : (pg.types.getTypeParser(typeId, format) as (text: string) => unknown)),
};

const openPool = ({ databaseUrl, onConnectionLost, maxConnections = 10, statementTimeoutMs = 60_000 }: ServerDatabaseOptions): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'crm-sync',
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    // A replica that vanished in mid-transaction must not keep its locks.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // The server's own time-out does not help when the server is what vanished.
    query_timeout: statementTimeoutMs + 5_000,
    types,
  });
  // An idle connection that drops is replaced at the next query; without a listener it would end the process.
  pool.on('error', onConnectionLost);
  return pool;
};

/** Several statements without parameters (the queue's scripts) give a list of results, whose rows are read as one. */
const unwrap = <Row extends pg.QueryResultRow>(result: pg.QueryResult<Row>): { rows: readonly Row[]; rowCount: number } => {
  const results = [result].flat();
  const [only] = results;
  return {
    rows: results.length === 1 && only !== undefined ? only.rows : results.flatMap(({ rows }) => rows),
    rowCount: results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0),
  };
};

type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;
const runOn = async <Row extends object>(connection: Queryable, text: string, parameters: readonly unknown[] | undefined) =>
  unwrap(await connection.query<Row & pg.QueryResultRow>(text, parameters?.length ? [...parameters] : undefined));

const endTransaction = async (client: pg.PoolClient): Promise<void> => {
  // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and the work went on regardless.
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
};

/**
 * A PostgreSQL server. Needs PostgreSQL 13 or newer. A pooler between us and it (PgBouncer) has to let the startup parameters
 * statement_timeout and idle_in_transaction_session_timeout pass.
 */
export const openServerDatabase = async (options: ServerDatabaseOptions): Promise<SqlDatabase> => {
  const pool = openPool(options);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (pool.ending) throw new AppError('store.unavailable', { problem: 'it is closed' });
    try {
      return await work();
    } catch (error) {
      throw toStoreError(error, place);
    }
  };

  // The pool drops the connection of a failed query, so a script that fails after its BEGIN cannot leave one in mid-transaction.
  const query: Sql['query'] = (text, parameters) => guarded(() => runOn(pool, text, parameters));

  const transaction = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    guarded(async () => {
      const client = await pool.connect();
      let lost: Error | undefined;
      let isOpen = true;
      const onError = (error: Error): void => {
        lost = error;
      };
      client.on('error', onError);
      const sql: Sql = {
        query: async (text, parameters) => {
          if (!isOpen) throw new Error('a statement came after its transaction had ended');
          return runOn(client, text, parameters);
        },
      };
      try {
        await client.query('begin');
        const result = await work(sql);
        isOpen = false;
        await endTransaction(client);
        return result;
      } catch (error) {
        isOpen = false;
        await client.query('rollback').catch((rollbackError: Error) => {
          lost ??= rollbackError;
        });
        throw error;
      } finally {
        client.removeListener('error', onError);
        client.release(lost);
      }
    });

  const close = async (): Promise<void> => {
    if (!pool.ending) await pool.end();
  };

  try {
    const { rows } = await query<{ version: string }>('select current_setting($1) as version', ['server_version']);
    const version = rows[0]?.version.split(' ')[0] ?? 'of unknown version';
    return { query, transaction, close, describe: () => `PostgreSQL ${version}` };
  } catch (error) {
    await close();
    throw error;
  }
};
