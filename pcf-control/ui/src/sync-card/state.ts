/**
 * What SyncCard can show. The shapes fit the API's RecordStatus and SyncResult, but nothing here depends on the API:
 * a test, a gallery or another host can make them by hand.
 */

export interface CardRecord {
  readonly state: 'notLinked' | 'inSync' | 'failed' | 'waitingForParent' | 'removed';
  readonly source?: { readonly name: string };
  /** Id in the CRM. */
  readonly recordId?: string;
  /** Opens the record in the CRM; shown as a link only when it is http or https. */
  readonly url?: string;
  /** ISO 8601: when we last looked in the CRM. */
  readonly checkedOn?: string;
  /** ISO 8601: when we last wrote the row. */
  readonly syncedOn?: string;
  /** Why the last sync did not work; in state `failed`. */
  readonly failure?: { readonly reason: string; readonly help: string };
}

export interface CardChange {
  readonly label: string;
  /** Absent: the column was empty. */
  readonly before?: string;
  /** Absent: the column is empty now. */
  readonly after?: string;
}

/** What a finished sync did. */
export interface CardOutcome {
  readonly outcome: 'created' | 'changed' | 'unchanged' | 'stale' | 'removed' | 'filtered';
  readonly changes: readonly CardChange[];
}

/** Why something could not be done, and what to do. `other` is told in the service's own words, the rest in the user's language. */
export type CardProblem =
  | { readonly kind: 'offline' | 'unreachable' | 'signedOut' | 'forbidden' | 'notFound' | 'unexpected'; readonly reference?: string }
  | { readonly kind: 'other'; readonly title: string; readonly help: string; readonly reference?: string };

export type ConfigurationGap = 'apiAddress' | 'signIn' | 'table';

export type SyncCardState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'notConfigured'; readonly gap: ConfigurationGap }
  /** A new row that has not been saved: it can have no CRM record yet. */
  | { readonly kind: 'unsaved' }
  /** Nothing is known of the record, for this reason. */
  | { readonly kind: 'problem'; readonly problem: CardProblem }
  | {
      readonly kind: 'record';
      readonly record: CardRecord;
      readonly isSyncing: boolean;
      /** Of the last sync, until dismissed. */
      readonly outcome?: CardOutcome;
      /** Of the last sync. */
      readonly problem?: CardProblem;
    };
