import { createHash } from 'node:crypto';
import { SortedIndex } from '../../crm-kit/sorted-index.ts';
import { type Row, valueOf } from './row.ts';
import { type TableDefinition, isKindOf, rootOf, tableNamed, tables } from './tables.ts';
import { glideTime } from './time.ts';

export type Operation = 'insert' | 'update' | 'delete';

/** What a business rule sees. */
export interface Change {
  readonly table: string;
  readonly operation: Operation;
  readonly row: Row;
}

interface RowStore {
  readonly rows: Map<string, Row>;
  /** The order of the database's own key. */
  readonly sysIds: SortedIndex<string>;
  /** Rows by the table that lists them, until one changes: reading 100,000 rows page by page asks for the same list 100 times. */
  readonly listed: Map<string, readonly Row[]>;
}

interface InstanceOptions {
  readonly now: () => Date;
  readonly isDeleteAudited: () => boolean;
  /** Called after each change of a row. */
  readonly onChange: (change: Change) => void;
}

/** 32 hexadecimal digits that come out the same for the same text. */
export const sysIdFrom = (text: string): string => createHash('md5').update(text).digest('hex');

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A table without classes holds rows of its own alone. */
const isRowOf = (table: TableDefinition, row: Row): boolean =>
  !table.columnByName.has('sys_class_name') || isKindOf(valueOf(row, 'sys_class_name'), table.name);

/** A person's name is made of its parts. */
const withName = (row: Row): Row => {
  if (!isKindOf(valueOf(row, 'sys_class_name'), 'sys_user')) return row;
  const parts = ['first_name', 'middle_name', 'last_name'].map((element) => valueOf(row, element)).filter((part) => part !== '');
  return { ...row, name: parts.join(' ') };
};

export const systemUser = 'system';

/** One instance's tables in memory. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #stores: ReadonlyMap<string, RowStore>;
  #created = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
    const roots = tables.filter((table) => table.parent === undefined);
    this.#stores = new Map(roots.map(({ name }) => [name, { rows: new Map(), sysIds: new SortedIndex(byText), listed: new Map() }]));
  }

  /** Puts rows in as they are, without telling anybody. Replaces all of the table's line. */
  load(tableName: string, rows: readonly Row[]): void {
    const store = this.#storeOf(tableNamed(tableName));
    store.rows.clear();
    for (const row of rows) store.rows.set(valueOf(row, 'sys_id'), row);
    store.sysIds.load([...store.rows.keys()]);
    store.listed.clear();
  }

  /** By sys_id, those of the tables that extend this one too. */
  rowsOf(table: TableDefinition): readonly Row[] {
    const { rows, sysIds, listed } = this.#storeOf(table);
    const known = listed.get(table.name);
    if (known) return known;
    const found: Row[] = [];
    for (const sysId of sysIds) {
      const row = rows.get(sysId);
      if (row && isRowOf(table, row)) found.push(row);
    }
    listed.set(table.name, found);
    return found;
  }

  get(table: TableDefinition, sysId: string): Row | undefined {
    const row = this.#storeOf(table).rows.get(sysId);
    return row && isRowOf(table, row) ? row : undefined;
  }

  insert(table: TableDefinition, values: Row, by: string): Row {
    this.#created += 1;
    const at = this.#time();
    const row = withName({
      ...Object.fromEntries(table.columns.map(({ element }) => [element, ''])),
      ...values,
      sys_id: sysIdFrom(`created ${this.#created}`),
      sys_created_on: at,
      sys_created_by: by,
      sys_updated_on: at,
      sys_updated_by: by,
      sys_mod_count: '0',
      ...(table.columnByName.has('sys_class_name') ? { sys_class_name: table.name } : {}),
    });
    this.#put(table, row);
    this.#tell('insert', row);
    return row;
  }

  /**
   * An update that changes nothing is none. `isSilent`: a script with autoSysFields(false) and setWorkflow(false), which leaves
   * sys_updated_on and sys_mod_count as they were and runs no business rule.
   */
  update(table: TableDefinition, row: Row, values: Row, { by = systemUser, isSilent = false } = {}): Row {
    const wanted = withName({ ...row, ...values });
    if (Object.keys(wanted).every((element) => wanted[element] === row[element])) return row;
    const stamps = { sys_updated_on: this.#time(), sys_updated_by: by, sys_mod_count: String(Number(valueOf(row, 'sys_mod_count')) + 1) };
    const changed = isSilent ? wanted : { ...wanted, ...stamps };
    this.#put(table, changed);
    if (!isSilent) this.#tell('update', changed);
    return changed;
  }

  /** For good. An audited table leaves a line in sys_audit_delete, under the name of the row's own class. */
  delete(table: TableDefinition, row: Row, by: string): void {
    const store = this.#storeOf(table);
    store.rows.delete(valueOf(row, 'sys_id'));
    store.sysIds.remove(valueOf(row, 'sys_id'));
    store.listed.clear();
    if (this.#options.isDeleteAudited()) this.#audit(row, by);
    this.#tell('delete', row);
  }

  #audit(row: Row, by: string): void {
    const table = tableNamed('sys_audit_delete');
    this.#created += 1;
    const at = this.#time();
    this.#put(table, {
      sys_id: sysIdFrom(`audit ${this.#created}`),
      tablename: valueOf(row, 'sys_class_name'),
      documentkey: valueOf(row, 'sys_id'),
      display_value: valueOf(row, 'name'),
      sys_created_on: at,
      sys_created_by: by,
      sys_updated_on: at,
      sys_updated_by: by,
      sys_mod_count: '0',
    });
  }

  #put(table: TableDefinition, row: Row): void {
    const { rows, sysIds, listed } = this.#storeOf(table);
    const sysId = valueOf(row, 'sys_id');
    if (!rows.has(sysId)) sysIds.add(sysId);
    rows.set(sysId, row);
    listed.clear();
  }

  #tell(operation: Operation, row: Row): void {
    this.#options.onChange({ table: valueOf(row, 'sys_class_name'), operation, row });
  }

  #time(): string {
    return glideTime(this.#options.now());
  }

  #storeOf(table: TableDefinition): RowStore {
    const store = this.#stores.get(rootOf(table).name);
    if (!store) throw new Error(`There are no rows of ${table.name}.`);
    return store;
  }
}
