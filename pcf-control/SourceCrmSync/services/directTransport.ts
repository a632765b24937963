import { ApiProblem, type RecordAddress, type RowAddress, createRecordClient } from '@crm-sync/client';
import type { ApiTransport } from './ApiTransport';
import type { TokenProvider } from './TokenProvider';
import { alreadyLinked, withUnsearched } from './candidates';

export interface DirectTransportOptions {
  readonly apiBaseUrl: string;
  readonly tokens: TokenProvider;
  readonly fetch?: (request: Request) => Promise<Response>;
}

const rowOf = (address: RecordAddress): RowAddress => {
  if ('rowId' in address) return address;
  throw alreadyLinked();
};

/** HTTPS from the browser to the API, with the agent's token. */
export const createDirectTransport = ({ apiBaseUrl, tokens, fetch }: DirectTransportOptions): ApiTransport => {
  const client = createRecordClient({ baseUrl: apiBaseUrl, getToken: () => tokens.getToken(), ...(fetch ? { fetch } : {}) });
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await question();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) tokens.forgetToken();
      throw error;
    }
  };
  const { signIn } = tokens;
  return {
    recordStatus: (address, signal) => ask(() => client.recordStatus(address, signal)),
    checkRecord: (address, signal) => ask(() => client.checkRecord(address, signal)),
    syncRecord: (address, signal) => ask(() => client.syncRecord(address, { signal })),
    previewSync: (address, signal) => ask(() => client.syncRecord(address, { isDryRun: true, signal })),
    findCandidates: (address, words, signal) => ask(async () => withUnsearched(await client.findCandidates(rowOf(address), words, signal))),
    linkRecord: (address, candidate, signal) => ask(async () => client.linkRecord(rowOf(address), candidate, signal)),
    ...(signIn ? { signIn: (signal: AbortSignal) => signIn(signal) } : {}),
  };
};
