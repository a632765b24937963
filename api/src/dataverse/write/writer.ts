import { AppError } from '../../errors/app-error.ts';
import type { Caller } from '../http/caller.ts';
import { addressById, addressByKey } from '../key-address.ts';
import type {
  DataverseWriter,
  RowChange,
  RowChangeOutcome,
  RowOutcome,
  RowToUpdate,
  RowToWrite,
  RowUpdateOutcome,
  TableDescription,
  WriteOptions,
} from '../types.ts';
import { changeRow } from './change-row.ts';
import { RowLocks } from './row-locks.ts';
import { RowsPerRequest } from './rows-per-request.ts';
import { updateMultiple } from './update-multiple.ts';
import { upsertMultiple } from './upsert-multiple.ts';
import { type WayToWrite, WriteRows, type WriteRowsDeps, mostRowsPerBatch } from './write-rows.ts';

export interface WriterOptions extends WriteRowsDeps {
  readonly caller: Caller;
  /** Most rows in one bulk message. */
  readonly batchSize: number;
}

const sourceKeyOf = ({ sourceKey }: RowToWrite): string => sourceKey;

const addressOfRow = ({ entitySetName }: TableDescription, rowId: string): string => {
  const address = addressById(entitySetName, rowId);
  if (address === null) throw new AppError('dataverse.bad_answer', { what: 'listing rows: a row’s id is no GUID' });
  return address;
};

/** The ways in which the product writes: upsert, update and delete by our key, update and delete by GUID, and one row if nobody else did. */
export class Writer implements DataverseWriter {
  readonly #options: WriterOptions;
  readonly #rows: WriteRows;
  readonly #locks = new Map<string, RowLocks>();
  readonly #bulkSize: RowsPerRequest;
  readonly #batchSize: RowsPerRequest;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#rows = new WriteRows(options);
    this.#bulkSize = new RowsPerRequest(options.batchSize);
    this.#batchSize = new RowsPerRequest(Math.min(options.batchSize, mostRowsPerBatch));
  }

  rowsWorthHolding(table: TableDescription): number {
    return this.#sizeOf(table).rowsFor(this.#options.gate.bulkLanes);
  }

  async upsert(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowOutcome[]> {
    const { caller } = this.#options;
    const way: WayToWrite<RowToWrite> = {
      ...this.#byKey(table),
      mode: 'upsert',
      together: table.supportsUpsertMultiple ? (part, write) => upsertMultiple(caller, table, part, write) : null,
      size: this.#sizeOf(table),
    };
    return (await this.#rows.write(way, rows, options)).map((outcome) => {
      if (outcome.status === 'missing') throw new RangeError('an upsert cannot miss its row');
      return outcome;
    });
  }

  /** Row by row, as UpdateMultiple takes no alternate key of a row that may be missing. */
  async update(table: TableDescription, rows: readonly RowToWrite[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    return this.#rows.write({ ...this.#byKey(table), mode: 'update', together: null, size: this.#batchSize }, rows, options);
  }

  /** Row by row: DeleteMultiple is for elastic tables. */
  async delete(table: TableDescription, sourceKeys: readonly string[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    const rows = sourceKeys.map((sourceKey) => ({ sourceKey, columnsJson: '' }));
    return this.#rows.write({ ...this.#byKey(table), mode: 'delete', together: null, size: this.#batchSize }, rows, options);
  }

  async updateById(table: TableDescription, rows: readonly RowToUpdate[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    const { caller } = this.#options;
    const way: WayToWrite<RowToUpdate> = {
      table,
      mode: 'update',
      nameOf: ({ rowId }) => rowId,
      addressOf: ({ rowId }) => addressOfRow(table, rowId),
      together: table.supportsUpsertMultiple ? (part, write) => updateMultiple(caller, table, part, write) : null,
      size: this.#sizeOf(table),
      locks: this.#locksOf(table),
    };
    return this.#rows.write(way, rows, options);
  }

  async deleteById(table: TableDescription, rowIds: readonly string[], options: WriteOptions): Promise<readonly RowUpdateOutcome[]> {
    const way: WayToWrite<RowToUpdate> = {
      table,
      mode: 'delete',
      nameOf: ({ rowId }) => rowId,
      addressOf: ({ rowId }) => addressOfRow(table, rowId),
      together: null,
      size: this.#batchSize,
      locks: this.#locksOf(table),
    };
    return this.#rows.write(
      way,
      rowIds.map((rowId) => ({ rowId, columnsJson: '' })),
      options,
    );
  }

  changeRow(table: TableDescription, change: RowChange): Promise<RowChangeOutcome> {
    return changeRow(this.#options.caller, table, change);
  }

  #byKey(table: TableDescription): Pick<WayToWrite<RowToWrite>, 'table' | 'nameOf' | 'addressOf' | 'locks'> {
    return {
      table,
      nameOf: sourceKeyOf,
      addressOf: ({ sourceKey }) => addressByKey(table.entitySetName, sourceKey),
      locks: this.#locksOf(table),
    };
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
}
