import type { SqlDatabase } from '../database/types.ts';
import type { StoreLog } from '../log.ts';

/**
 * Keeps the planner's picture of the link table true. After a first load it still believes the table empty, and autovacuum,
 * which would tell it, comes up to a minute later on a server and never on the embedded database (no background processes), which
 * also has nobody else to clear away dead rows.
 */
export interface Upkeep {
  /** Counts rows as they are written; analyses when there are ten times as many as at the last time. */
  noteWritten(rows: number): Promise<void>;
  /** After a run: nothing, unless it wrote enough to matter. */
  runFinished(): Promise<void>;
}

/** Below this a wrong picture costs nothing: every plan is fast on a small table. */
const firstAnalyzeRows = 5_000;
const growth = 10;

export interface UpkeepDependencies {
  readonly database: SqlDatabase;
  readonly schema: string;
  /** A server clears dead rows away by itself; the embedded database has to be told. */
  readonly hasAutovacuum: boolean;
  readonly log: StoreLog;
}

export const createUpkeep = ({ database, schema, hasAutovacuum, log }: UpkeepDependencies): Upkeep => {
  let writtenRows = 0;
  let nextAnalyzeRows = firstAnalyzeRows;
  let writtenSinceUpkeep = 0;

  /** What it looks after is committed already: upkeep that fails costs time, not truth. */
  const attempt = async (text: string): Promise<void> => {
    try {
      await database.query(text);
    } catch (err) {
      log.warn({ err }, 'the upkeep of the store failed; it is tried again later');
    }
  };

  return {
    async noteWritten(rows) {
      writtenRows += rows;
      writtenSinceUpkeep += rows;
      if (writtenRows < nextAnalyzeRows) return;
      nextAnalyzeRows = writtenRows * growth;
      await attempt(`analyze ${schema}.link`);
    },
    async runFinished() {
      if (writtenSinceUpkeep < firstAnalyzeRows) return;
      writtenSinceUpkeep = 0;
      const command = hasAutovacuum ? 'analyze' : 'vacuum (analyze)';
      for (const table of ['link', 'failure', 'removal', 'open_write']) await attempt(`${command} ${schema}.${table}`);
    },
  };
};
