import type { Candidate, Candidates as FoundCandidates, RecordAddress, RecordStatus, SyncResult } from '@crm-sync/client';

export type { Candidate, RecordAddress, RecordStatus, SyncResult };

/** What was found; what the sources that failed would have added is missing. */
export type Candidates = readonly Candidate[] & { readonly unsearched?: FoundCandidates['unsearched'] };

/**
 * How the control's questions reach the API: directly, or through a request row in Dataverse.
 *
 * Rejects with `ApiProblem` (status, code, reference; status 0 when nothing answered), `SignInFailed` (nobody is signed in, and only a
 * click can change that), or the signal's reason.
 */
export interface ApiTransport {
  /** What is known; asks no CRM. */
  recordStatus(address: RecordAddress, signal: AbortSignal): Promise<RecordStatus>;
  /** Asks the CRM whether it has changed the record; writes nothing. */
  checkRecord(address: RecordAddress, signal: AbortSignal): Promise<RecordStatus>;
  syncRecord(address: RecordAddress, signal: AbortSignal): Promise<SyncResult>;
  /** What a sync would change. */
  previewSync(address: RecordAddress, signal: AbortSignal): Promise<SyncResult>;
  /** `words` undefined: by the row's own e-mail addresses, phone numbers and name. */
  findCandidates(address: RecordAddress, words: string | undefined, signal: AbortSignal): Promise<Candidates>;
  linkRecord(
    address: RecordAddress,
    candidate: { readonly sourceId: string; readonly recordId: string },
    signal: AbortSignal,
  ): Promise<SyncResult>;
  /** To be called in a person's click, which allows a sign-in window. Absent where nobody signs in. */
  signIn?(signal: AbortSignal): Promise<void>;
}
