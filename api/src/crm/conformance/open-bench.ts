import type { Manifest } from '../manifest/schema/manifest.ts';
import { readyTables } from '../manifest/with-defaults.ts';
import { chooseSignIn } from '../settings.ts';
import type { TableName } from '../types.ts';
import type { Beds, KitConnection } from './open-beds.ts';
import type { CrmChanger, TableBench } from './types.ts';
import { idsOf, lengthOf, listPagesOf, recordsOf, type Walk, walk } from './walk.ts';

/** So many pages show all that pages can do to each other. */
const wantedPages = 6;
/** A list of more pages is not walked to its end again and again. */
const mostPages = 12;
/** On a page of one there is no record beside the last. */
const smallestPage = 2;
/** The Date header is cut to whole seconds. */
const secondMs = 1000;

export interface KitOptions {
  readonly manifest: Manifest;
  readonly connection: KitConnection;
  /** Most records of a table that are read in one walk. */
  readonly limit: number;
  readonly changer: CrmChanger | null;
  readonly signal: AbortSignal;
}

const secretsOf = ({ manifest, connection }: KitOptions): readonly string[] =>
  Object.entries(manifest.connection.settings ?? {}).flatMap(([name, { type }]) => {
    const value = connection.source.settings[name];
    return type === 'secret' && value !== undefined && value.length > 3 ? [value] : [];
  });

const isPrefixKept = (reference: Walk, small: Walk): boolean => {
  const ids = new Set(idsOf(recordsOf(small)));
  return recordsOf(reference)
    .slice(0, ids.size)
    .every(({ id }) => ids.has(id));
};

/** Reads the table twice, in usual and in small pages. Without a walk to compare with there is no bench: then it gives what stopped it. */
export const openBench = async (options: KitOptions, beds: Beds, name: TableName): Promise<TableBench | Walk> => {
  const { manifest, connection, limit, signal } = options;
  const tables = readyTables(manifest);
  const table = tables.get(name);
  if (table === undefined) throw new RangeError(`the manifest has no table ${name}`);
  const startedMs = beds.usual.nowMs() + secondMs;
  const usual = beds.bed(name);
  const reference = await walk(usual.reader.listAll(null, signal), { records: limit });
  if (reference.error !== null) return reference;

  const records = lengthOf(reference);
  const size = Math.max(smallestPage, Math.ceil(records / wantedPages));
  const small = usual.pageSize === null || usual.pageSize <= size ? usual : beds.bed(name, size);
  const usualPages = Math.max(1, reference.pages.length);
  const pages = small === usual ? usualPages : Math.ceil(records / size);
  const isWholeWanted = reference.isWhole && pages <= mostPages;
  const recordsWanted = isWholeWanted ? Number.POSITIVE_INFINITY : Math.ceil((records / Math.max(1, pages)) * wantedPages);
  const smallWalk = await walk(small.reader.listAll(null, signal), { records: recordsWanted });
  if (smallWalk.error !== null) return smallWalk;

  const auth = chooseSignIn(manifest, connection.source);
  return {
    name,
    manifest,
    table,
    listPage: table.list.page ?? table.page ?? manifest.page,
    signsInAnew: auth.kind === 'oauth2' || auth.kind === 'session',
    usual,
    small,
    reference,
    smallWalk,
    smallPages: listPagesOf(smallWalk),
    isOrderKept: isPrefixKept(reference, smallWalk),
    startedMs,
    limit,
    parents: table.parent !== undefined && tables.has(table.parent.table) ? beds.usual.table(table.parent.table) : null,
    changer: options.changer,
    scratch: { id: null },
    secrets: secretsOf(options),
    signal,
    withPageSize: (wanted) => beds.bed(name, wanted),
    distorted: async (distort, work) => {
      const beforeMs = beds.time.pretendedMs();
      const value = await beds.interposer.during(distort, work);
      return { value, waitedMs: beds.time.pretendedMs() - beforeMs };
    },
    sleep: (ms) => beds.time.sleep(ms, signal),
  };
};

export const isBench = (opened: TableBench | Walk): opened is TableBench => 'reference' in opened;
