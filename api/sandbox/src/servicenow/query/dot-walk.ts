import type { Column } from '../data/columns.ts';
import type { Instance } from '../data/instance.ts';
import { type Row, valueOf } from '../data/row.ts';
import { type TableDefinition, findTable } from '../data/tables.ts';

/** A column of a row, or of one that it points to: `name`, `account.name`. */
export interface Walk {
  readonly path: string;
  readonly column: Column;
  /** The row at the end; undefined when a reference on the way is empty or leads nowhere. */
  readonly rowAt: (row: Row) => Row | undefined;
}

/** undefined: there is no such column. */
export const findWalk = (instance: Instance, table: TableDefinition, path: string): Walk | undefined => {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const steps: { readonly element: string; readonly target: TableDefinition }[] = [];
  let current = table;
  for (const element of names) {
    const target = findTable(current.columnByName.get(element)?.reference ?? '');
    if (!target) return undefined;
    steps.push({ element, target });
    current = target;
  }
  const column = current.columnByName.get(last);
  if (!column) return undefined;
  if (steps.length === 0) return { path, column, rowAt: (row) => row };
  const rowAt = (row: Row): Row | undefined => {
    let at: Row | undefined = row;
    for (const { element, target } of steps) {
      at = at && instance.get(target, valueOf(at, element));
    }
    return at;
  };
  return { path, column, rowAt };
};
