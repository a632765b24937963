import { allOrNone } from '../abort.ts';
import type { ApplicationUser } from '../http/application-user.ts';
import type { BatchSender } from '../http/batch-sender.ts';
import type { Refusal } from '../http/caller.ts';
import type { Gate } from '../pace/gate.ts';
import { toAppError } from '../refusal.ts';
import type { Clock } from '../runtime.ts';
import type { RowUpdateOutcome, TableDescription, WriteOptions } from '../types.ts';
import { raiseWhenAllAlike } from './raise-when-all-alike.ts';
import { toRowOutcome, writeRowByRow } from './row-by-row.ts';
import type { RowLocks } from './row-locks.ts';
import type { RowsPerRequest } from './rows-per-request.ts';
import { type Verdict, splitToBadRows } from './split-to-bad-rows.ts';

/** PATCHes run one after the other inside a `$batch`, some 20 to 50 ms each: more in one request only makes it long, not cheap. */
export const mostRowsPerBatch = 100;

/** How rows of one kind go to one table: what names them, and which requests write them. */
export interface WayToWrite<Row> {
  readonly table: TableDescription;
  readonly mode: 'upsert' | 'update' | 'delete';
  /** Unique within a call; while it is under way no other request holds the same. */
  readonly nameOf: (row: Row) => string;
  readonly addressOf: (row: Row) => string;
  /** One transaction for all: null when it landed. null instead of a function: the table takes no such message. */
  readonly together: ((rows: readonly Row[], options: WriteOptions) => Promise<Refusal | null>) | null;
  readonly size: RowsPerRequest;
  readonly locks: RowLocks;
}

export interface WriteRowsDeps {
  readonly batches: BatchSender;
  readonly gate: Gate<ApplicationUser>;
  readonly clock: Clock;
}

interface NamedRow {
  readonly columnsJson: string;
}

const inChunks = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** A bulk message refuses a body that names a row twice, and two requests with one row deadlock; the caller keeps the newest of a page. */
const assertEachOnce = (names: readonly string[]): void => {
  if (new Set(names).size !== names.length) throw new RangeError('a row appears twice in the rows of one call');
};

/** Writes rows as fast as Dataverse takes them, whatever their way, and says of each what became of it. */
export class WriteRows {
  readonly #deps: WriteRowsDeps;

  constructor(deps: WriteRowsDeps) {
    this.#deps = deps;
  }

  async write<Row extends NamedRow>(way: WayToWrite<Row>, rows: readonly Row[], options: WriteOptions): Promise<RowUpdateOutcome[]> {
    options.signal.throwIfAborted();
    assertEachOnce(rows.map(way.nameOf));
    const chunks = inChunks(rows, way.size.sizeFor(rows.length, this.#deps.gate.freeBulkLanes));
    const outcomes = await allOrNone(chunks, options.signal, (chunk, signal) =>
      way.locks.whileHolding(chunk.map(way.nameOf), signal, async () => {
        const written = await this.#writeChunk(way, chunk, { ...options, signal });
        raiseWhenAllAlike(written);
        return written;
      }),
    );
    return outcomes.flat();
  }

  #writeChunk<Row extends NamedRow>(way: WayToWrite<Row>, rows: readonly Row[], options: WriteOptions): Promise<RowUpdateOutcome[]> {
    const { together } = way;
    return together === null ? this.#oneByOne(way, rows, options) : this.#together({ ...way, together }, rows, options);
  }

  /** All in one transaction; when that is refused, halves of it, until each bad row is alone. */
  async #together<Row extends NamedRow>(
    way: WayToWrite<Row> & { readonly together: NonNullable<WayToWrite<Row>['together']> },
    rows: readonly Row[],
    options: WriteOptions,
  ): Promise<RowUpdateOutcome[]> {
    const outcomes = new Array<RowUpdateOutcome>(rows.length).fill({ status: 'written' });
    await splitToBadRows<Row, Refusal>({
      rows,
      send: (part) => this.#sendTogether(way, part, options),
      onBadRow: (index, refusal) => {
        const row = rows[index];
        if (row !== undefined) outcomes[index] = toRowOutcome(way.table, row, refusal, way.mode);
      },
      // Rights, addresses and a failing SQL server are seldom one row's fault: one $batch tells whether all rows are refused or a few.
      isWorthHalving: ({ meaning }) => meaning !== 'permission' && meaning !== 'configuration' && meaning !== 'shaky',
      settleOtherwise: async (from, to) => {
        const settled = await this.#oneByOne(way, rows.slice(from, to), options);
        outcomes.splice(from, settled.length, ...settled);
      },
    });
    return outcomes;
  }

  async #sendTogether<Row>(
    { together, size }: { readonly together: NonNullable<WayToWrite<Row>['together']>; readonly size: RowsPerRequest },
    rows: readonly Row[],
    options: WriteOptions,
  ): Promise<Verdict<Refusal>> {
    const { clock } = this.#deps;
    const sentMs = clock.nowMs();
    let refusal = await together(rows, options);
    // Another writer created one of the rows between Dataverse's look and its insert: now that it exists, the same upsert updates it.
    if (refusal?.meaning === 'conflict') refusal = await together(rows, options);
    if (refusal === null) {
      size.landed(rows.length, clock.nowMs() - sentMs);
      return { kind: 'landed' };
    }
    if (refusal.meaning === 'no_user') throw toAppError(refusal);
    if (refusal.meaning !== 'too_much') return { kind: 'bad_row', refused: refusal };
    size.timedOut(rows.length);
    return { kind: 'too_many', refused: refusal };
  }

  async #oneByOne<Row extends NamedRow>(way: WayToWrite<Row>, rows: readonly Row[], options: WriteOptions): Promise<RowUpdateOutcome[]> {
    const { table, mode, addressOf } = way;
    const outcomes = await allOrNone(inChunks(rows, mostRowsPerBatch), options.signal, (chunk, signal) =>
      writeRowByRow(this.#deps.batches, table, chunk, { ...options, signal, mode, addressOf }),
    );
    return outcomes.flat();
  }
}
