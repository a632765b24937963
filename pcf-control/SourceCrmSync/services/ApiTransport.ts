import { ApiProblem, type RecordAddress, type RecordStatus, type SyncResult, createApiClient } from '@crm-sync/client';
import type { TokenProvider } from './TokenProvider';

export type { RecordAddress, RecordStatus, SyncResult };

/** A record in a CRM that may be a row's. */
export interface Candidate {
  readonly sourceId: string;
  readonly sourceName: string;
  readonly recordId: string;
  readonly name: string;
  readonly company?: string;
  readonly city?: string;
  /** Masked by the API. */
  readonly email?: string;
  readonly url?: string;
  /** Already linked to another row: cannot be linked. */
  readonly linkedRowId?: string;
}

/** How the control's questions reach the API: directly, or through a request row in Dataverse. */
export interface ApiTransport {
  /** What we know; cheap. */
  recordStatus(address: RecordAddress, signal: AbortSignal): Promise<RecordStatus>;
  /** Asks the CRM whether it changed; writes nothing. */
  checkRecord(address: RecordAddress, signal: AbortSignal): Promise<RecordStatus>;
  syncRecord(address: RecordAddress, signal: AbortSignal): Promise<SyncResult>;
  /** What a sync would change. */
  previewSync(address: RecordAddress, signal: AbortSignal): Promise<SyncResult>;
  /** By these words; by the row's own e-mail, phone and name when they are undefined. */
  findCandidates(address: RecordAddress, words: string | undefined, signal: AbortSignal): Promise<readonly Candidate[]>;
  linkRecord(
    address: RecordAddress,
    candidate: { readonly sourceId: string; readonly recordId: string },
    signal: AbortSignal,
  ): Promise<SyncResult>;
  /** A person's click allows a sign-in popup. */
  signIn?(signal: AbortSignal): Promise<void>;
}

export interface DirectTransportOptions {
  readonly apiBaseUrl: string;
  readonly tokens: TokenProvider;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** HTTPS from the browser to the API, with the agent's token. Rejects with `ApiProblem` or `SignInFailed`. */
export const createDirectTransport = ({ apiBaseUrl, tokens, fetch }: DirectTransportOptions): ApiTransport => {
  const client = createApiClient({ baseUrl: apiBaseUrl, getToken: () => tokens.getToken(), ...(fetch ? { fetch } : {}) });
  const forgettingRefusedToken = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) tokens.forgetToken();
      throw error;
    }
  };
  const post = async <Answer>(address: RecordAddress, door: string, body: object, signal: AbortSignal): Promise<Answer> => {
    const row = 'rowId' in address ? address.rowId : `by-key/${encodeURIComponent(address.sourceKey)}`;
    const response = await window.fetch(`${apiBaseUrl}/api/records/${address.table}/${row}/${door}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokens.getToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new ApiProblem(answer as ApiProblem);
    return answer as Answer;
  };
  return {
    recordStatus: (address, signal) => forgettingRefusedToken(client.recordStatus(address, signal)),
    checkRecord: (address, signal) => forgettingRefusedToken(post<RecordStatus>(address, 'check', {}, signal)),
    syncRecord: (address, signal) => forgettingRefusedToken(client.syncRecord(address, { signal })),
    previewSync: (address, signal) => forgettingRefusedToken(client.syncRecord(address, { isDryRun: true, signal })),
    findCandidates: async (address, words, signal) =>
      (
        await forgettingRefusedToken(
          post<{ candidates: readonly Candidate[] }>(address, 'candidates', words === undefined ? {} : { words }, signal),
        )
      ).candidates,
    linkRecord: (address, candidate, signal) => forgettingRefusedToken(post<SyncResult>(address, 'link', candidate, signal)),
  };
};
