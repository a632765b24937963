import type { TableName } from '../crm/types.ts';
import type { Link, OpenWrite, RecordStore } from '../store/types.ts';

export interface WorkAheadOptions<Row> {
  readonly sourceId: string;
  readonly table: TableName;
  readonly recordId: string;
  /** As the person. */
  readonly readRow: () => Promise<Row>;
}

/** What a sync has left behind, as it was read while the store committed. */
export interface Outcome<Row> {
  readonly row: Row;
  readonly link: Link;
}

export interface WorkAhead<Row> {
  /** For the one sync of this record. */
  readonly records: RecordStore;
  /** To be asked for after the sync. null where nothing was written, or more was done than that: only another look tells what is there. */
  readonly outcome: () => Promise<Outcome<Row> | null>;
  /** Takes the note back where there was nothing to write. To be called in any case, after the sync. */
  readonly close: () => Promise<void>;
}

/**
 * For a person who waits for one record: does at the same time what the pipeline does one after the other. The write is noted while the CRM
 * is still being asked, and the row is read again from when it was written, while the store commits. Nothing is sent to Dataverse before
 * the note is durable, and nothing is told before the commit is: only the waiting for them overlaps. What was noted and not written is
 * read once more should this process die, which is safe.
 */
export const workAhead = <Row>(records: RecordStore, { sourceId, table, recordId, readRow }: WorkAheadOptions<Row>): WorkAhead<Row> => {
  const noted: Promise<OpenWrite> = records.beginWrite(sourceId, table, [recordId]);
  // Thrown where the write waits for it, if there comes to be one.
  noted.catch(() => undefined);
  let isTaken = false;
  let written: { readonly row: Promise<Row>; readonly link: Link } | null = null;

  return {
    records: {
      ...records,
      beginWrite(ofSource, ofTable, recordIds) {
        const isThis = ofSource === sourceId && ofTable === table && recordIds.length === 1 && recordIds[0] === recordId;
        if (isTaken || !isThis) return records.beginWrite(ofSource, ofTable, recordIds);
        isTaken = true;
        return noted;
      },
      async commitPage(commit) {
        const [link] = commit.links;
        const isWrittenAlone =
          commit.openWriteId !== undefined && commit.links.length === 1 && commit.failures.length + commit.removals.length === 0;
        const row = isWrittenAlone ? readRow() : undefined;
        row?.catch(() => undefined);
        written = null;
        const overtaken = await records.commitPage(commit);
        if (row !== undefined && link !== undefined && overtaken.length === 0) written = { row, link };
        return overtaken;
      },
    },
    outcome: async () => (written === null ? null : { row: await written.row, link: written.link }),
    async close() {
      if (isTaken) return;
      isTaken = true;
      const write = await noted.catch(() => null);
      // One that stays is mended like any that a dead process leaves: the record is read once more.
      if (write !== null) await records.closeWrite(write).catch(() => write.leave());
    },
  };
};
