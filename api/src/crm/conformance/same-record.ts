import { isDeepStrictEqual } from 'node:util';
import type { JsonValue, SourceRecord, TableReader } from '../types.ts';

/** What is not sent and what is empty leave the same behind in a new row. */
const orNothing = (value: JsonValue | undefined): JsonValue => value ?? null;

const readColumn = (read: (fields: SourceRecord['fields']) => JsonValue | undefined, { fields }: SourceRecord): unknown => {
  try {
    return orNothing(read(fields));
  } catch (error) {
    // A value that the mapping refuses is refused both times, for the same reason.
    return error instanceof Error ? error.message : error;
  }
};

/** By which columns and properties two readings of one record differ; names only, never values. */
export const differencesOf = (one: SourceRecord, other: SourceRecord, { columns }: TableReader): readonly string[] => [
  ...(one.id === other.id ? [] : ['id']),
  ...(one.isDeleted === other.isDeleted ? [] : ['deleted']),
  ...(one.isSkipped === other.isSkipped ? [] : ['skip']),
  ...(one.modifiedOnMs === other.modifiedOnMs ? [] : ['modified']),
  ...((one.parentId ?? null) === (other.parentId ?? null) ? [] : ['parent']),
  ...columns.flatMap(({ to, read }) => (isDeepStrictEqual(readColumn(read, one), readColumn(read, other)) ? [] : [to.join(', ')])),
];

/** Some of a list, from its beginning to its end: those with a parent first, as they show more. */
export const sampleOf = (records: readonly SourceRecord[], size: number): readonly SourceRecord[] => {
  const live = records.filter(({ isDeleted }) => !isDeleted);
  const sorted = [...live.filter(({ parentId }) => parentId != null), ...live.filter(({ parentId }) => parentId == null)];
  const step = Math.max(1, Math.floor(sorted.length / size));
  return sorted.filter((_record, position) => position % step === 0).slice(0, size);
};
