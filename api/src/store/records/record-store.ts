import type { Sql, SqlDatabase } from '../database/types.ts';
import type { RecordStatusStore } from '../failures/types.ts';
import { moveCheckpoint } from './checkpoints.ts';
import { createCommitGuards, Overtaken } from './commit-guards.ts';
import { createFailureTable } from './failures.ts';
import { createLinkTable } from './links.ts';
import type { OpenWrites } from './open-writes.ts';
import { createPlainPageCommit, isPlainPage } from './plain-page.ts';
import { createRemovalTable } from './removals.ts';
import type { PageCommit, RecordStore } from './types.ts';
import type { Upkeep } from './upkeep.ts';

export interface RecordStoreDependencies {
  readonly database: SqlDatabase;
  readonly schema: string;
  readonly clock: { nowMs(): number };
  readonly upkeep: Upkeep;
  readonly openWrites: OpenWrites;
}

export const createRecordStore = ({
  database,
  schema,
  clock,
  upkeep,
  openWrites,
}: RecordStoreDependencies): RecordStore & RecordStatusStore => {
  const links = createLinkTable(schema);
  const failures = createFailureTable(schema);
  const removals = createRemovalTable(schema);
  const guards = createCommitGuards(schema);
  const commitPlainPage = createPlainPageCommit(schema, links);

  // Nearly always there is neither, and the page's ids need not travel: two index probes instead of two deletes by 1000 ids.
  const openItemsText = `
    select exists (select from ${schema}.failure where source_id = $1 and table_name = $2) as has_failures,
      exists (select from ${schema}.removal where source_id = $1 and table_name = $2) as has_removals`;

  /** A record that was written or found as it should be has no failure any more, and the CRM has it. */
  const settleSeen = async (sql: Sql, commit: PageCommit): Promise<void> => {
    const { sourceId, table, links: written, unchangedIds, goneIds = [] } = commit;
    if (written.length + unchangedIds.length === 0) return;
    const { rows } = await sql.query<{ has_failures: boolean; has_removals: boolean }>(openItemsText, [sourceId, table]);
    if (!rows[0]?.has_failures && !rows[0]?.has_removals) return;
    const seenIds = [...written.map(({ recordId }) => recordId), ...unchangedIds];
    if (rows[0].has_failures) await failures.clear(sql, sourceId, table, seenIds);
    if (!rows[0].has_removals) return;
    const gone = new Set(goneIds);
    await guards.forgetRemovals(sql, commit, gone.size === 0 ? seenIds : seenIds.filter((recordId) => !gone.has(recordId)));
  };

  const commitAnyPage = async (commit: PageCommit): Promise<void> => {
    const { sourceId, table, checkpoint, checkedOnMs, guard, openWriteId } = commit;
    const nowMs = clock.nowMs();
    await database.transaction(async (sql) => {
      if (guard !== undefined && !(await guards.areAsSeen(sql, commit, guard))) throw new Overtaken();
      if (!(await links.upsert(sql, commit))) throw new Overtaken();
      if (checkedOnMs !== undefined) await links.markChecked(sql, sourceId, table, commit.unchangedIds, checkedOnMs);
      await settleSeen(sql, commit);
      await failures.add(sql, sourceId, commit.failures, { runId: checkpoint?.runId ?? null, nowMs });
      await removals.add(sql, sourceId, table, commit.removals, nowMs);
      if (openWriteId !== undefined) await sql.query(`delete from ${schema}.open_write where id = $1::uuid`, [openWriteId]);
      if (checkpoint !== undefined) await moveCheckpoint(sql, schema, { ...checkpoint, table });
    });
  };

  const attempt = async (commit: PageCommit): Promise<boolean> => {
    if (isPlainPage(commit)) return commitPlainPage(database, commit);
    try {
      await commitAnyPage(commit);
      return true;
    } catch (error) {
      if (error instanceof Overtaken) return false;
      throw error;
    }
  };

  return {
    findLinks: (sourceId, table, recordIds) => links.find(database, sourceId, table, recordIds),
    findUnsettled: (sourceId, table, seen) => links.findUnsettled(database, sourceId, table, seen),
    linkedIds: (sourceId, table, recordIds) => links.findLinkedIds(database, sourceId, table, recordIds),
    forgetLinks: (sourceId, table, recordIds) => links.forget(database, sourceId, table, recordIds),
    findFailure: (sourceId, table, recordId) => failures.find(database, sourceId, table, recordId),

    beginWrite: openWrites.beginWrite,
    openElsewhere: openWrites.openElsewhere,
    takeAbandonedWrite: openWrites.takeAbandonedWrite,
    closeWrite: openWrites.closeWrite,

    async commitPage(commit) {
      if (await attempt(commit)) {
        await upkeep.noteWritten(commit.links.length);
        return [];
      }
      return commit.guard === undefined ? [] : guards.overtakenIds(database, commit, commit.guard);
    },
  };
};
