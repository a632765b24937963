import { idsWithin, pickWindow, readChanges } from '../changes.ts';
import { unchangedOf } from '../judge-walk.ts';
import { type Check, failed, notRun, passed, type TableBench } from '../types.ts';
import { idsOf, recordsOf, type Walk } from '../walk.ts';
import { failedBy, someIds } from '../words.ts';

const wantedPages = 6;

/** A page size that puts an edge between two records of one time, if the CRM sorts by it. */
const sizeThroughTies = (times: readonly number[]): number => {
  const usual = Math.max(2, Math.ceil(times.length / wantedPages));
  const isTied = (position: number): boolean => times[position] !== undefined && times[position] === times[position - 1];
  for (let size = usual; size >= 2; size -= 1) {
    for (let edge = size; edge < times.length; edge += size) if (isTied(edge)) return size;
  }
  return usual;
};

const tiedEdges = ({ pages }: Walk): number =>
  pages.filter(({ records }, position) => {
    const next = pages[position + 1]?.records[0];
    return next !== undefined && next.modifiedOnMs !== null && next.modifiedOnMs === records.at(-1)?.modifiedOnMs;
  }).length;

const timesWithin = (bench: TableBench, fromMs: number, toMs: number): readonly number[] => {
  const ids = new Set(idsWithin(bench, fromMs, toMs));
  return recordsOf(bench.reference)
    .flatMap(({ id, modifiedOnMs }) => (modifiedOnMs === null || !ids.has(id) ? [] : [modifiedOnMs]))
    .toSorted((one, other) => one - other);
};

export const ties: Check = {
  id: 'ties',
  promise: 'Of records that changed at the same moment none is lost where a page ends between them.',
  how: 'Reads changes in small pages, with an edge inside of a moment where there is one.',
  run: async (bench) => {
    if (!bench.usual.reader.canListChanges) return notRun('the manifest has no `changes`');
    const window = pickWindow(bench);
    if (window === null) return notRun('no record has changed in the time that the CRM tells about');
    const { fromMs, toMs } = window;
    const bed = bench.withPageSize(sizeThroughTies(timesWithin(bench, fromMs, toMs)));
    const walked = await readChanges(bench, bed, { fromMs, toMs });
    if (walked.error?.code === 'crm.history_expired')
      return notRun('the records changed longer ago than the CRM remembers what was deleted');
    if (walked.error !== null) return failedBy(walked.error);
    const found = new Set(idsOf(recordsOf(walked)));
    const missing = walked.isWhole
      ? await unchangedOf(
          bench,
          idsWithin(bench, fromMs, toMs).filter((id) => !found.has(id)),
        )
      : [];
    if (missing.length > 0)
      return failed(
        `in ${walked.pages.length} pages ${someIds(missing)} were not found`,
        'Let the changes go on behind the last record, not behind its time: `page: { kind: keyset, by: modifiedThenId }` or by id.',
      );
    const edges = tiedEdges(walked);
    return edges > 0
      ? passed(`${edges} edges between records of one moment`)
      : notRun('no page of the changes ended between two records of one moment');
  },
};
