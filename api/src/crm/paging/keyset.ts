import { compilePath } from '../expression/compile.ts';
import type { Selector } from '../expression/path.ts';
import type { KeysetBody } from '../manifest/schema/page.ts';
import type { JsonValue, SourceRecord } from '../types.ts';
import { type PageFacts, PagingProblem } from './list-end.ts';
import type { LastRecord, Place } from './place.ts';

/** The last record of a page, from which the next one begins; null when there is none. Throws `PagingProblem`. */
export type LastRule = (place: Place, page: PageFacts, isEnd: boolean) => LastRecord | null;

const keyText = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

const compileKeys =
  (selectKey: Selector) =>
  (page: PageFacts): readonly string[] =>
    (page.values ?? []).map((value) => keyText(selectKey(value))).filter((key) => key !== null);

const isBefore = (one: string, other: string, numeric: boolean): boolean =>
  numeric
    ? BigInt(one) < BigInt(other)
    : // Collations differ, but two texts that are out of order both by code and without regard to case are so in any of them.
      one < other && one.toLowerCase() < other.toLowerCase();

/** A list that is not sorted, or does not begin behind the last record, would lose what stands between. */
const requireAscending = (keys: readonly string[], last: string | null, numeric: boolean): void => {
  if (numeric && keys.some((key) => !/^-?\d+$/.test(key))) throw new PagingProblem('the ids are no numbers, although the manifest says so');
  if (last !== null && (keys.includes(last) || (numeric && keys.some((key) => isBefore(key, last, true)))))
    throw new PagingProblem(
      'the list does not begin behind the last record of the page before; the CRM seems to ignore that part of the request',
    );
  keys.forEach((key, position) => {
    const before = keys[position - 1];
    if (before !== undefined && isBefore(key, before, numeric))
      throw new PagingProblem('the list is not sorted by id, as the manifest says it is');
  });
};

const timesOf = (records: readonly SourceRecord[] | undefined): readonly number[] => {
  const times = (records ?? []).map(({ modifiedOnMs }) => modifiedOnMs);
  const known = times.filter((time) => time !== null);
  if (known.length < times.length) throw new PagingProblem('a record has no time of its last change, so the list cannot go on by it');
  known.forEach((time, position) => {
    if (time < (known[position - 1] ?? time))
      throw new PagingProblem('the list is not sorted by the time of the last change, as the manifest says it is');
  });
  return known;
};

const byId = (page: KeysetBody, selectKey: Selector): LastRule => {
  const keysOf = compileKeys(selectKey);
  return ({ last }, facts) => {
    if (facts.recordCount === 0) return null;
    const keys = keysOf(facts);
    const id = keys.at(-1);
    if (id === undefined) throw new PagingProblem('no record of a page has an id, so the list cannot go on');
    requireAscending(keys, last?.id ?? null, page.numeric === true);
    return { id, modifiedMs: null, ties: 0, size: null };
  };
};

const byModifiedThenId = (selectKey: Selector): LastRule => {
  const keysOf = compileKeys(selectKey);
  return ({ last }, facts) => {
    if (facts.recordCount === 0) return null;
    const times = timesOf(facts.records);
    const modifiedMs = times.at(-1);
    const keys = keysOf(facts);
    const id = keys.at(-1);
    if (id === undefined || modifiedMs === undefined)
      throw new PagingProblem('no record of a page has an id and a time, so the list cannot go on');
    // A record that changes during the walk comes again, with a later time; the last one of the page before does not, unless it is ignored.
    const isIgnored =
      last !== undefined &&
      (facts.records ?? []).some((record, position) => keys[position] === last.id && record.modifiedOnMs === last.modifiedMs);
    if (isIgnored || (times[0] ?? 0) < (last?.modifiedMs ?? Number.NEGATIVE_INFINITY))
      throw new PagingProblem(
        'the list does not begin behind the last record of the page before; the CRM seems to ignore that part of the request',
      );
    return { id, modifiedMs, ties: 0, size: null };
  };
};

/** No page gets past the records that share this time: they have to be found in another way. */
export class TooManyTies extends Error {
  readonly timeMs: number;

  constructor(timeMs: number) {
    super('more records share one time than a page holds');
    this.name = 'TooManyTies';
    this.timeMs = timeMs;
  }
}

const tooManyTies = 'more records share one time than a page holds, and the manifest knows no way past them (`ties`)';

/** The next page begins at the last time, that one included: what is known of it is left out, by a parameter or by whoever reads. */
const byModified = ({ ties: ways, size }: KeysetBody): LastRule => {
  return ({ last }, facts, isEnd) => {
    if (facts.recordCount === 0) return null;
    const times = timesOf(facts.records);
    const modifiedMs = times.at(-1);
    if (modifiedMs === undefined) throw new PagingProblem('no record of a page has a time, so the list cannot go on');
    if (last !== undefined && (times[0] ?? 0) < (last.modifiedMs ?? 0))
      throw new PagingProblem(
        'the list does not begin at the last time of the page before; the CRM seems to ignore that part of the request',
      );
    const here = times.filter((time) => time === modifiedMs).length;
    const isSameTime = last?.modifiedMs === modifiedMs;
    if (ways?.param !== undefined) return { id: null, modifiedMs, ties: (isSameTime ? last.ties : 0) + here, size: null };
    const asked = last?.size ?? size;
    const larger = ways?.maxSize !== undefined && asked !== undefined && asked < ways.maxSize ? Math.min(asked * 2, ways.maxSize) : null;
    // Seen at once, before anything of the page has been given: what comes instead holds it too.
    if (ways?.readAll === true && !isEnd && larger === null && here === times.length && here >= (asked ?? Number.POSITIVE_INFINITY))
      throw new TooManyTies(modifiedMs);
    if (!isSameTime || here < times.length) return { id: null, modifiedMs, ties: here, size: null };
    if (here > last.ties) return { id: null, modifiedMs, ties: here, size: last.size };
    // Nothing new came: only a larger page shows what is behind.
    if (larger !== null) return { id: null, modifiedMs, ties: here, size: larger };
    throw ways?.readAll === true ? new TooManyTies(modifiedMs) : new PagingProblem(tooManyTies);
  };
};

/** `idPath` is where a record of this list holds its id. */
export const compileKeyset = (page: KeysetBody, idPath: string): LastRule => {
  const selectKey = compilePath(page.key ?? idPath);
  switch (page.by) {
    case 'id':
      return byId(page, selectKey);
    case 'modifiedThenId':
      return byModifiedThenId(selectKey);
    case 'modified':
      return byModified(page);
  }
};

/** Leaves out what a page that begins with the last time repeats. Remembers the records of one time, no others. */
export const createTieFilter = (): ((records: readonly SourceRecord[]) => readonly SourceRecord[]) => {
  let timeMs: number | null = null;
  let ids = new Set<string>();
  return (records) =>
    records.filter(({ id, modifiedOnMs }) => {
      if (modifiedOnMs !== timeMs) {
        timeMs = modifiedOnMs;
        ids = new Set();
      }
      if (ids.has(id)) return false;
      ids.add(id);
      return true;
    });
};
