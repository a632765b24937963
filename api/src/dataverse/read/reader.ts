import { AppError } from '../../errors/app-error.ts';
import { type BatchSender } from '../http/batch-sender.ts';
import { type Caller } from '../http/caller.ts';
import { addressById, addressByKey } from '../key-address.ts';
import { keyColumn } from '../our-columns.ts';
import { toAppError } from '../refusal.ts';
import {
  type DataverseIdentity,
  type DataverseReader,
  type DataverseRow,
  type ReadRowOptions,
  type RowAddress,
  type RowPagesQuery,
  type TableDescription,
} from '../types.ts';
import { readJsonRecord } from './json-reply.ts';
import { impersonation } from './impersonation.ts';
import { readRowPages } from './row-pages.ts';
import { readRowsByKey } from './rows-by-key.ts';

const selectOf = (columns: readonly string[]): string => `$select=${columns.map(encodeURIComponent).join(',')}`;

export class Reader implements DataverseReader {
  readonly #caller: Caller;
  readonly #batches: BatchSender;

  constructor(options: { readonly caller: Caller; readonly batches: BatchSender }) {
    this.#caller = options.caller;
    this.#batches = options.batches;
  }

  async readRow(table: TableDescription, address: RowAddress, options: ReadRowOptions): Promise<DataverseRow | null> {
    const path =
      'rowId' in address ? addressById(table.entitySetName, address.rowId) : addressByKey(table.entitySetName, address.sourceKey);
    if (path === null) return null;
    const reply = await this.#caller.call(
      { method: 'GET', path: `${path}?${selectOf(options.select)}`, headers: impersonation(options), lane: 'interactive' },
      options.signal,
    );
    if (!reply.isRefused) return readJsonRecord(reply.body.toString('utf8'), `reading a row of ${table.logicalName}`);
    const { error, meaning } = reply;
    if (error.status === 404 && (error.code === '' || meaning !== 'configuration')) return null;
    // Who may not read a row must not learn that there is one.
    if (error.status === 403 && options.asUser !== undefined) return null;
    throw toAppError(reply);
  }

  async readRowsByKey(
    table: TableDescription,
    sourceKeys: readonly string[],
    options: ReadRowOptions,
  ): Promise<ReadonlyMap<string, DataverseRow>> {
    const select = options.select.includes(keyColumn) ? options.select : [...options.select, keyColumn];
    const rows = await readRowsByKey({ caller: this.#caller, batches: this.#batches }, table, [...new Set(sourceKeys)], {
      ...options,
      select,
    });
    const byKey = new Map<string, DataverseRow>();
    for (const row of rows) {
      const key = row[keyColumn];
      if (typeof key === 'string') byKey.set(key, row);
    }
    return byKey;
  }

  readRowPages(table: TableDescription, query: RowPagesQuery): AsyncIterable<readonly DataverseRow[]> {
    return readRowPages(this.#caller, table, query);
  }

  /** Who we are in this environment; also the cheapest proof that address, sign-in and application user are right. */
  async whoAmI(signal: AbortSignal): Promise<DataverseIdentity> {
    const reply = await this.#caller.call({ method: 'GET', path: 'WhoAmI', lane: 'interactive' }, signal);
    if (reply.isRefused) throw toAppError(reply);
    const { UserId: userId, OrganizationId: organizationId } = readJsonRecord(reply.body.toString('utf8'), 'WhoAmI');
    if (typeof userId !== 'string' || typeof organizationId !== 'string') {
      throw new AppError('dataverse.bad_answer', { what: 'WhoAmI' });
    }
    return { userId, organizationId };
  }
}
