import { once } from 'node:events';
import { createServer } from 'node:net';
import { AppError } from '../../api/src/errors/app-error.ts';
import { openServerDatabase } from '../../api/src/store/database/server-database.ts';
import { openStore } from '../../api/src/store/open-store.ts';
import { server, serverUrl, systemClock } from '../support/databases.ts';

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** What it was refused with; a success is none. */
const refusalOf = async (work: Promise<unknown>): Promise<AppError> => {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof AppError) return outcome;
  throw new Error('this was not refused by us', { cause: outcome });
};

describe('trouble with the PostgreSQL server', () => {
  it('a server that is not there is a clear error', async () => {
    const databaseUrl = `postgres://postgres:secret@127.0.0.1:${await freePort()}/postgres`;
    const refused = await refusalOf(openStore({ databaseUrl, clock: systemClock }));
    expect([refused.code, refused.message]).toEqual([
      'store.unavailable',
      `The database cannot be used: connect ECONNREFUSED ${new URL(databaseUrl).host}`,
    ]);
    expect(String(refused)).not.toContain('secret');
  });

  it('a wrong password is a clear error', async () => {
    const url = new URL(serverUrl());
    url.password = 'wrong';
    const refused = await refusalOf(openStore({ databaseUrl: url.href, clock: systemClock }));
    expect(refused.code).toBe('store.unavailable');
    expect(refused.message).toContain('password authentication failed');
  });

  it('a connection that the server ends fails its caller alone; the next call has a new one', async () => {
    const database = await openServerDatabase({ databaseUrl: serverUrl(), onConnectionLost: () => undefined });
    const cut = database.transaction(async (sql) => {
      const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await sql.query('select 1');
    });
    await expect(cut).rejects.toMatchObject({ code: 'store.unavailable' });
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await database.close();
  });

  it('a statement that takes too long is ended', async () => {
    const database = await openServerDatabase({ databaseUrl: serverUrl(), onConnectionLost: () => undefined, statementTimeoutMs: 200 });
    const refused = await refusalOf(database.query('select pg_sleep(30)'));
    expect(refused.code).toBe('store.unavailable');
    expect(refused.message).toContain('statement timeout');
    await database.close();
  });

  it('says which PostgreSQL it is', async () => {
    const place = await server.create();
    const store = await place.open();
    expect(store.describe()).toMatch(/^PostgreSQL \d+\.\d+$/);
    await store.close();
    await place.remove();
  });
});
