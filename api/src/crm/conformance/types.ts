import type { Manifest } from '../manifest/schema/manifest.ts';
import type { PageBody } from '../manifest/schema/page.ts';
import type { ReadyTable } from '../manifest/schema/table.ts';
import type { SourcePage, TableName, TableReader } from '../types.ts';
import type { Distort } from './interposer.ts';
import type { Walk } from './walk.ts';

/** What became of a promise. Texts name records by their ids and columns by their names, never by what is in them. */
export type Verdict =
  | { readonly verdict: 'passed'; readonly note?: string }
  | { readonly verdict: 'failed'; readonly why: string; readonly advice: string }
  | { readonly verdict: 'notRun'; readonly why: string };

export interface CheckResult {
  /** null: of the CRM as a whole. */
  readonly table: TableName | null;
  readonly check: string;
  readonly promise: string;
  readonly outcome: Verdict;
}

/** One promise about how a table is read. */
export interface Check {
  /** In lower case with hyphens; the name for `--only` and in the guide. */
  readonly id: string;
  readonly promise: string;
  /** What is done to see whether it is kept, for the guide. */
  readonly how: string;
  run(bench: TableBench): Promise<Verdict>;
}

/** Changes the CRM: a sandbox’s switches in tests, a person at a terminal. */
export interface CrmChanger {
  /** Makes a record that nobody needs and gives its id; null: it cannot be made. */
  create(table: TableName): Promise<string | null>;
  /** When it resolves the CRM has it. */
  change(table: TableName, id: string): Promise<void>;
  remove(table: TableName, id: string): Promise<void>;
  /** Records that it did not make itself may be changed as well: the CRM is there for tests. */
  readonly mayChangeAny: boolean;
}

/** A connector with pages of one size. */
export interface Bed {
  readonly reader: TableReader;
  /** The page size that it asks for; null: the CRM decides. */
  readonly pageSize: number | null;
  /** The CRM’s present time. */
  nowMs(): number;
}

/** What a check has to work with: one table of a CRM that answers. */
export interface TableBench {
  readonly name: TableName;
  readonly manifest: Manifest;
  readonly table: ReadyTable;
  /** How the list goes on. */
  readonly listPage: PageBody | undefined;
  /** A refused sign-in can be replaced by a new one. */
  readonly signsInAnew: boolean;
  /** As the manifest says. */
  readonly usual: Bed;
  /** With pages that are small enough for the table to have several. */
  readonly small: Bed;
  /** All records, or the first so many, as found by `usual`. */
  readonly reference: Walk;
  /** The same by `small`; when they are many, only some pages of them. */
  readonly smallWalk: Walk;
  /** The pages of it that are the list’s own. */
  readonly smallPages: readonly SourcePage[];
  /** Two walks find the records in the same order. */
  readonly isOrderKept: boolean;
  /** When the test began, by the CRM’s clock: what is newer has changed since. */
  readonly startedMs: number;
  readonly limit: number;
  readonly parents: TableReader | null;
  readonly changer: CrmChanger | null;
  /** The record that the changer has made. */
  readonly scratch: { id: string | null };
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
  withPageSize(size: number): Bed;
  /** How long was waited between the beginning of `work` and its end because of what the distorted answers said. */
  distorted<Value>(distort: Distort, work: () => Promise<Value>): Promise<{ readonly value: Value; readonly waitedMs: number }>;
  sleep(ms: number): Promise<void>;
}

export const passed = (note?: string): Verdict => ({ verdict: 'passed', ...(note === undefined ? {} : { note }) });
export const failed = (why: string, advice: string): Verdict => ({ verdict: 'failed', why, advice });
export const notRun = (why: string): Verdict => ({ verdict: 'notRun', why });
