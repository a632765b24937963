import type { KnownRecord } from '@crm-sync/ui';

/** What the form's columns hold, as far as its maker has bound them to the control. */
export interface BoundColumns {
  readonly sourceKey: string;
  readonly sourceCrm: string;
  readonly recordId: string;
  readonly lastSyncedOn: Date | null;
  readonly sourceModifiedOn: Date | null;
}

/** In a key an upper-case letter X is `_x`, and any other byte that a key cannot hold `_0hh` (api/src/sync/source-key.ts). */
const readKey = (sourceKey: string): { readonly sourceId: string; readonly recordId: string } | undefined => {
  const [, sourceId, escaped] = /^([a-z0-9-]+)~([a-z0-9._-]+)$/.exec(sourceKey) ?? [];
  if (sourceId === undefined || escaped === undefined) return undefined;
  try {
    return {
      sourceId,
      recordId: decodeURIComponent(
        escaped.replace(/_0([0-9a-f]{2})/g, '%$1').replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      ),
    };
  } catch {
    // Not UTF-8: no key of ours.
    return undefined;
  }
};

const instantOf = (date: Date | null): string | undefined => (date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined);

/**
 * Which record the row comes from, by the form's own columns: shown at once, until the API answers. The key alone tells which source and
 * which record; the other columns tell them in people's words. The record's address is left out, because anybody who may change the row
 * can write one into it: the API says which of them may be followed.
 */
export const knownRecord = (columns: BoundColumns): KnownRecord | undefined => {
  const key = readKey(columns.sourceKey);
  if (!key) return undefined;
  return {
    source: { name: columns.sourceCrm || key.sourceId },
    recordId: columns.recordId || key.recordId,
    syncedOn: instantOf(columns.lastSyncedOn),
    sourceModifiedOn: instantOf(columns.sourceModifiedOn),
  };
};
