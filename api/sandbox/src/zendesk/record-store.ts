import { byNumber, byText } from '../crm-kit/id-order.ts';
import { SortedIndex } from '../crm-kit/sorted-index.ts';
import { type Kept } from './types.ts';

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

  /** Leaves nothing. */
  remove(id: string): void {
    const record = this.#records.get(id);
    if (!record) return;
    this.#records.delete(id);
    this.#byChange.remove(record);
    if (this.#isListed(record)) this.#listed.remove(record);
  }

  /** All that lists show, by id. */
  get listed(): readonly RecordType[] {
    return this.#listed.slice(0, this.#listed.size);
  }

  /** Everything there is, deleted ones too, by id. */
  get all(): readonly RecordType[] {
    return [...this.#records.values()].toSorted((a, b) => byNumber(a.id, b.id));
  }

  /** Changed at `start` or later, or behind that point, up to and with `until`; the oldest change first. */
  changes(start: string | ChangePoint, until: string): readonly RecordType[] {
    const isReached = (record: RecordType): boolean => {
      if (typeof start === 'string') return record.updatedAt >= start;
      return record.updatedAt > start.updatedAt || (record.updatedAt === start.updatedAt && byNumber(record.id, start.id) > 0);
    };
    const end = this.#byChange.firstWhere(({ updatedAt }) => updatedAt > until);
    return this.#byChange.slice(this.#byChange.firstWhere(isReached), end);
  }
}
