import type { FieldValue } from './field.ts';

/** Times are ISO-8601 with Z and whole seconds, so that text order is time order; `.000+0000` is made on the way out. */
export interface SystemValues {
  readonly Id: string;
  readonly IsDeleted: boolean;
  readonly CreatedDate: string;
  readonly LastModifiedDate: string;
  readonly SystemModstamp: string;
}

/** A record as it is stored. It is never changed in place, so whoever holds one holds a snapshot. */
export type SObject = SystemValues & Readonly<Record<string, FieldValue>>;

export const valueOf = (record: SObject, fieldName: string): FieldValue => record[fieldName] ?? null;

/** Salesforce keeps no milliseconds of these times, so records that change in one second share it. */
export const wholeSecond = (at: Date): string => new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();
