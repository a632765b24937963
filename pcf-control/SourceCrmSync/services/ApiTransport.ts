import { ApiProblem, type RecordAddress, type RecordStatus, type SyncResult, createApiClient } from '@crm-sync/client';
import type { TokenProvider } from './TokenProvider';

export type { RecordAddress, RecordStatus, SyncResult };

/** How the control's questions reach the API: directly, or some day through a request row in Dataverse. */
export interface ApiTransport {
  recordStatus(address: RecordAddress, signal: AbortSignal): Promise<RecordStatus>;
  syncRecord(address: RecordAddress, signal: AbortSignal): Promise<SyncResult>;
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
  return {
    recordStatus: (address, signal) => forgettingRefusedToken(client.recordStatus(address, signal)),
    syncRecord: (address, signal) => forgettingRefusedToken(client.syncRecord(address, { signal })),
  };
};
