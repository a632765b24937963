import { granularityMs, idsWithin, pickWindow, readChanges } from '../changes.ts';
import { unchangedOf } from '../judge-walk.ts';
import { type Check, failed, notRun, passed, type TableBench, type Verdict } from '../types.ts';
import { idsOf, recordsOf, type Walk } from '../walk.ts';
import { failedBy, someIds } from '../words.ts';

const missingIn = async (bench: TableBench, walked: Walk, fromMs: number, toMs: number): Promise<readonly string[]> => {
  const found = new Set(idsOf(recordsOf(walked)));
  return unchangedOf(
    bench,
    idsWithin(bench, fromMs, toMs).filter((id) => !found.has(id)),
  );
};

/** The upper bound is excluded, so what stands exactly on it belongs to the next window. */
const beyondEdge = (bench: TableBench, walked: Walk, edgeMs: number): readonly string[] =>
  bench.table.changes?.mode === 'window'
    ? idsOf(recordsOf(walked).filter(({ modifiedOnMs, isDeleted }) => modifiedOnMs !== null && !isDeleted && modifiedOnMs >= edgeMs))
    : [];

const judge = async (
  bench: TableBench,
  walked: Walk,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<Verdict | null> => {
  if (walked.error !== null) return failedBy(walked.error);
  const older = recordsOf(walked).filter(
    ({ modifiedOnMs, isDeleted }) => modifiedOnMs !== null && !isDeleted && modifiedOnMs < window.fromMs - granularityMs(bench),
  );
  if (older.length > 0)
    return failed(
      `${someIds(idsOf(older))} are from before the window`,
      'The CRM ignores the lower bound: correct how `changes` writes {{from}}.',
    );
  if (!walked.isWhole) return null;
  const missing = await missingIn(bench, walked, window.fromMs, window.toMs);
  if (missing.length === 0) return null;
  return failed(
    `${someIds(missing)} changed within the window and are not in it`,
    'See how `changes` writes {{from}} and {{to}} (format, time zone, `granularity`), that the lower bound is included, and that `changes` asks for the same records as `list`.',
  );
};

export const changesWindow: Check = {
  id: 'changes-window',
  promise: 'A window of changes has every record of its time, none from before, and two that touch lose nothing between them.',
  how: 'Reads the changes of a time that the list has shown records of, at once and in two parts that meet at a record’s time.',
  run: async (bench) => {
    if (!bench.usual.reader.canListChanges) return notRun('the manifest has no `changes`');
    const window = pickWindow(bench);
    if (window === null) return notRun('no record has changed in the time that the CRM tells about');
    const { fromMs, edgeMs, toMs } = window;
    const whole = await readChanges(bench, bench.usual, { fromMs, toMs });
    if (whole.error?.code === 'crm.history_expired')
      return notRun('the records changed longer ago than the CRM remembers what was deleted; change one and test again');
    const verdict = await judge(bench, whole, { fromMs, toMs });
    if (verdict !== null) return verdict;
    const count = recordsOf(whole).length.toLocaleString('en-US');
    if (edgeMs === null) return passed(`${count} records, all of one time`);
    const parts = [
      { fromMs, toMs: edgeMs },
      { fromMs: edgeMs, toMs },
    ];
    for (const part of parts) {
      const read = await readChanges(bench, bench.usual, part);
      const partVerdict = await judge(bench, read, part);
      if (partVerdict !== null) return partVerdict;
      const beyond = beyondEdge(bench, read, part.toMs);
      if (beyond.length > 0)
        return failed(
          `${someIds(beyond)} are from the very end of the window, which belongs to the next`,
          'Let `changes` exclude {{to}}: < instead of <=.',
        );
    }
    return passed(`${count} records`);
  },
};
