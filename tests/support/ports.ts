import type { SourceConnector, SourcePage, SourceRecord, TableName, TableReader } from '../../api/src/crm/types.ts';
import type { Dataverse, RowToWrite, TableDescription } from '../../api/src/dataverse/types.ts';
import { AppError } from '../../api/src/errors/app-error.ts';
import type { FailedRecord, Link, RecordStore } from '../../api/src/store/records/types.ts';
import type { Source } from '../../api/src/sync/types.ts';

/** A CRM and a Dataverse by hand, behind the pipeline's own ports, for what no real server does on request: to stop between two lines. */
export const recordOf = (id: string, more: Partial<SourceRecord> = {}): SourceRecord => ({
  id,
  modifiedOnMs: 1_000,
  isDeleted: false,
  isSkipped: false,
  parentId: null,
  url: null,
  fields: { name: id },
  ...more,
});

/** `a0`, `a1`, … */
export const recordsOf = (name: string, count: number, more: Partial<SourceRecord> = {}): readonly SourceRecord[] =>
  Array.from({ length: count }, (_none, position) => recordOf(`${name}${position}`, more));

export interface HandMadeCrm {
  readonly source: Source;
  /** What a list of the table gives, page by page. */
  pages: Record<TableName, readonly (readonly SourceRecord[])[]>;
  /** Where a table is there, workers share it: what each slice gives, page by page, in place of `pages`. */
  slices: Partial<Record<TableName, readonly (readonly (readonly SourceRecord[])[])[]>>;
  /** What is asked for by id; an id that is not here is gone. */
  readonly records: Map<string, SourceRecord>;
  /** Called before each page is given. */
  beforePage: (table: TableName, position: number, slice: number | null) => void | Promise<void>;
  readonly windows: { readonly table: TableName; readonly fromMs: number; readonly toMs: number }[];
  /** Ours is this much ahead of the CRM's; it learns of that with its first answer. */
  readonly checks: { count: number; skewMs: number };
}

/** A request that waits ends when it is called off, as one over HTTP does. */
const unlessCalledOff = async (signal: AbortSignal, work: void | Promise<void>): Promise<void> => {
  if (work === undefined) return;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new Error('called off'));
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort));
};

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const makeCrm = (sourceId: string, nowMs: () => number): HandMadeCrm => {
  const pagesOf = async function* (table: TableName, from: number, slice: number | null, signal: AbortSignal): AsyncGenerator<SourcePage> {
    const pages = slice === null ? crm.pages[table] : (crm.slices[table]?.[slice] ?? []);
    for (let position = from; position < pages.length; position += 1) {
      await unlessCalledOff(signal, crm.beforePage(table, position, slice));
      yield { records: pages[position] ?? [], unreadable: [], next: position + 1 < pages.length ? position + 1 : null };
    }
  };
  const readerOf = (table: TableName): TableReader => ({
    table,
    columns: [{ to: ['name'], read: (fields) => fields.name, whenTooLong: 'reject', whenNull: 'clear' }],
    parentTable: table === 'contact' ? 'account' : null,
    canListChanges: true,
    overlapMs: 0,
    lagMs: 0,
    readId: (text) => (text.trim() === '' ? null : text),
    retentionMs: null,
    marksDeleted: true,
    listIds: async function* listIds() {
      yield { ids: crm.pages[table].flat().map(({ id }) => id), next: null };
    },
    getOne: async (id) => {
      const record = crm.records.get(id);
      if (record?.fields.name === 'unreadable') throw new AppError('record.unreadable', { problem: 'it is odd' });
      return record ?? null;
    },
    getMany: async (ids, signal) => {
      const found = await Promise.all(ids.map((id) => readerOf(table).getOne(id, signal)));
      return found.filter((record) => record !== null);
    },
    planSlices: async () => (crm.slices[table] ?? []).map((_pages, slice) => slice),
    listAll: (resumeFrom, signal, slice) => pagesOf(table, numberOf(resumeFrom) ?? 0, numberOf(slice), signal),
    listChanges: ({ fromMs, toMs }, resumeFrom, signal, slice) => {
      crm.windows.push({ table, fromMs, toMs });
      return pagesOf(table, numberOf(resumeFrom) ?? 0, numberOf(slice), signal);
    },
  });
  const connector: SourceConnector = {
    connectorId: 'hand-made',
    displayName: 'Hand-made',
    tables: ['account', 'contact'],
    table: readerOf,
    check: async () => {
      crm.checks.count += 1;
      return { isReachable: true, clockSkewMs: crm.checks.skewMs, tookMs: 1, notes: [] };
    },
    isLinkAllowed: () => true,
    nowMs: () => nowMs() + (crm.checks.count > 0 ? crm.checks.skewMs : 0),
    browserSignIn: null,
    webhook: null,
    webhookSetups: new Map(),
  };
  const crm: HandMadeCrm = {
    source: { id: sourceId, name: 'Hand-made', connector },
    pages: { account: [[]], contact: [[]] },
    slices: {},
    records: new Map(),
    beforePage: () => undefined,
    windows: [],
    checks: { count: 0, skewMs: 0 },
  };
  return crm;
};

const column = (logicalName: string) => ({
  logicalName,
  type: 'String',
  maxLength: 100,
  displayName: logicalName,
  isValidForCreate: true,
  isValidForUpdate: true,
});
export const describeByHand = (logicalName: string): TableDescription => ({
  logicalName,
  entitySetName: `${logicalName}s`,
  primaryIdColumn: `${logicalName}id`,
  columns: new Map([['name', column('name')]]),
  supportsUpsertMultiple: true,
});

