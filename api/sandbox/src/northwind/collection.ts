import type { IdOrder } from '../crm-kit/id-order.ts';
import { Table, type Page, type PageRequest } from './table.ts';
import type { Keepable, Stamps } from '../crm-data/types.ts';
import type { Change, CollectionName } from './types.ts';

export interface CollectionOptions<RecordType extends Keepable, Values> {
  readonly name: CollectionName;
  readonly idOrder: IdOrder;
  readonly records: readonly RecordType[];
  readonly nextId: () => string;
  readonly build: (id: string, values: Values, stamps: Stamps) => RecordType;
  readonly now: () => Date;
  /** Called after each change, inside the request that made it, so it must not wait. */
  readonly onChange: (change: Change) => void;
}

/** Companies or people: reading them, and the four things that can happen to one. Every change stamps `updated_at`, a removal too. */
export class Collection<RecordType extends Keepable, Values extends object> {
  readonly name: CollectionName;
  readonly #options: CollectionOptions<RecordType, Values>;
  readonly #table: Table<RecordType>;

  constructor(options: CollectionOptions<RecordType, Values>) {
    this.name = options.name;
    this.#options = options;
    this.#table = new Table<RecordType>(options.idOrder);
    this.#table.load(options.records);
  }

  /** Soft-deleted records are still found. */
  get(id: string): RecordType | undefined {
    return this.#table.get(id);
  }

  page(request: PageRequest): Page<RecordType> {
    return this.#table.page(request);
  }

  search(request: { readonly isWanted: (record: RecordType) => boolean; readonly limit: number }): readonly RecordType[] {
    return this.#table.search(request);
  }

  create(values: Values, id: string = this.#options.nextId()): RecordType {
    const record = this.#options.build(id, values, { created_at: this.#timestamp(), updated_at: null, deleted_at: null });
    return this.#keep('created', record);
  }

  /** Like most CRMs it counts as an update even when every value is what it was. */
  update(record: RecordType, values: Partial<Values>): RecordType {
    return this.#keep('updated', { ...record, ...values, updated_at: this.#timestamp() });
  }

  delete(record: RecordType): RecordType {
    const at = this.#timestamp();
    return this.#keep('deleted', { ...record, updated_at: at, deleted_at: at });
  }

  restore(record: RecordType): RecordType {
    return this.#keep('updated', { ...record, updated_at: this.#timestamp(), deleted_at: null });
  }

  #keep(event: Change['event'], record: RecordType): RecordType {
    this.#table.put(record);
    this.#options.onChange({ collection: this.name, event, id: record.id });
    return record;
  }

  #timestamp(): string {
    return this.#options.now().toISOString();
  }
}
