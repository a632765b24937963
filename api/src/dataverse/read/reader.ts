import { AppError } from '../../errors/app-error.ts';
import type { BatchSender } from '../http/batch-sender.ts';
import type { Caller } from '../http/caller.ts';
import { addressById, addressByKey, isRowId, urlLiteral } from '../key-address.ts';
import { keyColumn } from '../our-columns.ts';
import { toAppError } from '../refusal.ts';
import type {
  DataverseIdentity,
  DataverseReader,
  DataverseRow,
  ReadRowOptions,
  RowAddress,
  RowPagesQuery,
  TableDescription,
} from '../types.ts';
import type { Question } from './fresh-cache.ts';
import { readJsonRecord, readJsonRows } from './json-reply.ts';
import { readHeaders } from './read-headers.ts';
import { readRowPages } from './row-pages.ts';
import { readRowsByColumn } from './rows-by-column.ts';

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
      {
        method: 'GET',
        path: `${path}?${selectOf(options.select)}`,
        headers: readHeaders(options),
        lane: 'interactive',
        patience: options.patience ?? 'interactive',
      },
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
    const rows = await this.readRowsByColumn(table, keyColumn, sourceKeys, options);
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

  async readRowsByColumn(
    table: TableDescription,
    column: string,
    values: readonly string[],
    options: ReadRowOptions,
  ): Promise<readonly DataverseRow[]> {
    const select = options.select.includes(column) ? options.select : [...options.select, column];
    return readRowsByColumn(
      { caller: this.#caller, batches: this.#batches },
      table,
      { column, values: [...new Set(values)] },
      { ...options, select },
    );
  }

  /** Throws `dataverse.team_unknown`. */
  async findTeam(nameOrId: string, { patience, signal }: Question): Promise<string> {
    const named = isRowId(nameOrId) ? `teamid eq ${nameOrId}` : `name eq ${urlLiteral(nameOrId)}`;
    // Access teams (1) own nothing.
    const path = `teams?$select=teamid&$filter=${`${named} and teamtype ne 1`.replaceAll(' ', '%20')}`;
    const reply = await this.#caller.call({ method: 'GET', path, lane: 'interactive', patience }, signal);
    if (reply.isRefused) throw toAppError(reply);
    const teams = readJsonRows(reply.body.toString('utf8'), 'looking for a team');
    const id = teams[0]?.teamid;
    if (teams.length === 1 && typeof id === 'string') return id;
    throw new AppError('dataverse.team_unknown', { team: nameOrId, count: teams.length === 0 ? 'none' : `${teams.length}` });
  }

  /** Who we are in this environment; also the cheapest proof that address, sign-in and application user are right. */
  async whoAmI({ patience, signal }: Question): Promise<Omit<DataverseIdentity, 'address'>> {
    const reply = await this.#caller.call({ method: 'GET', path: 'WhoAmI', lane: 'interactive', patience }, signal);
    if (reply.isRefused) throw toAppError(reply);
    const { UserId: userId, OrganizationId: organizationId } = readJsonRecord(reply.body.toString('utf8'), 'WhoAmI');
    if (typeof userId !== 'string' || typeof organizationId !== 'string') {
      throw new AppError('dataverse.bad_answer', { what: 'WhoAmI' });
    }
    return { userId, organizationId };
  }
}
