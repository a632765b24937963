import type { ChangeWindow, PageCursor, PageSlice, SourcePage, SourceRecord, TableReader, UnreadableRecord } from '../crm/types.ts';
import { AppError } from '../errors/app-error.ts';

/** Which records a door wants. */
export type Selection =
  | { readonly kind: 'all'; readonly resumeFrom: PageCursor | null; readonly slice?: PageSlice }
  | { readonly kind: 'changes'; readonly window: ChangeWindow; readonly resumeFrom: PageCursor | null; readonly slice?: PageSlice }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** They came along, since nobody can ask for them. */
  | { readonly kind: 'carried'; readonly page: SourcePage };

/** A record that the CRM no longer has, told from its absence in an answer for its id, or by an event. */
export const tombstone = (id: string, modifiedOnMs: number | null = null): SourceRecord => ({
  id,
  modifiedOnMs,
  isDeleted: true,
  isSkipped: false,
  parentId: null,
  url: null,
  fields: {},
});

/** May be the fault of one record, or of its odd id. */
export const isAboutARecord = (error: unknown): error is AppError =>
  error instanceof AppError && ['record.unreadable', 'crm.refused', 'crm.bad_answer'].includes(error.code);

/** One record that cannot be read must not keep the others from being read, now and at every later try. */
const pullEach = async (reader: TableReader, ids: readonly string[], signal: AbortSignal, problem: AppError): Promise<SourcePage> => {
  const records: SourceRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const id of ids) {
    try {
      records.push((await reader.getOne(id, signal)) ?? tombstone(id));
    } catch (error) {
      if (!isAboutARecord(error)) throw error;
      unreadable.push({ where: id, reason: String(error.details.problem ?? error.message) });
    }
  }
  // Not one of them: then it is the CRM or the manifest, not the records.
  if (records.length === 0 && problem.code !== 'record.unreadable') throw problem;
  return { records, unreadable, next: null };
};

const pullIds = async (reader: TableReader, ids: readonly string[], signal: AbortSignal): Promise<SourcePage> => {
  const only = ids.length === 1 ? ids[0] : undefined;
  if (only !== undefined) {
    const record = await reader.getOne(only, signal);
    return { records: [record ?? tombstone(only)], unreadable: [], next: null };
  }
  const found = await reader.getMany(ids, signal);
  const foundIds = new Set(found.map((record) => record.id));
  const gone = ids.filter((id) => !foundIds.has(id)).map((id) => tombstone(id));
  return { records: [...found, ...gone], unreadable: [], next: null };
};

/** Step 1. Asks the CRM for the selected records, page by page, in the CRM's order. */
export async function* pull(reader: TableReader, selection: Selection, signal: AbortSignal): AsyncGenerator<SourcePage> {
  switch (selection.kind) {
    case 'all':
      yield* reader.listAll(selection.resumeFrom, signal, selection.slice);
      return;
    case 'changes':
      yield* reader.listChanges(selection.window, selection.resumeFrom, signal, selection.slice);
      return;
    case 'carried':
      yield selection.page;
      return;
    case 'ids':
      yield await pullIds(reader, selection.ids, signal).catch((error: unknown) => {
        if (isAboutARecord(error)) return pullEach(reader, selection.ids, signal, error);
        throw error;
      });
  }
}
