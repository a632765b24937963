import { AppError } from '../../errors/app-error.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import type { Manifest } from '../manifest/schema/manifest.ts';
import type { IdBody, ReadyTable } from '../manifest/schema/table.ts';
import type { ChangeWindow, IdPage, PageCursor, PageSlice, SourcePage, TableName, TableReader, Urgency } from '../types.ts';
import { compileColumnRules } from '../value/column-rules.ts';
import { durationMs } from '../value/duration.ts';
import { createChangePart } from './change-reader.ts';
import { createBulkList } from './bulk-list.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { createDeepLink } from './deep-link.ts';
import { createDescribeReader } from './describe-reader.ts';
import { createDeletesReader } from './deletes-reader.ts';
import { createTableFields } from './known-fields.ts';
import { createListReader } from './list-reader.ts';
import { compileMergedIds, tombstonesOf } from './merged-records.ts';
import { createParentLookup } from './parent-lookup.ts';
import { createGetMany, createGetOne } from './read-by-id.ts';
import { createIdReader, idPathOf } from './record-id.ts';
import { createRecordReader } from './record-reader.ts';
import { createSearchReader } from './search-reader.ts';
import { createSliceGuard, createSlicePlanner, cutWindow, isFirstSlice, readSlice, windowOfSlice } from './slices.ts';
import { type ReadingPart, readPartPlace, readParts } from './walk-parts.ts';

const usualOverlap = '2m';
const usualLag = '30s';

/** What the rest of this room may ask a table beside what `TableReader` promises to the pipeline. */
export interface OpenedTable extends TableReader {
  /** Of those that the mapping uses, what the CRM does not show us. */
  readonly hiddenFields: (signal: AbortSignal) => Promise<readonly string[]>;
  readonly asUrgentAs: (urgency: Urgency) => TableReader;
}

