import { AppError } from '../../errors/app-error.ts';
import type { Manifest } from '../manifest/schema/manifest.ts';
import type { TableBody } from '../manifest/schema/table.ts';
import { compileColumnRules } from '../value/column-rules.ts';
import { durationMs } from '../value/duration.ts';
import type { TableName, TableReader } from '../types.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { createDeepLink } from './deep-link.ts';
import { createListReader } from './list-reader.ts';
import { createGetMany, createGetOne } from './read-by-id.ts';
import { createIdReader } from './record-id.ts';
import { createRecordReader } from './record-reader.ts';

const usualOverlap = '2m';
const usualLag = '30s';

export const createTableReader = (options: {
  readonly manifest: Manifest;
  readonly name: TableName;
  readonly table: TableBody;
  readonly connection: ConnectionParts;
}): TableReader => {
  const { manifest, name, table, connection } = options;
  const readId = createIdReader(table.id);
  const parent = table.parent === undefined ? undefined : manifest.tables[table.parent.table];
  const readRecords = createRecordReader({
    table,
    readId,
    // A parent's id is written like any other id of its table.
    readParentId: parent === undefined ? () => null : createIdReader(parent.id),
    deepLink: createDeepLink(table.link, connection.settings, connection.policy),
  });
  const shared = {
    name,
    connection,
    readRecords,
    defaults: { records: table.records ?? manifest.records, total: manifest.total, page: table.page ?? manifest.page },
  };
  const listAll = createListReader({ ...shared, operation: table.list, what: 'list' });
  const { changes } = table;
  const listChanges = changes === undefined ? null : createListReader({ ...shared, operation: changes, what: 'changes', changes });
  const getOne = table.get === undefined ? null : createGetOne({ ...shared, get: table.get });
  const getMany = createGetMany({ ...shared, getMany: table.getMany ?? null, getOne });
  return {
    table: name,
    columns: compileColumnRules(table.map),
    parentTable: table.parent?.table ?? null,
    canListChanges: listChanges !== null,
    overlapMs: durationMs(changes?.overlap ?? usualOverlap),
    lagMs: durationMs(changes?.lag ?? usualLag),
    readId,
    getOne: getOne ?? (async (id, signal) => (await getMany([id], signal))[0] ?? null),
    getMany,
    listAll: (resumeFrom, signal) => listAll({ resumeFrom, window: null }, signal),
    listChanges: (window, resumeFrom, signal) => {
      if (listChanges === null) {
        throw new AppError('crm.bad_answer', {
          source: connection.sourceId,
          what: `changes of ${name}`,
          problem: 'the manifest has no “changes”',
        });
      }
      return listChanges({ resumeFrom, window }, signal);
    },
  };
};
