import type { Manifest } from '../manifest/schema/manifest.ts';
import type { PageBody } from '../manifest/schema/page.ts';
import type { TableBody } from '../manifest/schema/table.ts';
import { withDefaults } from '../manifest/with-defaults.ts';

interface Pageable {
  readonly page?: PageBody;
}

/** The request says how long a page is to be. Else `size` only tells what the CRM does by itself, and must stay. */
const asksForSize = (page: PageBody, operation: object): boolean =>
  page.kind !== 'none' && (page.sizeParam !== undefined || JSON.stringify({ ...operation, page: undefined }).includes('page.size'));

/** The page size that a list asks for; null: the CRM decides. */
export const pageSizeOf = (page: PageBody | undefined, operation: object): number | null =>
  page === undefined || page.kind === 'none' || !asksForSize(page, operation) ? null : (page.size ?? null);

const resize = <Operation extends Pageable>(operation: Operation, inherited: PageBody | undefined, size: number): Operation => {
  const page = operation.page ?? inherited;
  if (page === undefined || page.kind === 'none' || !asksForSize(page, operation)) return operation;
  return { ...operation, page: { ...page, size: Math.min(size, page.size ?? size) } };
};

const resizeTable = (manifest: Manifest, written: TableBody, size: number): TableBody => {
  const table = withDefaults(manifest, written);
  const inherited = table.page ?? manifest.page;
  return {
    ...table,
    ...(table.list === undefined ? {} : { list: resize(table.list, inherited, size) }),
    ...(table.changes === undefined ? {} : { changes: resize(table.changes, inherited, size) }),
    ...(table.sweep === undefined ? {} : { sweep: resize(table.sweep, inherited, size) }),
    ...(table.deletes === undefined ? {} : { deletes: table.deletes.map((one) => resize(one, inherited, size)) }),
  };
};

/** The same manifest, with pages of at most so many records wherever it says itself how long they are. */
export const withPageSize = (manifest: Manifest, size: number): Manifest => {
  const { account, contact } = manifest.tables;
  return {
    ...manifest,
    tables: {
      ...(account === undefined ? {} : { account: resizeTable(manifest, account, size) }),
      ...(contact === undefined ? {} : { contact: resizeTable(manifest, contact, size) }),
    },
  };
};
