import type { JsonObject, JsonValue } from '../types.ts';

/** How one column (or several, when a transform gives a list) is filled from a record. Compiled once from the manifest. */
export interface ColumnRule {
  /** Logical names of Dataverse columns; more than one takes the elements of a list in turn. */
  readonly to: readonly string[];
  /** undefined = the CRM did not send the field: the column is not touched. null = it is empty. */
  readonly read: (fields: JsonObject) => JsonValue | undefined;
  readonly whenTooLong: 'truncate' | 'reject' | 'skip';
  readonly whenNull: 'clear' | 'keep';
  /** The column cannot take the value: no number, an unknown choice, no row that a lookup could point to. `reject` when left out. */
  readonly whenInvalid?: 'reject' | 'skip' | 'clear';
  /** For choices and yes/no: what the CRM's words stand for, a label or a value of the column. */
  readonly choices?: Readonly<Record<string, string | number | boolean>>;
  /** For dates: what a number counts, from 1970 on. */
  readonly epoch?: 'seconds' | 'milliseconds';
  /** For lookups: which row is meant. */
  readonly lookup?: LookupRule;
}

export interface LookupRule {
  /** Logical name of the table that the lookup points to. */
  readonly table: string;
  /** The column of that table that holds the value; null: the value is the id of a record of this CRM. */
  readonly by: string | null;
}
