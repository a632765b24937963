/**
 * What SyncCard can show. The shapes fit the API's RecordStatus, SyncResult and Candidate, but nothing here depends on the API:
 * a test, a gallery or another host can make them by hand.
 */

/** A record of a further CRM that the same row names. */
export interface CardOtherRecord {
  readonly source: { readonly name: string };
  readonly recordId: string;
  readonly url?: string;
}

export interface CardRecord {
  /** `parentParked` and `waitingForParent` are the same to an agent: the account is not here yet. */
  readonly state: 'notLinked' | 'inSync' | 'outOfDate' | 'failed' | 'waitingForParent' | 'parentParked' | 'removed';
  readonly source?: { readonly name: string };
  /** A connector's id, for its icon; unknown ones get the source's first letter. */
  readonly mark?: string;
  /** Id in the CRM. */
  readonly recordId?: string;
  /** Opens the record in the CRM; shown as a link only when it is http or https. */
  readonly url?: string;
  /** ISO 8601: when we last looked in the CRM. */
  readonly checkedOn?: string;
  /** ISO 8601: when we last wrote the row. */
  readonly syncedOn?: string;
  /** ISO 8601: when the CRM last changed the record. */
  readonly sourceModifiedOn?: string;
  /** Why the last sync did not work; in state `failed`. */
  readonly failure?: { readonly reason: string; readonly help: string };
  readonly otherRecords?: readonly CardOtherRecord[];
  /** False: this person may not link the row to a record. */
  readonly mayLink?: boolean;
}

/** What the form's own columns say of the record: enough to tell which one it is before anybody was asked. */
export type KnownRecord = Pick<CardRecord, 'source' | 'recordId' | 'syncedOn' | 'sourceModifiedOn'>;

export interface CardChange {
  readonly label: string;
  /** Absent: the column was empty. */
  readonly before?: string;
  /** Absent: the column is empty now. */
  readonly after?: string;
}

/** What a finished sync did. */
export interface CardOutcome {
  /** `cancelled`: the person stopped waiting; whether the sync was still done is not known. */
  readonly outcome: 'created' | 'changed' | 'unchanged' | 'stale' | 'removed' | 'filtered' | 'cancelled';
  readonly changes: readonly CardChange[];
}

/** Why something could not be done, and what to do. `other` is told in the service's own words, the rest in the user's language. */
export type CardProblem =
  | {
      readonly kind: 'offline' | 'unreachable' | 'noAnswer' | 'signedOut' | 'forbidden' | 'notFound' | 'unexpected';
      readonly reference?: string;
    }
  | { readonly kind: 'other'; readonly title: string; readonly help: string; readonly reference?: string };

export type ConfigurationGap = 'apiAddress' | 'signIn' | 'table';

/** A record in a CRM that may be this row's. */
export interface CardCandidate {
  readonly sourceId: string;
  readonly sourceName: string;
  readonly recordId: string;
  readonly name: string;
  readonly company?: string;
  readonly city?: string;
  /** Masked by the API. */
  readonly email?: string;
  readonly url?: string;
  /** Another row has this record already: it cannot be linked to a second one. */
  readonly linkedRowId?: string;
}

/** The search for a row's record in the CRM. */
export interface CardFind {
  readonly isSearching: boolean;
  /** Of the last search; absent before the first answer. */
  readonly candidates?: readonly CardCandidate[];
  /** Names of sources that could not be searched: what they hold is missing from the candidates. */
  readonly unsearched?: readonly string[];
  readonly problem?: CardProblem;
  /** Waits for a yes. */
  readonly chosen?: CardCandidate;
  /** The form holds edits that were not saved: saving them later would overwrite what the link brings. */
  readonly hasUnsavedEdits?: boolean;
  readonly isLinking: boolean;
}

export interface RecordFaceState {
  readonly kind: 'record';
  readonly record: CardRecord;
  readonly isSyncing: boolean;
  /** The CRM is being asked whether it has changed. */
  readonly isChecking?: boolean;
  /** It could not be asked, so what is shown is what was known before. */
  readonly hasCheckFailed?: boolean;
  /** The sync under way takes longer than people expect. */
  readonly isSlow?: boolean;
  /** Of the last sync, until dismissed. */
  readonly outcome?: CardOutcome;
  /** Of the last sync. */
  readonly problem?: CardProblem;
  /** Labels of edited columns for which the CRM has other values: the sync waits for a yes. */
  readonly overwrites?: readonly string[];
  readonly find?: CardFind;
}

export type SyncCardState =
  /** `record`: absent where the form's columns say nothing of one. */
  | { readonly kind: 'loading'; readonly isSlow?: boolean; readonly record?: KnownRecord }
  | { readonly kind: 'notConfigured'; readonly gap: ConfigurationGap }
  /** A new row that has not been saved: it can have no CRM record yet. */
  | { readonly kind: 'unsaved' }
  /** Nothing is known of the record, for this reason. */
  | { readonly kind: 'problem'; readonly problem: CardProblem }
  | RecordFaceState;
