import type { FieldValue } from './field.ts';
import { idAt, idOf } from './ids.ts';
import { type ObjectDefinition, findObject, objectNamed, objectNames } from './objects.ts';
import { type SObject, valueOf, wholeSecond } from './sobject.ts';

/** merge: those that went; the platform deletes them, and tells each trigger which record stays. */
export type Operation = 'insert' | 'update' | 'delete' | 'undelete' | 'merge';

/** What a trigger sees: the records of one object that one transaction touched. */
export interface Change {
  readonly sobject: string;
  readonly op: Operation;
  readonly ids: readonly string[];
  /** merge: the one that stays. */
  readonly masterIds?: readonly string[];
}

/** One line of the log that getDeleted reads; it outlives the recycle bin. */
export interface DeletedEntry {
  readonly id: string;
  readonly deletedAt: string;
}

export type Values = Readonly<Record<string, FieldValue>>;

interface Table {
  readonly definition: ObjectDefinition;
  readonly records: Map<string, SObject>;
  readonly deletions: DeletedEntry[];
  nextPosition: number;
}

interface OrgOptions {
  readonly now: () => Date;
  /** Called once per object and operation, after it happened. */
  readonly onChange: (change: Change) => void;
}

/** A contact's Name is made of its parts and cannot be set. */
const withCompoundName = (object: string, values: Values): Values => {
  if (object !== 'Contact') return values;
  const parts = [values.Salutation, values.FirstName, values.LastName].filter((part) => typeof part === 'string');
  return { ...values, Name: parts.join(' ') };
};

/** One organisation's records in memory, and everything that can happen to them. */
export class Org {
  readonly #options: OrgOptions;
  readonly #tables: ReadonlyMap<string, Table>;

  constructor(options: OrgOptions) {
    this.#options = options;
    this.#tables = new Map(
      objectNames.map((name) => [name, { definition: objectNamed(name), records: new Map(), deletions: [], nextPosition: 1 }]),
    );
  }

  /** Puts records in as they are, without telling anybody. */
  load(object: string, records: readonly SObject[]): void {
    const table = this.#table(object);
    for (const record of records) table.records.set(record.Id, record);
    table.nextPosition += records.length;
  }

  /** With those in the recycle bin; by id, oldest first. */
  all(object: string): readonly SObject[] {
    return [...this.#table(object).records.values()];
  }

  /** Takes either form of the id. Records in the bin are found. */
  get(object: string, id: string): SObject | undefined {
    const id18 = idOf(id);
    return id18 === undefined ? undefined : this.#table(object).records.get(id18);
  }

  deletions(object: string): readonly DeletedEntry[] {
    return this.#table(object).deletions;
  }

  create(object: string, values: Values): SObject {
    const table = this.#table(object);
    const at = this.#second();
    const Id = idAt(table.definition.keyPrefix, table.nextPosition);
    table.nextPosition += 1;
    const stamps = { Id, IsDeleted: false, CreatedDate: at, LastModifiedDate: at, SystemModstamp: at };
    // A checkbox is never empty.
    const boxes = table.definition.fields.filter(({ type, isWritable }) => type === 'boolean' && isWritable);
    const unticked = Object.fromEntries(boxes.map(({ name }) => [name, false]));
    const record: SObject = { ...unticked, ...withCompoundName(object, values), ...stamps };
    table.records.set(Id, record);
    this.#tell(object, 'insert', [record]);
    return record;
  }

  /** One transaction: all records get the same time. `isBySystem` leaves LastModifiedDate alone, as automated changes do. */
  update(object: string, records: readonly SObject[], values: Values, { isBySystem = false } = {}): void {
    const at = this.#second();
    const changed = records.map((record): SObject => {
      const stamps = { SystemModstamp: at, ...(isBySystem ? {} : { LastModifiedDate: at }) };
      return { ...record, ...withCompoundName(object, { ...record, ...values }), ...stamps };
    });
    this.#keep(object, changed);
    this.#tell(object, 'update', changed);
  }

  /** Into the recycle bin, an account together with its contacts. */
  delete(object: string, record: SObject): void {
    this.#bin(object, [record], null);
    if (object === 'Account') this.#bin('Contact', this.#contactsOf(record.Id, false), null);
  }

  /** Out of the bin again, with the contacts that went in with it. */
  undelete(object: string, record: SObject): void {
    const together =
      object === 'Account' ? this.#contactsOf(record.Id, true).filter((each) => each.SystemModstamp === record.SystemModstamp) : [];
    this.#unbin(object, [record]);
    this.#unbin('Contact', together);
  }

  /**
   * The losers go to the bin with MasterRecordId set, and what hung on them hangs on the master.
   * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_merge.htm
   */
  merge(object: string, master: SObject, losers: readonly SObject[]): void {
    if (object === 'Account') {
      for (const loser of losers) this.update('Contact', this.#contactsOf(loser.Id, false), { AccountId: master.Id });
    }
    this.#bin(object, losers, master.Id);
    this.update(object, [master], {});
  }

  /** Gone for good; only the log of deletions still knows them. */
  emptyBin(): void {
    for (const table of this.#tables.values()) {
      for (const record of table.records.values()) if (record.IsDeleted) table.records.delete(record.Id);
    }
  }

  #bin(object: string, records: readonly SObject[], masterId: string | null): void {
    const at = this.#second();
    const binned = records.map(
      (record): SObject => ({ ...record, IsDeleted: true, MasterRecordId: masterId, SystemModstamp: at, LastModifiedDate: at }),
    );
    this.#keep(object, binned);
    for (const { Id } of binned) this.#table(object).deletions.push({ id: Id, deletedAt: at });
    if (masterId === null) this.#tell(object, 'delete', binned);
    else this.#tell(object, 'merge', binned, [masterId]);
  }

  #unbin(object: string, records: readonly SObject[]): void {
    const at = this.#second();
    const live = records.map(
      (record): SObject => ({ ...record, IsDeleted: false, MasterRecordId: null, SystemModstamp: at, LastModifiedDate: at }),
    );
    this.#keep(object, live);
    const ids = new Set(live.map(({ Id }) => Id));
    const { deletions } = this.#table(object);
    deletions.splice(0, deletions.length, ...deletions.filter(({ id }) => !ids.has(id)));
    this.#tell(object, 'undelete', live);
  }

  #contactsOf(accountId: string, isDeleted: boolean): readonly SObject[] {
    return this.all('Contact').filter((contact) => valueOf(contact, 'AccountId') === accountId && contact.IsDeleted === isDeleted);
  }

  #keep(object: string, records: readonly SObject[]): void {
    const { records: kept } = this.#table(object);
    for (const record of records) kept.set(record.Id, record);
  }

  #tell(sobject: string, op: Operation, records: readonly SObject[], masterIds?: readonly string[]): void {
    if (records.length === 0) return;
    this.#options.onChange({ sobject, op, ids: records.map(({ Id }) => Id), ...(masterIds === undefined ? {} : { masterIds }) });
  }

  #second(): string {
    return wholeSecond(this.#options.now());
  }

  #table(object: string): Table {
    const table = this.#tables.get(findObject(object)?.name ?? object);
    if (!table) throw new Error(`There is no object ${object}.`);
    return table;
  }
}
