import { AppError } from '../../errors/app-error.ts';
import type { Sql, SqlDatabase } from '../database/types.ts';
import type { Migration } from './migrations.ts';

/** Any number that no other program's advisory lock is likely to have; several replicas may start at once. */
const lockKey = 7_203_941_558;

interface AppliedRow {
  readonly id: number;
  readonly checksum: string;
}

const readApplied = async (sql: Sql, schema: string): Promise<readonly AppliedRow[]> => {
  await sql.query(`create schema if not exists ${schema}`);
  await sql.query(`create table if not exists ${schema}.migration (
    id integer primary key,
    name text not null,
    checksum text not null,
    applied_on timestamptz not null default now()
  )`);
  return (await sql.query<AppliedRow>(`select id, checksum from ${schema}.migration order by id`)).rows;
};

const refuseStrangeHistory = (applied: readonly AppliedRow[], known: readonly Migration[]): void => {
  const [newestApplied, newestKnown] = [applied.at(-1)?.id ?? 0, known.at(-1)?.id ?? 0];
  if (newestApplied > newestKnown) throw new AppError('store.newer', { found: newestApplied, known: newestKnown });
  applied.forEach(({ id, checksum }, index) => {
    const migration = known[index];
    if (migration?.id !== id || migration.checksum !== checksum) throw new AppError('store.drifted', { migration: id });
  });
};

/**
 * Brings the schema up to date, all or nothing, one process at a time. Throws `store.newer` for a database that a newer program
 * has prepared, `store.drifted` for one whose history is not ours.
 */
export const migrate = async (database: SqlDatabase, schema: string, migrations: readonly Migration[]): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [lockKey]);
    const applied = await readApplied(sql, schema);
    refuseStrangeHistory(applied, migrations);
    // Of this transaction alone: the files name their tables without the schema, which is configurable.
    await sql.query(`set local search_path to ${schema}`);
    for (const { id, name, text, checksum } of migrations.slice(applied.length)) {
      await sql.query(text);
      await sql.query('insert into migration (id, name, checksum) values ($1, $2, $3)', [id, name, checksum]);
    }
  });
