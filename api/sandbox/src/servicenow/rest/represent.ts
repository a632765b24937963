import type { Column } from '../data/columns.ts';
import type { Instance } from '../data/instance.ts';
import { type Row, valueOf } from '../data/row.ts';
import { type TableDefinition, findTable } from '../data/tables.ts';
import { inTimeZone } from '../data/time.ts';
import { findWalk } from '../query/dot-walk.ts';

export type DisplayValue = 'true' | 'false' | 'all';

export type CellJson = string | Readonly<Record<string, string>>;

export interface RepresentOptions {
  readonly instance: Instance;
  readonly table: TableDefinition;
  /** sysparm_fields; undefined: all. Unknown ones are left out without a word. */
  readonly fields: readonly string[] | undefined;
  readonly displayValue: DisplayValue;
  readonly excludesReferenceLink: boolean;
  readonly timeZone: string;
  /** What links to rows begin with, e.g. `http://…/api/now/v2/table`. */
  readonly tableUrl: string;
}

/** How a person sees a value: times in their time zone, numbers with commas, references by name. */
const displayOf = ({ instance, timeZone }: RepresentOptions, column: Column, value: string): string => {
  if (value === '') return '';
  if (column.type === 'glide_date_time') return inTimeZone(value, timeZone);
  if (column.type === 'integer') return Number(value).toLocaleString('en-US');
  const target = column.reference === undefined ? undefined : findTable(column.reference);
  const row = target && instance.get(target, value);
  return column.reference === undefined ? value : row && target ? valueOf(row, target.displayColumn) : '';
};

const cellJson = (options: RepresentOptions, column: Column, value: string): CellJson => {
  const { displayValue, excludesReferenceLink, tableUrl } = options;
  const isReference = column.reference !== undefined && value !== '';
  const link = isReference && !excludesReferenceLink ? { link: `${tableUrl}/${column.reference ?? ''}/${value}` } : undefined;
  if (displayValue === 'all') return { display_value: displayOf(options, column, value), ...(link ?? {}), value };
  if (displayValue === 'true') {
    const shown = displayOf(options, column, value);
    return link ? { display_value: shown, ...link } : shown;
  }
  return link ? { ...link, value } : value;
};

/** Makes the function that writes rows as the Table API does: everything is text, and nothing is `""`. */
export const createRowWriter = (options: RepresentOptions): ((row: Row) => Readonly<Record<string, CellJson>>) => {
  const { instance, table, fields } = options;
  const names = fields ?? table.columns.map((column) => column.element);
  const walks = names.flatMap((name) => findWalk(instance, table, name) ?? []);
  return (row) =>
    Object.fromEntries(
      walks.map(({ path, column, rowAt }) => {
        const owner = rowAt(row);
        return [path, cellJson(options, column, owner ? valueOf(owner, column.element) : '')];
      }),
    );
};
