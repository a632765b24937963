import { sourceKeyColumn } from './columns.ts';
import type { RowDecision, TableSync } from './types.ts';

/**
 * Source keys that no row has yet. An upsert does not say whether it makes a row, and an owner is given only to those that it makes:
 * one query for the records that we have not written before, or whose rows we have removed; our link rows tell of all others. Nothing is
 * asked without such an owner.
 */
export const findNewRows = async (
  sync: TableSync,
  decisions: readonly RowDecision[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => {
  if (sync.writing.owner?.assign !== 'created') return new Set();
  const unknown = decisions.flatMap(({ link, row }) => (link === null || link.state === 'removed' ? [row.sourceKey] : []));
  const existing = await sync.dataverse.readRowsByKey(sync.description, unknown, { select: [sourceKeyColumn], signal });
  return new Set(unknown.filter((key) => !existing.has(key)));
};
