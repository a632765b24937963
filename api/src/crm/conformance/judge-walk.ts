import { isAppError } from '../../errors/app-error.ts';
import type { SourceRecord } from '../types.ts';
import { failed, notRun, type TableBench, type Verdict } from './types.ts';
import { idsOf, lengthOf, noLimit, recordsOf, type Walk, type WalkLimit, walk } from './walk.ts';
import { failedBy, someIds } from './words.ts';

/** So many are asked for again before they count as a difference. */
const askedAgain = 50;

/** Ids that occur twice, tombstones of what was removed and made again aside. */
export const doubledIds = (records: readonly SourceRecord[], startedMs: number): readonly string[] => {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const { id, isDeleted, modifiedOnMs } of records) {
    const key = `${isDeleted}${id}`;
    // What changes during a walk that is sorted by change rightly comes again.
    if (seen.has(key) && (modifiedOnMs ?? 0) < startedMs) doubled.add(id);
    seen.add(key);
  }
  return [...doubled];
};

/** Those that have not changed, come or gone since the test began: a CRM that is in use does not stand still. */
export const unchangedOf = async (bench: TableBench, ids: readonly string[]): Promise<readonly string[]> => {
  const { table, usual, signal, startedMs } = bench;
  if (ids.length === 0 || (table.get === undefined && table.getMany === undefined)) return ids;
  try {
    const records = await usual.reader.getMany(ids.slice(0, askedAgain), signal);
    return records.filter(({ isDeleted, modifiedOnMs }) => !isDeleted && (modifiedOnMs ?? 0) < startedMs).map(({ id }) => id);
  } catch (error) {
    // Then asking by id is what fails, which has checks of its own.
    if (isAppError(error)) return ids;
    throw error;
  }
};

/** How far a walk has to go to be compared with the one in small pages. */
export const extentOf = ({ smallWalk }: TableBench): WalkLimit =>
  smallWalk.isWhole ? noLimit : { records: lengthOf(smallWalk), pages: smallWalk.pages.length * 4 + 10 };

/** Walks the list again in small pages, as far as it was walked before. */
export const walkAgain = (bench: TableBench): Promise<Walk> => walk(bench.small.reader.listAll(null, bench.signal), extentOf(bench));

const missingAdvice =
  'See the manifest’s paging for this list: how the last page is known (`page.end`), what the list is sorted by, and whether the place of the next page depends on what stands before it.';

/** Whether a walk has found what the one before it had found, but for `without`; null when it has. */
export const judgeWalk = async (
  bench: TableBench,
  walked: Walk,
  options: { readonly without?: readonly string[]; readonly what: string; readonly advice?: string },
): Promise<Verdict | null> => {
  const { what, advice = missingAdvice } = options;
  if (walked.error !== null) return failedBy(walked.error, `${what}: `);
  if (!bench.smallWalk.isWhole && !bench.isOrderKept)
    return notRun('the CRM gives the records in another order each time, and there are too many to read all; raise --limit');
  const without = new Set(options.without);
  const expected = idsOf(recordsOf(bench.smallWalk)).filter((id) => !without.has(id));
  const found = recordsOf(walked);
  const foundIds = new Set(idsOf(found));
  const missing = await unchangedOf(
    bench,
    expected.filter((id) => !foundIds.has(id)),
  );
  if (missing.length > 0) return failed(`${what}: ${someIds(missing)} of ${expected.length} were not found`, advice);
  const doubled = doubledIds(found, bench.startedMs);
  return doubled.length === 0 ? null : failed(`${what}: ${someIds(doubled)} came twice`, advice);
};
