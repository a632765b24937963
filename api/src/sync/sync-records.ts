import type { SourcePage } from '../crm/types.ts';
import type { WriteOptions } from '../dataverse/types.ts';
import { isAppError } from '../errors/app-error.ts';
import type { OpenWrite } from '../store/records/types.ts';
import { type DriftCheck, type MappedPage, compare } from './compare.ts';
import { mapInSlices } from './map-in-slices.ts';
import { preview } from './preview.ts';
import { type Selection, pull } from './pull.ts';
import { readAhead } from './read-ahead.ts';
import { idsToWrite, noted, type NotedRead, notedRead } from './noted-write.ts';
import { type Progress, record } from './record.ts';
import type { ComparedPage, MappedRecord, PageResult, TableSync } from './types.ts';
import { syncAgain } from './sync-again.ts';
import { write } from './write.ts';

export interface SyncOptions extends WriteOptions {
  /** Moves this run's checkpoint with every page; null for a click or a webhook. */
  readonly runId: string | null;
  /** Which taking-up of the run's partition this is; see `Partition`. */
  readonly turn?: number;
  /** Which part of its table; 0 when left out. */
  readonly part?: number;
  /** Compare, and tell what would change; write and record nothing. */
  readonly isDryRun: boolean;
  readonly hasDrifted?: DriftCheck;
}

export type MappedPageInOrder = MappedPage & Pick<SourcePage, 'next' | 'expectedRecords' | 'changeToken'>;

/** Steps 1 and 2 for whoever puts pages to another use than writing them. */
export async function* mapPages(sync: TableSync, pages: AsyncIterable<SourcePage>): AsyncGenerator<MappedPageInOrder> {
  let askedOnMs = sync.clock.nowMs();
  for await (const page of pages) {
    yield { ...page, records: await mapInSlices(page.records, sync.map), askedOnMs };
    // Whoever takes the page on asks for the next one with it.
    askedOnMs = sync.clock.nowMs();
  }
}

const idsOf = (records: readonly MappedRecord[]): readonly string[] => records.map(({ record: { id } }) => id);

const progressOf = ({ next, expectedRecords }: MappedPageInOrder, { runId, turn, part }: SyncOptions): Progress | null =>
  runId === null
    ? null
    : {
        runId,
        cursor: next,
        isComplete: next === null,
        ...(turn === undefined ? {} : { turn }),
        ...(part === undefined ? {} : { part }),
        ...(expectedRecords === undefined ? {} : { expectedRecords }),
      };

/**
 * Pages that are compared and written at the same time, so that the waiting for one overlaps with the work on another. With one at
 * a time the process waited for a third of a first load (measured against null servers); a fourth adds 20 MB and no speed where rows
 * take no time, as there.
 */
const fewestPagesUnderWay = 3;
/** A bound for memory: mapped, a page of 500 records is less than a megabyte. */
const mostPagesUnderWay = 64;

/** Dataverse takes some 10 ms for a row: as many pages as it takes to keep all of its lanes busy. A crash repeats no more than these. */
const mayTakeAnother = (sync: TableSync, pages: number, records: number): boolean =>
  pages < fewestPagesUnderWay || (pages < mostPagesUnderWay && records < sync.dataverse.rowsWorthHolding(sync.description));

interface PlaceInLine {
  readonly pageBefore: Promise<PageResult> | undefined;
  /** The note of records that were asked for by id; null: the page is noted when it is written. */
  readonly reading: NotedRead | null;
}

