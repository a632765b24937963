import { AppError } from '../../errors/app-error.ts';
import { allOrNone } from '../abort.ts';
import { type BatchSender, type PartReply } from '../http/batch-sender.ts';
import { apiPath, type Caller, type Refusal } from '../http/caller.ts';
import { addressById } from '../key-address.ts';
import { toAppError, toFailedOutcome } from '../refusal.ts';
import { type Clock } from '../runtime.ts';
import { type RowToUpdate, type RowUpdateOutcome, type TableDescription, type WriteOptions } from '../types.ts';
import { logicHeaders } from './logic-headers.ts';
import { raiseWhenAllAlike } from './raise-when-all-alike.ts';
import { RowLocks } from './row-locks.ts';
import { RowsPerRequest } from './rows-per-request.ts';
import { type Verdict, splitToBadRows } from './split-to-bad-rows.ts';
import { updateMultiple } from './update-multiple.ts';

export interface UpdateByIdOptions {
  readonly caller: Caller;
  readonly batches: BatchSender;
  readonly gate: { readonly bulkLanes: number };
  readonly clock: Clock;
  /** Most rows in one UpdateMultiple. */
  readonly batchSize: number;
}

const mostRowsPerBatch = 100;

const inChunks = (rows: readonly RowToUpdate[], size: number): (readonly RowToUpdate[])[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));

/** ObjectDoesNotExist; a plain 404 without a code says the same. */
const isMissing = ({ error, meaning }: Omit<Refusal, 'isRefused'>): boolean =>
  error.code === '0x80040217' || (error.status === 404 && (error.code === '' || meaning !== 'configuration'));

const outcomeOf = (table: TableDescription, row: RowToUpdate, refusal: Omit<Refusal, 'isRefused'>): RowUpdateOutcome =>
  isMissing(refusal) ? { status: 'missing' } : toFailedOutcome(table, row, refusal);

/**
 * Changes rows that are there, by GUID: never makes one. `UpdateMultiple` where the table offers it, halved down to the bad rows when it is
 * refused; else, or where halving does not pay, PATCHes with `If-Match: *` inside a `$batch`.
 */
export class UpdateById {
  readonly #options: UpdateByIdOptions;
  readonly #size: RowsPerRequest;
  readonly #locks = new RowLocks();

  constructor(options: UpdateByIdOptions) {
    this.#options = options;
    this.#size = new RowsPerRequest(options.batchSize);
  }

  async update(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    options.signal.throwIfAborted();
    if (new Set(rows.map(({ rowId }) => rowId)).size !== rows.length) throw new RangeError('a row appears twice in the rows of one call');
    const size = this.#size.sizeFor(rows.length, this.#options.gate.bulkLanes);
    const outcomes = await allOrNone(inChunks(rows, size), options.signal, (chunk, signal) =>
      this.#locks.whileHolding(
        chunk.map(({ rowId }) => rowId),
        signal,
        async () => {
          const written = await (table.supportsUpsertMultiple
            ? this.#together(table, chunk, { ...options, signal })
            : this.#oneByOne(table, chunk, { ...options, signal }));
          raiseWhenAllAlike(written);
          return written;
        },
      ),
    );
    return outcomes.flat();
  }

  async #together(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<RowUpdateOutcome[]> {
    const outcomes = new Array<RowUpdateOutcome>(rows.length).fill({ status: 'written' });
    await splitToBadRows<RowToUpdate, Refusal>({
      rows,
      send: (part) => this.#sendTogether(table, part, options),
      onBadRow: (index, refusal) => {
        const row = rows[index];
        if (row !== undefined) outcomes[index] = outcomeOf(table, row, refusal);
      },
      isWorthHalving: ({ meaning }) => meaning !== 'permission' && meaning !== 'configuration' && meaning !== 'shaky',
      settleOtherwise: async (from, to) => {
        const settled = await this.#oneByOne(table, rows.slice(from, to), options);
        outcomes.splice(from, settled.length, ...settled);
      },
    });
    return outcomes;
  }

  async #sendTogether(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<Verdict<Refusal>> {
    const { caller, clock } = this.#options;
    const sentMs = clock.nowMs();
    const refusal = await updateMultiple(caller, table, rows, options);
    if (refusal === null) {
      this.#size.landed(rows.length, clock.nowMs() - sentMs);
      return { kind: 'landed' };
    }
    if (refusal.meaning === 'no_user') throw toAppError(refusal);
    if (refusal.meaning !== 'too_much') return { kind: 'bad_row', refused: refusal };
    this.#size.timedOut(rows.length);
    return { kind: 'too_many', refused: refusal };
  }

  async #oneByOne(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<RowUpdateOutcome[]> {
    const outcomes: RowUpdateOutcome[] = [];
    for (const chunk of inChunks(rows, mostRowsPerBatch)) {
      const parts = chunk.map(({ rowId, columnsJson }) => ({
        method: 'PATCH' as const,
        path: `${apiPath}${this.#addressOf(table, rowId)}`,
        // Without it a row that was deleted meanwhile would be made anew.
        headers: { 'If-Match': '*', ...logicHeaders(options) },
        body: `{${columnsJson}}`,
      }));
      const replies = await this.#options.batches.send(parts, { lane: options.lane, signal: options.signal });
      chunk.forEach((row, index) => outcomes.push(this.#outcomeOfPart(table, row, replies[index])));
    }
    return outcomes;
  }

  #addressOf({ entitySetName }: TableDescription, rowId: string): string {
    const address = addressById(entitySetName, rowId);
    if (address === null) throw new AppError('dataverse.bad_answer', { what: 'listing rows: a row’s id is no GUID' });
    return address;
  }

  #outcomeOfPart(table: TableDescription, row: RowToUpdate, reply: PartReply | undefined): RowUpdateOutcome {
    if (reply === undefined) throw new RangeError('a row without an answer');
    if (!reply.isRefused) return { status: 'written' };
    if (reply.meaning === 'no_user' || reply.meaning === 'signed_out') throw toAppError(reply);
    return outcomeOf(table, row, reply);
  }
}
