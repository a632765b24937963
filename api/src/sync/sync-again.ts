import { AppError } from '../errors/app-error.ts';
import { compare } from './compare.ts';
import { notedRead } from './noted-write.ts';
import { pull } from './pull.ts';
import { record } from './record.ts';
import type { TableSync } from './types.ts';
import { type RowWriteOptions, write } from './write.ts';

/** Two who keep overtaking each other for so long are no two any more, but a CRM that changes the record without end. */
export const maxLooks = 10;

export interface AgainOptions extends RowWriteOptions {
  /** false where we have not written ourselves: then the links tell what the rows are. */
  readonly isForced?: boolean;
}

/**
 * The five steps once more for records that another process wrote at the same time as we did: what the CRM says now is written whatever
 * our links remember, since which of the two writes came last nobody knows. It ends when nobody came between; the second of two always
 * notices, and reads after both have written, so the newest stays. The caller holds the records.
 *
 * Gives those that the CRM no longer has: their removals wait.
 */
export const syncAgain = async (
  sync: TableSync,
  recordIds: readonly string[],
  { isForced = true, ...options }: AgainOptions,
): Promise<readonly string[]> => {
  const gone = new Set<string>();
  const again: string[] = [];
  const collect = async (overtaken: readonly string[]): Promise<readonly string[]> => {
    again.push(...overtaken);
    return [];
  };
  const look = async (ids: readonly string[]): Promise<void> => {
    const reading = await notedRead(sync, ids);
    try {
      const askedOnMs = sync.clock.nowMs();
      for await (const { records, unreadable } of pull(sync.reader, { kind: 'ids', ids }, options.signal)) {
        const page = { records: records.map(sync.map), unreadable, askedOnMs };
        const compared = await compare(sync, page, options.signal, { isForced, isNamed: true });
        again.push(...compared.doubtfulIds);
        const openWrite = reading.beginWriting();
        const written = await write(sync, compared.toWrite, options);
        const { compared: settled } = await record(sync, compared, written, null, { syncAgain: collect, openWrite });
        for (const id of ids) gone.delete(id);
        for (const id of settled.removals) gone.add(id);
      }
    } finally {
      await reading.end();
    }
  };

  let ids = [...new Set(recordIds)];
  for (let looks = 1; ids.length > 0; looks += 1) {
    if (looks > maxLooks) throw new AppError('record.contended', { table: sync.table });
    await look(ids);
    ids = [...new Set(again.splice(0))];
  }
  return [...gone];
};
