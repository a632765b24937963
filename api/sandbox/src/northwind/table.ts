import type { Keepable } from '../crm-data/types.ts';
import { type IdOrder, byText } from '../crm-kit/id-order.ts';
import { SortedIndex } from '../crm-kit/sorted-index.ts';

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** Only records changed at or after this moment, oldest change first; without it all records, by id. */
  readonly updatedSince?: string;
  readonly includeDeleted: boolean;
}

export interface Page<RecordType> {
  readonly records: readonly RecordType[];
  /** Records of all pages together. */
  readonly total: number;
}

const changedAt = (record: Keepable): string => record.updated_at ?? record.created_at;

/** One table of the CRM in memory, with the four orders that its pages need: by id and by change, with and without the deleted. */
export class Table<RecordType extends Keepable> {
  readonly #records = new Map<string, RecordType>();
  readonly #allById: SortedIndex<RecordType>;
  readonly #liveById: SortedIndex<RecordType>;
  readonly #allByChange: SortedIndex<RecordType>;
  readonly #liveByChange: SortedIndex<RecordType>;

  constructor(idOrder: IdOrder) {
    const byId = (a: RecordType, b: RecordType): number => idOrder(a.id, b.id);
    const byChange = (a: RecordType, b: RecordType): number => byText(changedAt(a), changedAt(b)) || byId(a, b);
    this.#allById = new SortedIndex(byId);
    this.#liveById = new SortedIndex(byId);
    this.#allByChange = new SortedIndex(byChange);
    this.#liveByChange = new SortedIndex(byChange);
  }

  /** Replaces everything. */
  load(records: readonly RecordType[]): void {
    this.#records.clear();
    for (const record of records) this.#records.set(record.id, record);
    const live = records.filter((record) => record.deleted_at === null);
    this.#allById.load(records);
    this.#liveById.load(live);
    this.#allByChange.load(records);
    this.#liveByChange.load(live);
  }

  /** Soft-deleted records are still found. */
  get(id: string): RecordType | undefined {
    return this.#records.get(id);
  }

  /** Adds the record, or puts it in the place of the one with its id. */
  put(record: RecordType): void {
    const before = this.#records.get(record.id);
    if (before) for (const index of this.#indexesOf(before)) index.remove(before);
    this.#records.set(record.id, record);
    for (const index of this.#indexesOf(record)) index.add(record);
  }

  page({ offset, limit, updatedSince, includeDeleted }: PageRequest): Page<RecordType> {
    if (updatedSince === undefined) {
      const index = includeDeleted ? this.#allById : this.#liveById;
      return { records: index.slice(offset, offset + limit), total: index.size };
    }
    const index = includeDeleted ? this.#allByChange : this.#liveByChange;
    const start = index.firstWhere((record) => changedAt(record) >= updatedSince);
    return { records: index.slice(start + offset, start + offset + limit), total: index.size - start };
  }

  /** For a person's search box: looks at every live record, by id. */
  search({ isWanted, limit }: { readonly isWanted: (record: RecordType) => boolean; readonly limit: number }): readonly RecordType[] {
    const found: RecordType[] = [];
    for (const record of this.#liveById) {
      if (found.length >= limit) break;
      if (isWanted(record)) found.push(record);
    }
    return found;
  }

  #indexesOf(record: RecordType): readonly SortedIndex<RecordType>[] {
    const all = [this.#allById, this.#allByChange];
    return record.deleted_at === null ? [...all, this.#liveById, this.#liveByChange] : all;
  }
}