export const createTableReader = (options: {
  readonly manifest: Manifest;
  readonly name: TableName;
  readonly table: ReadyTable;
  /** How the ids of the parent's table are written; null when this table's records have no parent. */
  readonly parentId: IdBody | null;
  readonly connection: ConnectionParts;
}): OpenedTable => {
  const { manifest, name, table, parentId, connection } = options;
  const { changes, parent } = table;
  const readParentId = parentId === null ? () => null : createIdReader(parentId);
  const readRecords = createRecordReader({
    table,
    readParentId,
    nulls: manifest.nulls ?? [],
    settings: connection.settings,
    deepLink: createDeepLink(table.link, connection.settings, connection.policy, table.entity),
  });
  const defaults = { records: table.records ?? manifest.records, total: manifest.total, page: table.page ?? manifest.page };
  const shared = { name, entity: table.entity, connection, readRecords, defaults, idPath: idPathOf(table.id) };
  const describe = table.describe === undefined ? null : createDescribeReader({ name, connection, defaults, describe: table.describe });
  const fields = createTableFields({ name, table, connection, describe });
  const own: TemplateScope = table.entity === undefined ? {} : { entity: table.entity };
  const lookUpParents = createParentLookup({ name, connection, parent, readParentId });
  const mergedIds = compileMergedIds(table);

  const list = createListReader({ ...shared, operation: table.list, what: 'list' });
  const sweep = table.sweep === undefined ? list : createListReader({ ...shared, operation: table.sweep, what: 'sweep' });
  const changeList = changes === undefined ? null : createListReader({ ...shared, operation: changes, what: 'changes' });
  const guardSlice = table.list.slices === undefined ? null : createSliceGuard(table.list.slices);
  const bulk = createBulkList({ name, table, connection, readRecords });
  const deletes = (table.deletes ?? []).map((one) => createDeletesReader({ name, table, connection, defaults, deletes: one }));

  const scopeOf = async (signal: AbortSignal): Promise<TemplateScope> => ({
    ...own,
    ...(await connection.prepare(signal)),
    fields: await fields.ask(signal),
  });
  const byId = { ...shared, scopeOf, lookUpParents, mergedIds };
  const getOne = table.get === undefined ? null : createGetOne({ ...byId, get: table.get });
  const getMany = createGetMany({ ...byId, getMany: table.getMany ?? null, getOne });

  const search =
    table.search === undefined ? null : createSearchReader({ ...byId, searches: table.search, readId: createIdReader(table.id), getMany });

  async function* withParents(pages: AsyncIterable<SourcePage>, scope: TemplateScope, signal: AbortSignal): AsyncGenerator<SourcePage> {
    for await (const page of pages) {
      const records = await lookUpParents(page.records, scope, { signal, urgency: 'bulk' });
      yield { ...page, records: [...tombstonesOf(records, mergedIds), ...records] };
    }
  }

  async function* readAll(resumeFrom: PageCursor | null, signal: AbortSignal, given?: PageSlice): AsyncGenerator<SourcePage> {
    const slice = readSlice(given);
    const scope = { ...(await scopeOf(signal)), slice };
    const declared: ReadingPart = {
      read: async function* readListPart(_state, place, partSignal) {
        for await (const { page, next } of list({ resumeFrom: place, scope, beginsAtMs: 0, ...guard }, partSignal)) {
          yield { page, next: next === null ? null : { state: null, place: next } };
        }
      },
    };
    const guard = guardSlice === null || given === undefined ? {} : { guard: guardSlice(slice) };
    // An export has everything, so it is not shared.
    const listPart = bulk === null || given !== undefined ? declared : bulk(declared, scope);
    const isFirst = isFirstSlice(slice);
    const archived = deletes.filter(({ isFeed }) => isFirst && !isFeed).map((one) => deletesPart(one, null, scope));
    const parts = [...archived, listPart];
    yield* withParents(readParts(parts, resumeFrom === null ? null : startOf(resumeFrom, parts), signal), scope, signal);
  }

  const deletesPart = (reader: (typeof deletes)[number], window: ChangeWindow | null, scope: TemplateScope): ReadingPart => ({
    read: async function* readDeletesPart(_state, place, signal) {
      for await (const { page, next } of reader.read(window, place, scope, signal)) {
        yield { page, next: next === null ? null : { state: null, place: next } };
      }
    },
  });

  const startOf = (cursor: PageCursor, parts: readonly ReadingPart[]) => {
    const place = readPartPlace(cursor, parts.length);
    if (place !== null) return place;
    throw new AppError('crm.paging_stuck', {
      source: connection.sourceId,
      problem: 'the saved place does not fit the manifest’s paging; start the run anew',
    });
  };

  async function* readChanges(
    window: ChangeWindow,
    resumeFrom: PageCursor | null,
    signal: AbortSignal,
    given?: PageSlice,
  ): AsyncGenerator<SourcePage> {
    if (changes === undefined || changeList === null) return;
    const slice = readSlice(given);
    const scope = await scopeOf(signal);
    const part = createChangePart({
      sourceId: connection.sourceId,
      what: `the changes of ${name}`,
      changes,
      list: changeList,
      wholeList: list,
      window: windowOfSlice(window, slice),
      scope,
    });
    // Of the whole window: the feeds are read once, with the first slice.
    const feeds = isFirstSlice(slice) ? deletes.map((one) => deletesPart(one, window, scope)) : [];
    const parts = [...feeds, part];
    yield* withParents(readParts(parts, resumeFrom === null ? null : startOf(resumeFrom, parts), signal), scope, signal);
  }

  async function* readIds(resumeFrom: PageCursor | null, signal: AbortSignal): AsyncGenerator<IdPage> {
    const scope = await scopeOf(signal);
    for await (const { page, next } of sweep({ resumeFrom, scope, beginsAtMs: 0 }, signal)) {
      yield { ids: page.records.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id), next };
    }
  }

  const planList =
    table.list.slices === undefined
      ? null
      : createSlicePlanner({ what: `the ends of the list of ${name}`, slices: table.list.slices, connection });
  const planSlices = async (window: ChangeWindow | null, signal: AbortSignal): Promise<readonly PageSlice[]> => {
    if (window !== null) return changes === undefined ? [] : cutWindow(window, changes);
    return planList === null ? [] : planList(await scopeOf(signal), signal);
  };

  const byIdFor = (urgency: Urgency): Pick<TableReader, 'getOne' | 'getMany'> => ({
    getOne: async (id, signal) =>
      getOne === null ? ((await getMany([id], { signal, urgency }))[0] ?? null) : getOne(id, { signal, urgency }),
    getMany: (ids, signal) => getMany(ids, { signal, urgency }),
  });

  const reader: TableReader & Pick<OpenedTable, 'hiddenFields'> = {
    table: name,
    columns: compileColumnRules(table.map),
    parentTable: parent?.table ?? null,
    canListChanges: changeList !== null,
    overlapMs: durationMs(changes?.overlap ?? usualOverlap),
    lagMs: durationMs(changes?.lag ?? usualLag),
    marksDeleted: table.deleted !== undefined && deletes.length === 0,
    readId: createIdReader(table.id),
    retentionMs: changes?.retention === undefined ? null : durationMs(changes.retention),
    ...byIdFor('bulk'),
    hiddenFields: fields.hidden,
    listAll: readAll,
    listIds: readIds,
    ...(planList === null && changes?.slices === undefined ? {} : { planSlices }),
    ...(describe === null ? {} : { listFields: async (signal: AbortSignal) => describe(await scopeOf(signal), signal) }),
    ...(search === null ? {} : { search }),
    listChanges: (window, resumeFrom, signal, slice) => {
      if (changeList === null) {
        throw new AppError('crm.bad_answer', {
          source: connection.sourceId,
          what: `changes of ${name}`,
          problem: 'the manifest has no “changes”',
        });
      }
      return readChanges(window, resumeFrom, signal, slice);
    },
  };
  return { ...reader, asUrgentAs: (urgency) => ({ ...reader, ...byIdFor(urgency) }) };
};
