import { createHash } from 'node:crypto';
import type { Verdict, VerifyItem, VerifyPlace, VerifyStore } from '../../store/verify/types.ts';

const itemsPerPage = 5_000;

/** Of these nothing is said, so neither side's digest holds them. */
const unjudged: ReadonlySet<Verdict> = new Set<Verdict>(['changed', 'failed', 'leftOut', 'deleted', 'retired', 'gone']);

const lineOf = (key: string, hash: string | null): string => (hash === null ? '' : `${key} ${hash}\n`);

const hasRecord = ({ isInCrm, crmHash }: VerifyItem): boolean => isInCrm && crmHash !== null;

export interface SideDigests {
  readonly crm: string;
  readonly dataverse: string;
}

/**
 * SHA-256 of each side: a line for each record, or row, in the order of the keys' bytes, so that it depends on neither page sizes nor
 * anybody's sort order. The two are equal when every record has its row, the row says what the record says, and no other row is there.
 */
export const digestSides = async (verify: VerifyStore, place: VerifyPlace, signal: AbortSignal): Promise<SideDigests> => {
  const crm = createHash('sha256');
  const dataverse = createHash('sha256');
  let afterKey = '';
  for (;;) {
    signal.throwIfAborted();
    const items = await verify.itemsInOrder(place, afterKey, itemsPerPage);
    const last = items.at(-1);
    if (last === undefined) return { crm: crm.digest('hex'), dataverse: dataverse.digest('hex') };
    afterKey = last.key;
    const judged = items.filter(({ verdict }) => !unjudged.has(verdict));
    crm.update(judged.map((item) => (hasRecord(item) ? lineOf(item.key, item.crmHash) : '')).join(''));
    dataverse.update(judged.map(({ key, rowId, rowHash }) => (rowId === null ? '' : lineOf(key, rowHash))).join(''));
  }
};

/** Over the tables of a side, in their order. */
export const digestTables = (tables: readonly { readonly table: string; readonly digest: string }[]): string =>
  createHash('sha256')
    .update(tables.map(({ table, digest }) => `${table} ${digest}\n`).join(''))
    .digest('hex');
