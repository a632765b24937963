import { numberArray, textArray } from '../database/array-literal.ts';
import type { Sql } from '../database/types.ts';
import type { CommitGuard, PageCommit } from './types.ts';

/** Rolls a commit back: somebody else has written one of its records since they were looked at. */
export class Overtaken extends Error {}

interface IdRow {
  readonly record_id: string;
}

/**
 * Record locks are one process's. What two processes do to one record at once is noticed here, by whoever commits second: the link
 * is not the one that was seen any more, or the record was found deleted after we had asked the CRM for it.
 */
export const createCommitGuards = (schema: string) => {
  const ofRecords = 'source_id = $1 and table_name = $2 and record_id = any ($3::text[])';

  return {
    /** Of records that are to be removed: their links, which nobody can write before our transaction ends. */
    async areAsSeen(sql: Sql, { sourceId, table, removals }: PageCommit, { links }: CommitGuard): Promise<boolean> {
      if (removals.length === 0) return true;
      const text = `
        select record_id, checked_on_ms from ${schema}.link where ${ofRecords}
        order by record_id for update`;
      const { rows } = await sql.query<IdRow & { checked_on_ms: number }>(text, [sourceId, table, textArray(removals)]);
      return rows.every((row) => links.get(row.record_id)?.checkedOnMs === row.checked_on_ms);
    },

    /** The CRM has these records; unless it was asked before somebody found them deleted. */
    async forgetRemovals(sql: Sql, { sourceId, table, guard }: PageCommit, recordIds: readonly string[]): Promise<void> {
      const text = `delete from ${schema}.removal where ${ofRecords} returning found_on_ms`;
      const { rows } = await sql.query<{ found_on_ms: number }>(text, [sourceId, table, textArray(recordIds)]);
      if (guard !== undefined && rows.some((row) => row.found_on_ms > guard.askedOnMs)) throw new Overtaken();
    },

    /** Which records of a commit that was refused it was for; those of it all, when the others have gone on meanwhile. */
    async overtakenIds(sql: Sql, commit: PageCommit, guard: CommitGuard): Promise<readonly string[]> {
      const { sourceId, table, links, unchangedIds, removals } = commit;
      const versions = new Map(links.map(({ recordId, sourceModifiedOnMs }) => [recordId, sourceModifiedOnMs]));
      const actedOn = [...versions.keys(), ...removals];
      const text = `
        select wanted.record_id from unnest($3::text[], $4::bigint[], $5::bigint[]) as wanted (record_id, seen_on_ms, version)
        cross join lateral (
          select * from ${schema}.link where source_id = $1 and table_name = $2 and record_id = wanted.record_id limit 1
        ) as link
        where link.checked_on_ms is distinct from wanted.seen_on_ms or link.source_modified_on_ms > wanted.version
        union
        select record_id from ${schema}.removal
        where source_id = $1 and table_name = $2 and record_id = any ($7::text[]) and found_on_ms > $6`;
      const { rows } = await sql.query<IdRow>(text, [
        sourceId,
        table,
        textArray(actedOn),
        numberArray(actedOn.map((recordId) => guard.links.get(recordId)?.checkedOnMs ?? null)),
        numberArray(actedOn.map((recordId) => versions.get(recordId) ?? null)),
        guard.askedOnMs,
        textArray([...versions.keys(), ...unchangedIds]),
      ]);
      return rows.length > 0 ? rows.map((row) => row.record_id) : actedOn;
    },
  };
};
