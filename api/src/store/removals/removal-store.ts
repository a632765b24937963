import type { SqlDatabase } from '../database/types.ts';
import { approvedState } from '../records/removals.ts';
import type { RemovalStore } from './types.ts';

/** The removals that wait for a person, as the doors show and decide them. */
export const createRemovalStore = (database: SqlDatabase, schema: string): RemovalStore => {
  const waits = `from ${schema}.removal where source_id = $1 and table_name = $2 and state <> ${approvedState}`;
  const mark = `md5(coalesce(string_agg(record_id, chr(10) order by record_id), ''))`;

  return {
    async summary(sourceId, table) {
      const text = `select count(*) as count, ${mark} as mark ${waits}`;
      const { rows } = await database.query<{ count: number; mark: string }>(text, [sourceId, table]);
      return { count: Number(rows[0]?.count ?? 0), mark: rows[0]?.mark ?? '' };
    },

    async waiting(sourceId, table, afterId, limit) {
      const text = `select record_id ${waits} and record_id > $3 order by record_id limit $4`;
      return (await database.query<{ record_id: string }>(text, [sourceId, table, afterId, limit])).rows.map((row) => row.record_id);
    },

    async approve(sourceId, table, { atMost, mark: wantedMark }) {
      // One statement sees one state: what is added while it runs is neither counted nor approved.
      const text = `
        with waiting as materialized (select record_id ${waits}),
        found as (select count(*) as count, ${mark} as mark from waiting),
        approved as (
          update ${schema}.removal set state = ${approvedState} from found
          where source_id = $1 and table_name = $2 and record_id in (select record_id from waiting)
            and found.count <= $3 and ($4::text is null or found.mark = $4::text)
          returning 1
        )
        select (select count(*) from approved) as approved, found.count as waiting from found`;
      const { rows } = await database.query<{ approved: number; waiting: number }>(text, [sourceId, table, atMost, wantedMark ?? null]);
      const approved = Number(rows[0]?.approved ?? 0);
      return approved === 0 && Number(rows[0]?.waiting ?? 0) > 0 ? null : approved;
    },

    async dismiss(sourceId, table) {
      return (await database.query(`delete ${waits}`, [sourceId, table])).rowCount;
    },
  };
};
