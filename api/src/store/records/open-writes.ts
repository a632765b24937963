import { randomUUID } from 'node:crypto';
import { textArray } from '../database/array-literal.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { AbandonedWrite, OpenWrite, RecordStore } from './types.ts';

export interface OpenWriteTimings {
  /** How often a process says that it is still at its writes. */
  readonly refreshEveryMs: number;
  /** Nobody has said so for so long: whoever began it is dead, or gave up. By then Dataverse has done what it was last asked for. */
  readonly abandonedAfterMs: number;
}

const usualTimings: OpenWriteTimings = { refreshEveryMs: 15_000, abandonedAfterMs: 60_000 };

export interface OpenWritesDependencies {
  readonly database: SqlDatabase;
  readonly schema: string;
  /** Nobody else can be at work: what this process did not begin was left by a dead one. */
  readonly isEmbedded: boolean;
  readonly timings?: OpenWriteTimings | undefined;
}

export interface OpenWrites extends Pick<RecordStore, 'beginWrite' | 'openElsewhere' | 'takeAbandonedWrite' | 'closeWrite'> {
  stop(): void;
}

interface AbandonedRow {
  readonly id: string;
  readonly record_ids: string;
  readonly is_old: boolean;
}

/**
 * Two processes may have one record in hand, and the one that writes last may die before it records; then the links tell of a row that is
 * not there any more, and no later comparison would find out. So every write is noted before it begins, and what a dead process left
 * noted is read again from the CRM (sync/mend-open-writes.ts). One insert per page that is written; its deletion rides with the commit.
 */
export const createOpenWrites = ({ database, schema, isEmbedded, timings = usualTimings }: OpenWritesDependencies): OpenWrites => {
  /** Those that this process is at; of an abandoned one, whether it was old when it was taken. */
  const own = new Map<string, { readonly isOld: boolean }>();
  let timer: NodeJS.Timeout | undefined;

  const refresh = async (): Promise<void> => {
    if (own.size === 0) return;
    await database.query(`update ${schema}.open_write set alive_on = clock_timestamp() where id = any ($1::uuid[])`, [
      textArray([...own.keys()]),
    ]);
  };
  /** Most writes are over before the first refresh. A store that is away fails their commits; then they are rightly abandoned. */
  const hold = (id: string, isOld: boolean): OpenWrite => {
    own.set(id, { isOld });
    timer ??= setInterval(() => void refresh().catch(() => undefined), timings.refreshEveryMs).unref();
    return { id, leave: () => void own.delete(id) };
  };

  const beginText = `
    insert into ${schema}.open_write (id, source_id, table_name, record_ids) values ($1::uuid, $2, $3, $4::text[])`;
  const elsewhereText = `
    select distinct open_id from ${schema}.open_write, unnest(record_ids) as open_id
    where source_id = $1 and table_name = $2 and open_id = any ($3::text[]) and not (id = any ($4::uuid[]))`;
  const takeText = `
    update ${schema}.open_write as taken set alive_on = clock_timestamp()
    from (
      select id, alive_on < clock_timestamp() - $3 * interval '1 ms' as is_old from ${schema}.open_write
      where source_id = $1 and table_name = $2 and not (id = any ($4::uuid[]))
        and (alive_on < clock_timestamp() - $3 * interval '1 ms' or ($5::boolean and not is_mended))
      order by alive_on limit 1
      for update skip locked
    ) as found
    where taken.id = found.id
    returning taken.id, array_to_json(taken.record_ids)::text as record_ids, found.is_old`;

  return {
    async beginWrite(sourceId, table, recordIds) {
      const id = randomUUID();
      const write = hold(id, true);
      try {
        await database.query(beginText, [id, sourceId, table, textArray(recordIds)]);
        return write;
      } catch (error) {
        write.leave();
        throw error;
      }
    },

    async openElsewhere(sourceId, table, recordIds) {
      const parameters = [sourceId, table, textArray(recordIds), textArray([...own.keys()])];
      const { rows } = await database.query<{ readonly open_id: string }>(elsewhereText, parameters);
      return new Set(rows.map((row) => row.open_id));
    },

    async takeAbandonedWrite(sourceId, table): Promise<AbandonedWrite | null> {
      const parameters = [sourceId, table, timings.abandonedAfterMs, textArray([...own.keys()]), isEmbedded];
      const [row] = (await database.query<AbandonedRow>(takeText, parameters)).rows;
      if (row === undefined) return null;
      return { ...hold(row.id, row.is_old), recordIds: JSON.parse(row.record_ids) as readonly string[] };
    },

    async closeWrite({ id, leave }) {
      const isOver = own.get(id)?.isOld ?? true;
      // A process that starts at once after the death of another may have read before the other's last request was carried out.
      const text = isOver
        ? `delete from ${schema}.open_write where id = $1::uuid`
        : `update ${schema}.open_write set is_mended = true, alive_on = clock_timestamp() where id = $1::uuid`;
      await database.query(text, [id]);
      leave();
    },

    stop: () => clearInterval(timer),
  };
};
