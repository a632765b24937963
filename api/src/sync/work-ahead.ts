import type { TableName } from '../crm/types.ts';
import type { Link, OpenWrite, RecordStore } from '../store/records/types.ts';

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
  /** In any case, when the work is over. */
  readonly end: () => Promise<void>;
}

/** A record of one table of one source. */
export interface OneRecord {
  readonly sourceId: string;
  readonly table: TableName;
  readonly recordId: string;
}

export interface WorkAheadOptions<Row> {
  readonly records: RecordStore;
  /** As the person who waits. */
  readonly readRow: () => Promise<Row>;
  /** Whose parents a table's records have. */
  readonly parentTableOf: (of: Pick<OneRecord, 'sourceId' | 'table'>) => TableName | null;
  /** Which record it probably is, before that is known for certain. */
  readonly guess: OneRecord | null;
}

type Links = ReadonlyMap<string, Link>;

/** What the store says of a record, asked for while others answer. */
interface Known {
  readonly of: OneRecord;
  readonly links: Promise<Links>;
  /** Which of the parents that the links name have a row. */
  readonly parents: Promise<{ readonly asked: ReadonlySet<string>; readonly linked: ReadonlySet<string> }>;
}

const parentIdsOf = (links: Links): ReadonlySet<string> =>
  new Set([...links.values()].map(({ parentId }) => parentId).filter((id) => id !== null));

const isSame = (one: OneRecord, other: OneRecord): boolean =>
  one.sourceId === other.sourceId && one.table === other.table && one.recordId === other.recordId;

/** Thrown to whoever awaits it; nobody may. */
const quietly = <Value>(promise: Promise<Value>): Promise<Value> => {
  promise.catch(() => undefined);
  return promise;
};

/**
 * For a person who waits for one record, what can be done while others answer. The write is noted, and the store is asked for the record's
 * link and for its parent's, while the row is read (or the CRM, where nobody could guess whose row it is); and the row is read again from
 * when it was written, while the store commits. Nothing is told before the commit is durable: only the waiting overlaps.
 *
 * A link that is older than the CRM's answer is as good as a later one where something is written: the commit is refused when the link has
 * moved. Where nothing is, that is looked after here. A note that turns out to be another record's is closed.
 */
export const workAhead = <Row>({ records, readRow, parentTableOf, guess }: WorkAheadOptions<Row>): WorkAhead<Row> => {
  let written: { readonly row: Promise<Row>; readonly link: Link } | null = null;
  let takenEarly: Links | null = null;

  const lookUp = (of: OneRecord): Known => {
    const links = quietly(records.findLinks(of.sourceId, of.table, [of.recordId]));
    const parentTable = parentTableOf(of);
    const linkedOf = async (found: Links): Promise<Awaited<Known['parents']>> => {
      const asked = parentIdsOf(found);
      const linked = parentTable === null || asked.size === 0 ? asked : await records.linkedIds(of.sourceId, parentTable, [...asked]);
      return { asked, linked };
    };
    return { of, links, parents: quietly(links.then(linkedOf)) };
  };
  let note: Promise<OpenWrite> | null = guess === null ? null : quietly(records.beginWrite(guess.sourceId, guess.table, [guess.recordId]));
  let known: Known | null = guess === null ? null : lookUp(guess);

  const noteOf = (of: OneRecord): Promise<OpenWrite> => {
    const early = guess !== null && isSame(guess, of) ? note : null;
    if (early !== null) note = null;
    return early ?? records.beginWrite(of.sourceId, of.table, [of.recordId]);
  };
  /** Of a record that was written by nobody since its early look; of what was not looked at early, true. */
  const isAsItWas = async (): Promise<boolean> => {
    if (takenEarly === null || known === null) return true;
    const { sourceId, table, recordId } = known.of;
    const now = await records.findLinks(sourceId, table, [recordId]);
    return now.get(recordId)?.checkedOnMs === takenEarly.get(recordId)?.checkedOnMs;
  };

  return {
    records: {
      ...records,
      async beginWrite(sourceId, table, recordIds) {
        const [recordId, ...others] = recordIds;
        if (recordId === undefined || others.length > 0) return records.beginWrite(sourceId, table, recordIds);
        const of = { sourceId, table, recordId };
        const write = await noteOf(of);
        if (known === null || !isSame(known.of, of)) known = lookUp(of);
        return write;
      },
      // Who asks this first has a deletion in hand, and may rely on no link from before.
      openElsewhere(...asked) {
        known = null;
        return records.openElsewhere(...asked);
      },
      async findLinks(sourceId, table, recordIds) {
        const [recordId = '', ...others] = recordIds;
        if (known !== null && takenEarly === null && others.length === 0 && isSame(known.of, { sourceId, table, recordId })) {
          takenEarly = await known.links;
          return takenEarly;
        }
        // Looked at once more: the early look is over.
        known = null;
        return records.findLinks(sourceId, table, recordIds);
      },
      async linkedIds(sourceId, table, recordIds) {
        const parents = known === null || table !== parentTableOf(known.of) ? null : await known.parents;
        const isCovered = parents !== null && recordIds.every((id) => parents.asked.has(id));
        return isCovered ? parents.linked : records.linkedIds(sourceId, table, recordIds);
      },
      async commitPage(commit) {
        const [link] = commit.links;
        if (link === undefined && commit.unchangedIds.length > 0 && !(await isAsItWas())) {
          const moved = known === null ? [] : [known.of.recordId];
          known = null;
          return moved;
        }
        const isWrittenAlone =
          commit.openWriteId !== undefined && commit.links.length === 1 && commit.failures.length + commit.removals.length === 0;
        const row = isWrittenAlone ? quietly(readRow()) : undefined;
        written = null;
        const overtaken = await records.commitPage(commit);
        if (row !== undefined && link !== undefined && overtaken.length === 0) written = { row, link };
        return overtaken;
      },
    },
    outcome: async () => (written === null ? null : { row: await written.row, link: written.link }),
    async end() {
      const left = note;
      note = null;
      if (left === null) return;
      try {
        const write = await left;
        await records.closeWrite(write);
        write.leave();
      } catch {
        // It was never made; or it stays, and the record is read again for nothing.
      }
    },
  };
};
