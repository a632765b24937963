import type { Link, RecordStore } from '../store/types.ts';

/** What a sync has left behind, as it was read while the store committed. */
export interface Outcome<Row> {
  readonly row: Row;
  readonly link: Link;
}

export interface WorkAhead<Row> {
  /** For the one sync of one record. */
  readonly records: RecordStore;
  /** To be asked for after the sync. null where nothing was written, or more was done than that: only another look tells what is there. */
  readonly outcome: () => Promise<Outcome<Row> | null>;
}

/**
 * For a person who waits for one record: the row is read again (`readRow`, as the person) from when it was written, while the store commits.
 * Nothing is told before the commit is durable: only the waiting for the two overlaps.
 */
export const workAhead = <Row>(records: RecordStore, readRow: () => Promise<Row>): WorkAhead<Row> => {
  let written: { readonly row: Promise<Row>; readonly link: Link } | null = null;
  return {
    records: {
      ...records,
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
  };
};
