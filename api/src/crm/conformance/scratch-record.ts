import type { SourceRecord } from '../types.ts';
import { granularityMs } from './changes.ts';
import { failed, notRun, type TableBench, type Verdict } from './types.ts';

/** Between two looks at a CRM that needs a moment. */
const lookEveryMs = 5_000;
/** Beyond the lag that the manifest declares. */
const patienceMs = 15_000;

export const needsChanger = notRun('it needs a change in the CRM; with --interactive you are asked to make one');

/** The record that was made for this test, so that nobody’s own has to be touched. */
export const withScratch = async (bench: TableBench, work: (id: string) => Promise<Verdict>): Promise<Verdict> => {
  if (bench.changer === null) return needsChanger;
  if (bench.scratch.id === null) {
    const created = await bench.changer.create(bench.name);
    bench.scratch.id = created === null ? null : bench.usual.reader.readId(created);
  }
  return bench.scratch.id === null ? notRun('no record was made for the test') : work(bench.scratch.id);
};

export interface Seen<Found> {
  readonly found: Found;
  readonly afterMs: number;
}

/** Looks again and again until there is something to see, for a while longer than the CRM’s searches are said to lag behind. */
export const untilSeen = async <Found>(bench: TableBench, look: () => Promise<Found | null>): Promise<Seen<Found> | null> => {
  const mostMs = bench.usual.reader.lagMs + patienceMs;
  for (let afterMs = 0; ; afterMs += lookEveryMs) {
    const found = await look();
    if (found !== null) return { found, afterMs };
    if (afterMs >= mostMs) return null;
    await bench.sleep(lookEveryMs);
  }
};

/** The CRM’s time now: the last answer’s may be old. */
export const askTime = async ({ usual, signal }: TableBench, id: string): Promise<number> => {
  await usual.reader.getMany([id], signal);
  return usual.nowMs();
};

/** Clocks of one CRM’s machines differ a little, and the one that we know is cut to seconds. */
const clockSlackMs = 10_000;

/** The record has a time that is not older than the change; one without a time says nothing against it. */
export const changedSince =
  (bench: TableBench, sinceMs: number) =>
  ({ modifiedOnMs }: SourceRecord): boolean =>
    modifiedOnMs === null || modifiedOnMs >= sinceMs - clockSlackMs - granularityMs(bench);

/** The record has a time that has not come yet. */
export const isFromFuture = (bench: TableBench, { modifiedOnMs }: SourceRecord): boolean =>
  modifiedOnMs !== null && modifiedOnMs > bench.usual.nowMs() + clockSlackMs + granularityMs(bench);

/** What the changes since a time say about a record, once they say something that counts. */
export const untilAmongChanges = (
  bench: TableBench,
  id: string,
  options: { readonly fromMs: number; readonly counts: (record: SourceRecord) => boolean },
): Promise<Seen<SourceRecord> | null> => {
  const { usual, signal } = bench;
  return untilSeen(bench, async () => {
    for await (const { records } of usual.reader.listChanges({ fromMs: options.fromMs, toMs: usual.nowMs() }, null, signal)) {
      const record = records.find((one) => one.id === id && options.counts(one));
      if (record !== undefined) return record;
    }
    return null;
  });
};

/** The changes came later than the manifest says; null when they did not. */
export const judgeLag = ({ usual }: TableBench, { afterMs }: Seen<unknown>): Verdict | null =>
  afterMs > usual.reader.lagMs + lookEveryMs
    ? failed(`it took the CRM ${afterMs / 1000} s to list it`, `Raise \`changes.lag\` to ${Math.ceil((afterMs * 2) / 1000)}s.`)
    : null;
