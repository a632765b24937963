import { AppError } from '../../errors/app-error.ts';
import { compilePath } from '../expression/compile.ts';
import { isObject } from '../expression/json.ts';
import type { TemplateScope } from '../expression/template-variables.ts';
import { parseSafely, textsIn } from '../manifest/settings-used.ts';
import type { DeletesBody, ReadyTable } from '../manifest/schema/table.ts';
import type { ChangeWindow, JsonValue, SourceRecord, TableName } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { createListReader, type ListDefaults, type ListReader } from './list-reader.ts';
import { compileModified, type RecordReader } from './record-reader.ts';
import { createIdReader, createRecordIdReader, idPathOf } from './record-id.ts';

export interface DeletesReader {
  /** It tells only what was deleted within a time. */
  readonly isFeed: boolean;
  /** `window` null: all that are deleted. */
  read(window: ChangeWindow | null, resumeFrom: JsonValue | null, scope: TemplateScope, signal: AbortSignal): ReturnType<ListReader>;
}

const tombstone = (id: string, fields: SourceRecord['fields'], deletedOnMs: number | null): SourceRecord => ({
  id,
  // When it was deleted, until `keep` has looked at it.
  modifiedOnMs: deletedOnMs,
  isDeleted: true,
  isSkipped: false,
  parentId: null,
  url: null,
  fields,
});

const createTombstoneReader = (table: ReadyTable, deletes: DeletesBody): RecordReader => {
  const readId = createIdReader(table.id);
  const readUsualId = createRecordIdReader(table.id);
  const selectId = deletes.id === undefined ? null : compilePath(deletes.id);
  const readTime = compileModified(deletes.at);
  return (values) => {
    const records: SourceRecord[] = [];
    values.forEach((value) => {
      // Some feeds are nothing but a list of ids.
      const fields = isObject(value) ? value : { id: value };
      const id = selectId === null ? readUsualId(fields) : readId(selectId(fields));
      const timeMs = readTime(fields);
      // A log names deletions of all kinds; one without an id of ours says nothing that could be acted on.
      if (id !== null) records.push(tombstone(id, fields, Number.isNaN(timeMs) ? null : timeMs));
    });
    return { records, unreadable: [] };
  };
};

const usesWindow = (deletes: DeletesBody): boolean =>
  textsIn([deletes.path, deletes.query, deletes.headers, deletes.body], []).some(({ text }) => {
    const parts = parseSafely(text);
    return (
      typeof parts !== 'string' && parts.some((part) => typeof part !== 'string' && (part.variable === 'from' || part.variable === 'to'))
    );
  });

/** Reads one of the lists in which a CRM tells what was deleted. */
export const createDeletesReader = (options: {
  readonly name: TableName;
  readonly table: ReadyTable;
  readonly connection: ConnectionParts;
  readonly defaults: ListDefaults;
  readonly deletes: DeletesBody;
}): DeletesReader => {
  const { name, table, connection, defaults, deletes } = options;
  const list = createListReader({
    name,
    entity: table.entity,
    connection,
    readRecords: createTombstoneReader(table, deletes),
    defaults: { ...defaults, total: undefined },
    operation: { ...deletes, ...(deletes.knownFrom === undefined ? {} : { token: deletes.knownFrom }) },
    what: 'deletes',
    idPath: deletes.id ?? idPathOf(table.id),
  });
  const overlapMs = deletes.overlap === undefined ? 0 : durationMs(deletes.overlap);
  const readKnownFrom = compileModified(
    deletes.at === undefined || typeof deletes.at === 'string' || Array.isArray(deletes.at)
      ? 'knownFrom'
      : { ...deletes.at, path: 'knownFrom' },
  );

  const requireKnown = (knownFrom: string | null, fromMs: number): void => {
    const knownFromMs = knownFrom === null ? null : readKnownFrom({ knownFrom });
    if (knownFromMs !== null && knownFromMs > fromMs)
      throw new AppError('crm.history_expired', { source: connection.sourceId, what: `the deletes of ${name}` });
  };

  return {
    isFeed: usesWindow(deletes),
    read: async function* readDeletes(window, resumeFrom, scope, signal) {
      const fromMs = window === null ? 0 : Math.max(0, window.fromMs - overlapMs);
      // A deletion’s time is not the record’s version: as one it would make the record look newer than it is.
      const keep = (records: readonly SourceRecord[]) => ({
        records: records
          .filter(({ modifiedOnMs }) => modifiedOnMs === null || modifiedOnMs >= fromMs)
          .map((record) => ({ ...record, modifiedOnMs: null })),
        isEnough: false,
      });
      const times = window === null ? {} : { from: fromMs, to: window.toMs };
      for await (const { page, next } of list({ resumeFrom, scope: { ...scope, ...times }, beginsAtMs: fromMs, keep }, signal)) {
        if (window !== null) requireKnown(page.token, fromMs);
        yield { next, page: { records: page.records, unreadable: page.unreadable, token: null } };
      }
    },
  };
};
