/** What of ours an environment has, what differs from the definition, and what can be done about it. */

export interface FoundColumn {
  readonly logicalName: string;
  /** Metadata's AttributeType: String, DateTime, Picklist, … */
  readonly type: string;
  /** Of texts, in UTF-16 code units; null when the type has none. */
  readonly maxLength: number | null;
  readonly isManaged: boolean;
  /** Of a choice: its values. `isGlobal`: it is a choice of its own, which other columns may share. */
  readonly choice: { readonly name: string; readonly isGlobal: boolean; readonly values: readonly number[] } | null;
}

export interface FoundKey {
  readonly logicalName: string;
  /** Logical names. */
  readonly columns: readonly string[];
  /** Pending, InProgress, Active or Failed. */
  readonly indexStatus: string;
}

export interface FoundTable {
  /** Logical name. */
  readonly table: string;
  readonly columns: readonly FoundColumn[];
  readonly keys: readonly FoundKey[];
}

export interface FoundSchema {
  readonly tables: readonly FoundTable[];
  /** Our global choice; null when there is none. */
  readonly choice: { readonly values: readonly number[]; readonly isManaged: boolean } | null;
  /** Logical names of the columns of the table of requests; null when there is no such table, undefined when none is wanted. */
  readonly requestColumns?: readonly string[] | null;
}

export type SetupProblem = 'missing' | 'wrongType' | 'tooShort' | 'optionMissing' | 'keyBuilding' | 'keyFailed' | 'keyOnOtherColumns';

/**
 * The first four are ours to do; `wait`: Dataverse is at it; `importSolution`: it belongs to the solution, which brings it right;
 * `byHand`: only a person may decide, as data could be lost.
 */
export type SetupRemedy = 'create' | 'lengthen' | 'addOption' | 'reactivate' | 'wait' | 'importSolution' | 'byHand';

export interface SetupFinding {
  readonly component: 'table' | 'choice' | 'column' | 'key';
  /** Logical name; null for a choice and a table, which belong to none. */
  readonly table: string | null;
  /** Logical name of the component. */
  readonly name: string;
  readonly problem: SetupProblem;
  readonly remedy: SetupRemedy;
  /** What is there and what should be, in words without customer data. */
  readonly found: string | null;
  readonly expected: string;
}

export interface SetupReport {
  /** Rows can be synced: nothing is missing and both keys are active. */
  readonly isReady: boolean;
  /** Our managed solution is there; what belongs to it is left alone. */
  readonly isSolutionInstalled: boolean;
  /** What was changed; in a dry run, what would be. */
  readonly changes: readonly SetupFinding[];
  /** What differs from the definition now. */
  readonly findings: readonly SetupFinding[];
}

export interface SetupOptions {
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  /** Called before each change. */
  readonly onChange?: (change: SetupFinding) => void;
}

export interface DataverseSetup {
  /**
   * Makes what is missing and mends what can be mended without loss; does not wait for a key's index. Safe to repeat, and to be done by two
   * at once. Throws `setup.forbidden` and `setup.refused`.
   */
  setUp(options: SetupOptions): Promise<SetupReport>;
}
