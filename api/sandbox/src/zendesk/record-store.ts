import { byNumber, byText } from '../crm-kit/id-order.ts';
import { SortedIndex } from '../crm-kit/sorted-index.ts';
import type { Kept } from './types.ts';

/** A place in the order of changes. */
export interface ChangePoint {
  readonly updatedAt: string;
  readonly id: string;
}

/** Records of one kind, by id and by change. The order by change holds those too that no list shows any more. */
export class RecordStore<RecordType extends Kept> {
  readonly #records = new Map<string, RecordType>();
  readonly #listed = new SortedIndex<RecordType>((a, b) => byNumber(a.id, b.id));
  readonly #byChange = new SortedIndex<RecordType>((a, b) => byText(a.updatedAt, b.updatedAt) || byNumber(a.id, b.id));
  readonly #isListed: (record: RecordType) => boolean;
  /** Whoever pages through 100,000 users asks for the same list a thousand times. Forgotten at every change. */
  readonly #lists = new Map<string, readonly RecordType[]>();

  constructor(records: readonly RecordType[], isListed: (record: RecordType) => boolean) {
    this.#isListed = isListed;
    for (const record of records) this.#records.set(record.id, record);
    this.#listed.load(records.filter(isListed));
    this.#byChange.load(records);
  }

  get(id: string): RecordType | undefined {
    return this.#records.get(id);
  }

  put(record: RecordType): void {
    this.remove(record.id);
    this.#records.set(record.id, record);
    this.#byChange.add(record);
    if (this.#isListed(record)) this.#listed.add(record);
  }

  /** For many at once: one by one, each would move the tail of both orders. */
  putAll(records: readonly RecordType[]): void {
    this.#lists.clear();
    for (const record of records) this.#records.set(record.id, record);
    const all = [...this.#records.values()];
    this.#listed.load(all.filter(this.#isListed));
    this.#byChange.load(all);
  }

  /** Leaves nothing. */
  remove(id: string): void {
    this.#lists.clear();
    const record = this.#records.get(id);
    if (!record) return;
    this.#records.delete(id);
    this.#byChange.remove(record);
    if (this.#isListed(record)) this.#listed.remove(record);
  }

  /** All that lists show, by id. */
  get listed(): readonly RecordType[] {
    return this.#once('', () => this.#listed.slice(0, this.#listed.size));
  }

  /** Those of the listed that a filter lets through; its name keeps the list for the next page. */
  listedWhere(name: string, isWanted: (record: RecordType) => boolean): readonly RecordType[] {
    return this.#once(`where ${name}`, () => this.listed.filter(isWanted));
  }

  /** Everything that no list shows any more, by id. */
  get unlisted(): readonly RecordType[] {
    const find = () => [...this.#records.values()].filter((record) => !this.#isListed(record)).toSorted((a, b) => byNumber(a.id, b.id));
    return this.#once('unlisted', find);
  }

  /** The first `limit` that were changed at `start` or later, or behind that point, up to and with `until`; the oldest change first. */
  changes(start: string | ChangePoint, { until, limit }: { readonly until: string; readonly limit: number }): readonly RecordType[] {
    const isReached = (record: RecordType): boolean => {
      if (typeof start === 'string') return record.updatedAt >= start;
      return record.updatedAt > start.updatedAt || (record.updatedAt === start.updatedAt && byNumber(record.id, start.id) > 0);
    };
    const begin = this.#byChange.firstWhere(isReached);
    const end = this.#byChange.firstWhere(({ updatedAt }) => updatedAt > until);
    return this.#byChange.slice(begin, Math.min(end, begin + limit));
  }

  #once(name: string, find: () => readonly RecordType[]): readonly RecordType[] {
    const kept = this.#lists.get(name) ?? find();
    this.#lists.set(name, kept);
    return kept;
  }
}
