import { allOrNone } from '../abort.ts';
import { type BatchSender } from '../http/batch-sender.ts';
import { type Caller, type Refusal } from '../http/caller.ts';
import { type ApplicationUser } from '../http/application-user.ts';
import { type Gate } from '../pace/gate.ts';
import { toAppError, toFailedOutcome } from '../refusal.ts';
import { type Clock } from '../runtime.ts';
import {
  type DataverseWriter,
  type RowOutcome,
  type RowToUpdate,
  type RowToWrite,
  type RowUpdateOutcome,
  type TableDescription,
  type WriteOptions,
} from '../types.ts';
import { raiseWhenAllAlike } from './raise-when-all-alike.ts';
import { writeRowByRow } from './row-by-row.ts';
import { RowLocks } from './row-locks.ts';
import { RowsPerRequest } from './rows-per-request.ts';
import { type Verdict, splitToBadRows } from './split-to-bad-rows.ts';
import { UpdateById } from './update-by-id.ts';
import { upsertMultiple } from './upsert-multiple.ts';

export interface WriterOptions {
  readonly caller: Caller;
  readonly batches: BatchSender;
  readonly gate: Gate<ApplicationUser>;
  readonly clock: Clock;
  /** Most rows in one UpsertMultiple. */
  readonly batchSize: number;
}

/** PATCHes run one after the other inside a `$batch`, some 20 to 50 ms each: more in one request only makes it long, not cheap. */
const mostRowsPerBatch = 100;

const inChunks = <Item>(items: readonly Item[], size: number): (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const keysOf = (rows: readonly RowToWrite[]): readonly string[] => rows.map((row) => row.sourceKey);

/** UpsertMultiple refuses a body that names a row twice, and two requests with one row deadlock; the caller keeps the newest of a page. */
const assertEachRowOnce = (rows: readonly RowToWrite[]): void => {
  const keys = new Set<string>();
  for (const { sourceKey } of rows) keys.add(sourceKey);
  if (keys.size !== rows.length) {
    throw new RangeError('a source key appears twice in the rows of one call');
  }
};

/** Writes rows as fast as Dataverse takes them, and says of each what became of it. */
export class Writer implements DataverseWriter {
  readonly #options: WriterOptions;
  readonly #locks = new Map<string, RowLocks>();
  readonly #bulkSize: RowsPerRequest;
  readonly #batchSize: RowsPerRequest;
  readonly #byId: UpdateById;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#bulkSize = new RowsPerRequest(options.batchSize);
    this.#batchSize = new RowsPerRequest(Math.min(options.batchSize, mostRowsPerBatch));
    this.#byId = new UpdateById(options);
  }

  rowsWorthHolding(table: TableDescription): number {
    return this.#sizeOf(table).rowsFor(this.#options.gate.bulkLanes);
  }

  async upsert(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowOutcome[]> {
    const size = this.#sizeOf(table);
    return this.#inRequests(table, rows, size, options, (chunk, signal) =>
      table.supportsUpsertMultiple
        ? this.#upsertTogether(table, chunk, { ...options, signal })
        : this.#upsertOneByOne(table, chunk, { ...options, signal }),
    );
  }

  async update(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    return this.#inRequests(table, rows, this.#batchSize, options, (chunk, signal) =>
      writeRowByRow(this.#options.batches, table, chunk, { ...options, signal, mode: 'update' }),
    );
  }

  async updateById(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    return this.#byId.update(table, rows, options);
  }

  async #inRequests<Outcome extends RowUpdateOutcome>(
    table: TableDescription,
    rows: readonly RowToWrite[],
    size: RowsPerRequest,
    { signal }: WriteOptions,
    write: (chunk: readonly RowToWrite[], signal: AbortSignal) => Promise<Outcome[]>,
  ): Promise<Outcome[]> {
    signal.throwIfAborted();
    assertEachRowOnce(rows);
    const chunks = inChunks(rows, size.sizeFor(rows.length, this.#options.gate.freeBulkLanes));
    const locks = this.#locksOf(table);
    const outcomes = await allOrNone(chunks, signal, (chunk, eitherSignal) =>
      locks.whileHolding(keysOf(chunk), eitherSignal, async () => {
        const written = await write(chunk, eitherSignal);
        raiseWhenAllAlike(written);
        return written;
      }),
    );
    return outcomes.flat();
  }

  #sizeOf(table: TableDescription): RowsPerRequest {
    return table.supportsUpsertMultiple ? this.#bulkSize : this.#batchSize;
  }

  #locksOf({ logicalName }: TableDescription): RowLocks {
    const known = this.#locks.get(logicalName);
    if (known !== undefined) return known;
    const locks = new RowLocks();
    this.#locks.set(logicalName, locks);
    return locks;
  }

  /** All in one transaction; when that is refused, halves of it, until each bad row is alone. */
  async #upsertTogether(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<RowOutcome[]> {
    const outcomes = new Array<RowOutcome>(rows.length).fill({ status: 'written' });
    await splitToBadRows<RowToWrite, Refusal>({
      rows,
      send: (part) => this.#sendTogether(table, part, options),
      onBadRow: (index, refusal) => {
        const row = rows[index];
        if (row !== undefined) outcomes[index] = toFailedOutcome(table, row, refusal);
      },
      // Rights, addresses and a failing SQL server are seldom one row's fault: one $batch tells whether all rows are refused or a few.
      isWorthHalving: ({ meaning }) => meaning !== 'permission' && meaning !== 'configuration' && meaning !== 'shaky',
      settleOtherwise: async (from, to) => {
        const settled = await this.#upsertOneByOne(table, rows.slice(from, to), options);
        outcomes.splice(from, settled.length, ...settled);
      },
    });
    return outcomes;
  }

  async #sendTogether(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<Verdict<Refusal>> {
    const { caller, clock } = this.#options;
    const sentMs = clock.nowMs();
    let refusal = await upsertMultiple(caller, table, rows, options);
    // Another writer created one of the rows between Dataverse's look and its insert: now that it exists, the same upsert updates it.
    if (refusal?.meaning === 'conflict') refusal = await upsertMultiple(caller, table, rows, options);
    if (refusal === null) {
      this.#bulkSize.landed(rows.length, clock.nowMs() - sentMs);
      return { kind: 'landed' };
    }
    if (refusal.meaning === 'no_user') throw toAppError(refusal);
    if (refusal.meaning !== 'too_much') return { kind: 'bad_row', refused: refusal };
    this.#bulkSize.timedOut(rows.length);
    return { kind: 'too_many', refused: refusal };
  }

  async #upsertOneByOne(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<RowOutcome[]> {
    const chunks = inChunks(rows, mostRowsPerBatch);
    const outcomes = await allOrNone(chunks, options.signal, (chunk, signal) =>
      writeRowByRow(this.#options.batches, table, chunk, { ...options, signal, mode: 'upsert' }),
    );
    return outcomes.flat().map((outcome) => {
      if (outcome.status === 'missing') throw new RangeError('an upsert cannot miss its row');
      return outcome;
    });
  }
}