export interface HandMadeDataverse extends Dataverse {
  organizationId: string;
  /** By source key: the columns as they stand. */
  readonly rows: Map<string, Record<string, unknown>>;
  /** Keys that are refused. */
  readonly refused: Set<string>;
  beforeWrite: (rows: readonly RowToWrite[]) => void | Promise<void>;
}

export const makeDataverse = (): HandMadeDataverse => {
  const failed = { status: 'failed', failureClass: 'data', code: '0x80040203', reason: 'no' } as const;
  /** RecordNotFoundByEntityKey: a bind to a row that is not there. */
  const lacksItsParent = ({ columnsJson }: RowToWrite): boolean => {
    const bound = /ccsync_sourcekey='([^']*)'/.exec(columnsJson)?.[1];
    return bound !== undefined && !dataverse.rows.has(bound);
  };
  const put = ({ sourceKey, columnsJson }: RowToWrite): void => {
    dataverse.rows.set(sourceKey, { ...dataverse.rows.get(sourceKey), ...(JSON.parse(`{${columnsJson}}`) as Record<string, unknown>) });
  };
  const dataverse: HandMadeDataverse = {
    organizationId: 'contoso',
    rows: new Map(),
    refused: new Set(),
    beforeWrite: () => undefined,
    rowsWorthHolding: () => 0,
    use: async () => ({ users: [], bulkWaitsForMs: 0, daily: { day: '2026-11-26', used: 0, limit: null, resetsOnMs: 0 } }),
    async upsert(_table, rows) {
      await dataverse.beforeWrite(rows);
      return rows.map((row) => {
        if (dataverse.refused.has(row.sourceKey)) return failed;
        if (lacksItsParent(row)) return { ...failed, code: '0x80060891' };
        put(row);
        return { status: 'written' };
      });
    },
    async update(_table, rows) {
      await dataverse.beforeWrite(rows);
      return rows.map((row) => {
        if (dataverse.refused.has(row.sourceKey)) return failed;
        if (!dataverse.rows.has(row.sourceKey)) return { status: 'missing' };
        put(row);
        return { status: 'written' };
      });
    },
    async delete(_table, sourceKeys) {
      return sourceKeys.map((key) => {
        if (dataverse.refused.has(key)) return failed;
        return dataverse.rows.delete(key) ? { status: 'written' } : { status: 'missing' };
      });
    },
    async updateById(_table, rows) {
      return rows.map(() => ({ status: 'missing' }));
    },
    async deleteById(_table, rowIds) {
      return rowIds.map(() => ({ status: 'missing' }));
    },
    changeRow: async () => ({ status: 'missing' }),
    async *readRowPages() {
      yield [];
    },
    setUp: async () => ({ isReady: true, isSolutionInstalled: true, changes: [], findings: [] }),
    readRow: async () => null,
    readRowsByKey: async (_table, keys) =>
      new Map(keys.flatMap((key) => (dataverse.rows.has(key) ? [[key, dataverse.rows.get(key) ?? {}]] : []))),
    readRowsByColumn: async (_table, column, values) => [...dataverse.rows.values()].filter((row) => values.includes(String(row[column]))),
    whoAmI: async () => ({ userId: 'app', organizationId: dataverse.organizationId, address: 'https://contoso.crm4.dynamics.com' }),
    describeTable: async (table) => describeByHand(table),
    describeTargetTable: async (table) => describeByHand(table),
    findTeam: async (nameOrId) => nameOrId,
    close: async () => undefined,
  };
  return dataverse;
};

export interface HandMadeRecordStore extends RecordStore {
  readonly links: Map<string, Link>;
  readonly failures: Map<string, FailedRecord>;
}

/** Remembers the records of one table; no other has any. */
export const makeRecordStore = (): HandMadeRecordStore => {
  const links = new Map<string, Link>();
  const failures = new Map<string, FailedRecord>();
  return {
    links,
    failures,
    findLinks: async (_sourceId, _table, ids) => new Map([...links].filter(([id]) => ids.includes(id))),
    async findUnsettled(_sourceId, _table, seen) {
      const known = seen.flatMap((record) => {
        const link = links.get(record.recordId);
        return link === undefined ? [] : [{ ...record, link }];
      });
      const isSettled = ({ link, contentHash, modifiedOnMs }: (typeof known)[number]): boolean =>
        link.state === 'linked' && link.contentHash === contentHash && link.sourceModifiedOnMs === modifiedOnMs;
      return {
        settledIds: new Set(known.filter(isSettled).map(({ recordId }) => recordId)),
        links: new Map(known.filter((record) => !isSettled(record)).map(({ recordId, link }) => [recordId, link])),
      };
    },
    linkedIds: async () => new Set(),
    forgetLinks: async () => undefined,
    async commitPage(commit) {
      for (const link of commit.links) links.set(link.recordId, link);
      for (const id of [...commit.links.map(({ recordId }) => recordId), ...commit.unchangedIds]) failures.delete(id);
      for (const failure of commit.failures) failures.set(failure.recordId, failure);
      return [];
    },
    beginWrite: async () => ({ id: '', leave: () => undefined }),
    openElsewhere: async () => new Set(),
    takeAbandonedWrite: async () => null,
    closeWrite: async () => undefined,
  };
};
