import type { Sql, SqlDatabase } from '../../api/src/store/database/types.ts';
import { silentLog } from '../../api/src/store/log.ts';
import { createOpenWrites } from '../../api/src/store/records/open-writes.ts';
import { createRecordStore } from '../../api/src/store/records/record-store.ts';
import { createUpkeep } from '../../api/src/store/records/upkeep.ts';
import { databaseKinds, systemClock } from '../support/databases.ts';
import { hashOf, linkOf, pageOf, sourceId } from './samples.ts';

const rowsPerPage = 1_000;
const pages = 20;

describe.each(databaseKinds)('a first load into $name', (kind) => {
  it('reads as few rows for its last page as for its first', async () => {
    const place = await kind.create();
    const { schema } = place.options;
    await (await place.open()).close();
    const database = await place.openRaw();
    const upkeep = createUpkeep({ database, schema, hasAutovacuum: !kind.isEmbedded, log: silentLog });
    const openWrites = createOpenWrites({ database, schema, isEmbedded: kind.isEmbedded });
    const load = async (on: SqlDatabase, page: number): Promise<void> => {
      const records = createRecordStore({ database: on, schema, clock: systemClock, upkeep, openWrites });
      // Ids that lie all over the table, or nothing would have to be looked for.
      const links = Array.from({ length: rowsPerPage }, (_none, index) => linkOf(hashOf(`${page} ${index}`)));
      const known = await records.findLinks(
        sourceId,
        'contact',
        links.map(({ recordId }) => recordId),
      );
      await records.commitPage({ ...pageOf({ links }), guard: { askedOnMs: systemClock.nowMs(), links: known } });
    };
    /** The database counts for each transaction what it has read: all of the page's work is in one. */
    const rowsReadFor = (page: number): Promise<number> =>
      database.transaction(async (sql: Sql) => {
        await load({ ...database, query: sql.query.bind(sql), transaction: (work) => work(sql) }, page);
        const text = `
          select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as rows_read from pg_stat_xact_user_tables
          where schemaname = $1 and relname = 'link'`;
        return Number((await sql.query<{ rows_read: number }>(text, [schema])).rows[0]?.rows_read);
      });
    try {
      const first = await rowsReadFor(0);
      for (let page = 1; page < pages - 1; page += 1) await load(database, page);
      const last = await rowsReadFor(pages - 1);
      // A plan that the planner makes in the belief that the table is empty reads all of it, for the page or for each of its records.
      expect(last - first).toBeLessThan(rowsPerPage);
    } finally {
      await database.close();
      await place.remove();
    }
  });
});
