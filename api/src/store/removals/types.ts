import type { PageCursor, TableName } from '../../crm/types.ts';

/** How far the comparison of all ids has come that looks for records which are gone without a trace. */
export interface Sweep {
  readonly cursor: PageCursor | null;
  readonly isComplete: boolean;
}

export interface SweptIds {
  readonly sourceId: string;
  readonly table: TableName;
  readonly runId: string;
  readonly ids: readonly string[];
  readonly cursor: PageCursor | null;
}

/** Step by step and durable, so that a walk which was interrupted goes on where it was, and only a complete one concludes anything. */
export interface SweepStore {
  /** Has a row that was written before that moment: otherwise there is nothing that could be missing. */
  hasOlderLinks(sourceId: string, table: TableName, beforeMs: number): Promise<boolean>;
  /** Another run's sweep is forgotten. */
  begin(sourceId: string, table: TableName, runId: string, nowMs: number): Promise<Sweep>;
  addPage(page: SweptIds): Promise<void>;
  /**
   * The walk is complete: linked records that it did not meet, and that were not written since it began, become removals, counted as read
   * and withheld by the run. Where it met nothing at all they must be approved. Gives their number; 0 when it was concluded before.
   */
  conclude(swept: { readonly sourceId: string; readonly table: TableName; readonly runId: string; readonly turn: number }): Promise<number>;
}

/** Removals as a person sees and decides them. */
export interface RemovalStore {
  /** `mark` stands for exactly these: it is another one as soon as one is added or gone. */
  summary(sourceId: string, table: TableName): Promise<{ readonly count: number; readonly mark: string }>;
  waiting(sourceId: string, table: TableName, afterId: string, limit: number): Promise<readonly string[]>;
  /** All that wait now; null, and none, when they are more than `atMost` or not those of the mark. What is added later is not approved. */
  approve(
    sourceId: string,
    table: TableName,
    limits: { readonly atMost: number; readonly mark?: string | undefined },
  ): Promise<number | null>;
  /** The rows stay; gives how many. */
  dismiss(sourceId: string, table: TableName): Promise<number>;
}
