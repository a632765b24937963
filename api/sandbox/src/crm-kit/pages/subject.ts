import type { Field } from './fields.ts';
import type { Html } from './html.ts';

/** One record as its page needs it, whatever it is. */
export interface Subject {
  readonly id: string;
  /** ISO-8601, UTC, as the two below. */
  readonly createdAt: string;
  /** null: never changed. */
  readonly changedAt: string | null;
  /** null: it is not deleted. A CRM without a bin never shows a deleted record at all. */
  readonly deletedAt: string | null;
  readonly heading: string;
  /** What stands in the field's box; `""` for every kind of nothing. */
  readonly textOf: (fieldName: string) => string;
  readonly related: Html;
  /** false: nothing was saved, since a required field was cleared. */
  readonly save: (form: URLSearchParams) => boolean;
  readonly delete: () => void;
  readonly restore: () => void;
}

export interface Found {
  /** One `<li>` each. */
  readonly lines: readonly Html[];
  /** Records there are without any search. */
  readonly total: number;
}

/** One kind of record and how its pages read and change it. */
export interface SubjectKind {
  /** Its part of the address, e.g. `people`. */
  readonly path: string;
  readonly singular: string;
  readonly plural: string;
  readonly fields: readonly Field[];
  readonly find: (id: string) => Subject | undefined;
  readonly search: (request: { readonly text: string; readonly limit: number }) => Found;
}
