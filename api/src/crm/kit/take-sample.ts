import type { ReadyTable } from '../manifest/schema/table.ts';
import type { FieldList, SourcePage, SourceRecord, TableReader } from '../types.ts';
import type { TableSample } from './judge-sample.ts';

const emptyPage: SourcePage = { records: [], unreadable: [], next: null };

/** The first page of a list; its reading is ended there. */
export const firstPageOf = async (pages: AsyncIterable<SourcePage>): Promise<SourcePage> => {
  for await (const page of pages) return page;
  return emptyPage;
};

/** Reads a page of a table, and one of its records again by its id: three requests at most. */
export const takeSample = async (
  table: ReadyTable,
  reader: TableReader,
  signal: AbortSignal,
  schema: FieldList | null,
): Promise<TableSample> => {
  const page = await firstPageOf(reader.listAll(null, signal));
  const live = page.records.filter(({ isDeleted, isSkipped }) => !isDeleted && !isSkipped);
  const asked = live.find(({ parentId }) => typeof parentId === 'string') ?? live[0] ?? null;
  const again = asked === null ? null : await reader.getOne(asked.id, signal);
  return { table, page, asked, again, schema };
};

/** The first so many records of a list, of as many pages as that takes. */
export const firstRecordsOf = async (pages: AsyncIterable<SourcePage>, count: number): Promise<readonly SourceRecord[]> => {
  const found: SourceRecord[] = [];
  for await (const { records } of pages) {
    found.push(...records.slice(0, count - found.length));
    if (found.length >= count) break;
  }
  return found;
};
