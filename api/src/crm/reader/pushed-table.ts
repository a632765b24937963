import { AppError } from '../../errors/app-error.ts';
import type { Manifest } from '../manifest/schema/manifest.ts';
import type { IdBody, PushedTable } from '../manifest/schema/table.ts';
import type { TableName, TableReader } from '../types.ts';
import { compileColumnRules } from '../value/column-rules.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { createDeepLink } from './deep-link.ts';
import { createIdReader } from './record-id.ts';
import { createRecordReader } from './record-reader.ts';

/** A table whose records cannot be asked for: all that is known of them is what webhooks bring along. */
export const createPushedTable = (options: {
  readonly manifest: Manifest;
  readonly name: TableName;
  readonly table: PushedTable;
  /** How the ids of the parent's table are written; null when this table's records have no parent. */
  readonly parentId: IdBody | null;
  readonly connection: Pick<ConnectionParts, 'sourceId' | 'settings' | 'policy'>;
}): TableReader => {
  const { manifest, name, table, parentId, connection } = options;
  const readRecords = createRecordReader({
    table,
    readParentId: parentId === null ? () => null : createIdReader(parentId),
    nulls: manifest.nulls ?? [],
    settings: connection.settings,
    deepLink: createDeepLink(table.link, connection.settings, connection.policy, table.entity),
  });
  const refuse = (): never => {
    throw new AppError('record.push_only', { source: connection.sourceId, table: name });
  };
  return {
    table: name,
    columns: compileColumnRules(table.map),
    parentTable: table.parent?.table ?? null,
    canListChanges: false,
    overlapMs: 0,
    lagMs: 0,
    marksDeleted: true,
    retentionMs: null,
    readId: createIdReader(table.id),
    getOne: async () => refuse(),
    getMany: async () => refuse(),
    listIds: refuse,
    listAll: refuse,
    listChanges: refuse,
    readCarried: (carried, atMs) => {
      const { records, unreadable } = readRecords([carried]);
      const [record] = records;
      if (record === undefined) return unreadable[0] ?? { where: 'a delivery', reason: 'it is not a record' };
      return { ...record, modifiedOnMs: record.modifiedOnMs ?? atMs };
    },
  };
};
