import type { SqlDatabase } from '../../api/src/store/database/types.ts';
import { openStore } from '../../api/src/store/open-store.ts';
import { migrate } from '../../api/src/store/migrations/migrate.ts';
import { type Migration, readMigrations } from '../../api/src/store/migrations/migrations.ts';
import { type TestDatabase, databaseKinds } from '../support/databases.ts';

const first: Migration = { id: 1, name: 'first', text: 'create table thing (id integer primary key)', checksum: 'a' };
const second: Migration = {
  id: 2,
  name: 'second',
  text: 'alter table thing add note text; insert into thing (id) values (1)',
  checksum: 'b',
};

describe.each(databaseKinds)('migrations in $name', (kind) => {
  let database: TestDatabase;
  let raw: SqlDatabase;
  const schema = `${'migrated'}_${process.pid}_${kind.isEmbedded ? 'e' : 's'}`;
  const applied = async () => (await raw.query<{ id: number }>(`select id from ${schema}.migration order by id`)).rows.map(({ id }) => id);

  beforeAll(async () => {
    database = await kind.create();
    raw = await database.openRaw();
  }, 120_000);
  beforeEach(async () => {
    await raw.query(`drop schema if exists ${schema} cascade`);
  });
  afterAll(async () => {
    await raw.query(`drop schema if exists ${schema} cascade`);
    await raw.close();
    await database.remove();
  });

  it('each is applied once, in order, however often the program starts and however many start at once', async () => {
    await migrate(raw, schema, [first]);
    await Promise.all([1, 2, 3].map(() => migrate(raw, schema, [first, second])));
    expect(await applied()).toEqual([1, 2]);
    expect((await raw.query(`select * from ${schema}.thing`)).rows).toEqual([{ id: 1, note: null }]);
  });

  it('one that fails leaves nothing of itself nor of those before it', async () => {
    await migrate(raw, schema, [first]);
    const broken: Migration = { id: 3, name: 'broken', text: 'create table other (id integer); select no_such_function()', checksum: 'c' };
    await expect(migrate(raw, schema, [first, second, broken])).rejects.toThrow('no_such_function');
    expect(await applied()).toEqual([1]);
    expect((await raw.query(`select * from ${schema}.thing`)).rows).toEqual([]);
  });

  it('a database that a newer program has prepared is refused', async () => {
    await migrate(raw, schema, [first, second]);
    await expect(migrate(raw, schema, [first])).rejects.toMatchObject({ code: 'store.newer', details: { found: 2, known: 1 } });
  });

  it('a migration that was edited after it had been applied is refused', async () => {
    await migrate(raw, schema, [first]);
    await expect(migrate(raw, schema, [{ ...first, checksum: 'edited' }, second])).rejects.toMatchObject({
      code: 'store.drifted',
      details: { migration: 1 },
    });
    expect(await applied()).toEqual([1]);
  });

  it('the product’s own are numbered without a gap and apply to an empty schema', async () => {
    const migrations = readMigrations();
    expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, index) => index + 1));
    await migrate(raw, schema, migrations);
    expect(await applied()).toEqual(migrations.map(({ id }) => id));
  });

  it('a schema’s name that could be a statement is refused', async () => {
    await expect(openStore({ ...database.options, schema: 'a; drop table link' })).rejects.toThrow('cannot be the name of a schema');
  });
});
