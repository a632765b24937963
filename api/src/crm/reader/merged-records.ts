import { compilePath } from '../expression/compile.ts';
import { isList } from '../expression/json.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import type { JsonObject, SourceRecord } from '../types.ts';
import { createIdReader } from './record-id.ts';

/** The ids of the records that were merged into one. */
export type MergedIds = (fields: JsonObject) => readonly string[];

export const compileMergedIds = (table: ReadyTable): MergedIds => {
  if (table.merged === undefined) return () => [];
  const select = compilePath(table.merged);
  const readId = createIdReader(table.id);
  return (fields) => {
    const found = select(fields);
    const ids = isList(found) ? found : typeof found === 'string' ? found.split(';') : [found];
    return ids.flatMap((id) => readId(typeof id === 'string' ? id.trim() : id) ?? []);
  };
};

/** Whoever reads the survivor learns that the others are gone; some CRMs say it nowhere else. */
export const tombstonesOf = (records: readonly SourceRecord[], mergedIds: MergedIds): readonly SourceRecord[] =>
  records.flatMap((survivor) =>
    survivor.isDeleted
      ? []
      : mergedIds(survivor.fields)
          .filter((id) => id !== survivor.id)
          .map((id) => ({ id, modifiedOnMs: null, isDeleted: true, isSkipped: false, parentId: null, url: null, fields: {} })),
  );
