import type { Sql, SqlDatabase } from '../../api/src/store/database/types.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

describe.each(databaseKinds)('transactions in $name', (kind) => {
  let place: TestDatabase;
  let database: SqlDatabase;
  const table = `public.transactions_test_${process.pid}`;

  beforeAll(async () => {
    place = await kind.create();
    database = await place.openRaw();
    await database.query(`create table ${table} (id integer primary key)`);
  }, 120_000);
  beforeEach(async () => {
    await database.query(`delete from ${table}`);
  });
  afterAll(async () => {
    await database.query(`drop table ${table}`);
    await database.close();
    await place.remove();
  });

  const insert = (sql: Sql, id: number) => sql.query(`insert into ${table} (id) values ($1)`, [id]);
  const ids = async () => (await database.query<{ id: number }>(`select id from ${table} order by id`)).rows.map(({ id }) => id);

  it('work that resolves is committed, work that rejects leaves nothing', async () => {
    expect(await database.transaction(async (sql) => (await insert(sql, 1)).rowCount)).toBe(1);
    const failing = database.transaction(async (sql) => {
      await insert(sql, 2);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await ids()).toEqual([1]);
  });

  it('a failed statement whose error was swallowed is not reported as committed', async () => {
    const swallowing = database.transaction(async (sql) => {
      await insert(sql, 1);
      await insert(sql, 1).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await ids()).toEqual([]);
  });

  it('a statement after the end of its transaction is refused, not run outside of it', async () => {
    let leaked: Sql | undefined;
    await database.transaction(async (sql) => {
      leaked = sql;
    });
    await expect(leaked === undefined ? undefined : insert(leaked, 1)).rejects.toThrow('after its transaction had ended');
    expect(await ids()).toEqual([]);
  });

  it('what others do meanwhile is not part of a transaction that rolls back', async () => {
    let others: Promise<unknown> | undefined;
    const failing = database.transaction(async (sql) => {
      await insert(sql, 1);
      others = insert(database, 2);
      await insert(sql, 3);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await others;
    expect(await ids()).toEqual([2]);
  });

  it('a script that fails in the middle of its own transaction does not spoil the next statement', async () => {
    await expect(database.query(`begin; insert into ${table} values (1); select no_such_function(); commit`)).rejects.toThrow(
      'no_such_function',
    );
    await insert(database, 2);
    expect(await ids()).toEqual([2]);
  });

  it('a broken rule keeps its SQLSTATE', async () => {
    await insert(database, 1);
    await expect(insert(database, 1)).rejects.toMatchObject({ code: '23505' });
  });

  it('both drivers give numbers, texts, times and documents as the same JavaScript values', async () => {
    const text = `select 5::bigint as big, 5::smallint as small, true as yes, null::text as nothing, '{"a":[1]}'::jsonb as document,
      array['x', null] as list, timestamptz '2026-11-01T00:00:00Z' as time, count(*) as count from ${table}`;
    expect((await database.query(text)).rows).toEqual([
      {
        big: 5,
        small: 5,
        yes: true,
        nothing: null,
        document: { a: [1] },
        list: ['x', null],
        time: new Date('2026-11-01T00:00:00Z'),
        count: 0,
      },
    ]);
  });

  it('after it is closed every call is refused', async () => {
    const other = await kind.create();
    const closed = await other.openRaw();
    await closed.close();
    await closed.close();
    await expect(closed.query('select 1')).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(closed.transaction(async () => 1)).rejects.toMatchObject({ code: 'store.unavailable' });
    await other.remove();
  });
});
