/** What was deleted since when: rows themselves tell their version, those that are gone cannot. */
import type { RowWrite } from '../store/database.ts';

export interface Deletion {
  readonly table: string;
  readonly id: string;
  /** The version of the environment when it went. */
  readonly version: number;
}

export interface DeletionLog {
  /** For committed writes. */
  record(writes: readonly RowWrite[], nextVersion: () => number): void;
  since(table: string, version: number): readonly Deletion[];
  clear(): void;
}

export function createDeletionLog(): DeletionLog {
  const deletions: Deletion[] = [];
  return {
    record(writes, nextVersion) {
      for (const { kind, table, id } of writes) if (kind === 'deleted') deletions.push({ table, id, version: nextVersion() });
    },
    since: (table, version) => deletions.filter((deletion) => deletion.table === table && deletion.version > version),
    clear() {
      deletions.length = 0;
    },
  };
}