const writeAndRecord = (
  sync: TableSync,
  page: MappedPageInOrder,
  compared: ComparedPage,
  options: SyncOptions,
  { pageBefore, reading }: PlaceInLine,
): Promise<PageResult> => {
  const work = async (openWrite: OpenWrite | null): Promise<PageResult> => {
    const { signal, lane } = options;
    const again = (recordIds: readonly string[]) => syncAgain(sync, recordIds, { signal, lane });
    const written = await write(sync, compared.toWrite, { signal, lane });
    const gone = compared.doubtfulIds.length === 0 ? [] : await syncAgain(sync, compared.doubtfulIds, { signal, lane, isForced: false });
    await pageBefore;
    try {
      const result = await record(sync, compared, written, progressOf(page, options), { syncAgain: again, openWrite });
      return gone.length === 0 ? result : { ...result, compared: { ...result.compared, removals: [...result.compared.removals, ...gone] } };
    } catch (error) {
      // Another worker is at this partition: what we have written so late may have come after something newer of its own.
      if (isAppError(error, 'run.taken_over') && !signal.aborted && written.links.length > 0) {
        await again(written.links.map(({ recordId }) => recordId)).catch(() => undefined);
      }
      throw error;
    }
  };
  return reading === null ? noted(sync, idsToWrite(compared), work) : work(reading.beginWriting());
};

/** Steps 3 to 5 for one page. It is recorded only after the page before it, so the checkpoint never passes one that was lost. */
const syncPage = async (sync: TableSync, page: MappedPageInOrder, options: SyncOptions, place: PlaceInLine): Promise<PageResult> => {
  const compared = await compare(sync, page, options.signal, { hasDrifted: options.hasDrifted, isNamed: place.reading !== null });
  const result = options.isDryRun ? preview(compared) : await writeAndRecord(sync, page, compared, options, place);
  return page.changeToken === undefined ? result : { ...result, changeToken: page.changeToken };
};

interface PageUnderWay {
  readonly result: Promise<PageResult>;
  readonly records: number;
}

/** Stays in the list until it is done, so that who leaves meanwhile waits for it too. */
const oldestOf = async (underWay: PageUnderWay[]): Promise<PageResult> => {
  const [oldest] = underWay;
  if (oldest === undefined) throw new Error('no page is under way');
  try {
    return await oldest.result;
  } finally {
    void underWay.shift();
  }
};

/**
 * The one idea: pull, map, compare, write, record. Every door calls this, and only says which records it wants.
 *
 * Gives a result per page, in order, after it is durable. Meanwhile the next pages are compared and written, and the one after them
 * pulled and mapped: the store, Dataverse and the CRM work at the same time. What was written but not recorded when something
 * fails is written again, which is safe.
 *
 * Records named by id are held, and noted, from before they are pulled; those of a page from before they are compared until they are
 * recorded, so a record that is in two pages waits for its turn: either way the newest read is the last to be written.
 */
export async function* syncRecords(sync: TableSync, selection: Selection, options: SyncOptions): AsyncGenerator<PageResult> {
  const releaseNamed = selection.kind === 'ids' ? await sync.locks.hold(sync, selection.ids) : null;
  let reading: NotedRead | null = null;
  const underWay: PageUnderWay[] = [];
  const recordsUnderWay = (): number => underWay.reduce((sum, { records }) => sum + records, 0);
  try {
    if (selection.kind === 'ids' && !options.isDryRun) reading = await notedRead(sync, selection.ids);
    for await (const page of readAhead(mapPages(sync, pull(sync.reader, selection, options.signal)))) {
      const release = releaseNamed === null ? await sync.locks.hold(sync, idsOf(page.records)) : undefined;
      const result = syncPage(sync, page, options, { pageBefore: underWay.at(-1)?.result, reading }).finally(release);
      // Thrown where it is awaited; until then it must not count as unhandled.
      result.catch(() => undefined);
      underWay.push({ result, records: page.records.length });
      while (!mayTakeAnother(sync, underWay.length, recordsUnderWay())) yield await oldestOf(underWay);
    }
    while (underWay.length > 0) yield await oldestOf(underWay);
  } finally {
    // Whoever stops listening, or fails at a page, leaves none half recorded.
    await Promise.allSettled(underWay.map(({ result }) => result));
    await reading?.end();
    releaseNamed?.();
  }
}
