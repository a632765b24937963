import { createApiClient } from '@crm-sync/client';
import { AppError } from '../errors/app-error.ts';
import { trustedAddress } from '../identity/trusted-address.ts';
import type { CommandServices, Connection } from './connection.ts';
import { type RemoteOptions, toRemoteProblem } from './remote-problem.ts';

/** The address says which token it wants; one that wants a token for something else (mail, files) is not our API. */
const requireOwnScope = (scope: string): string => {
  if (/^(?:api:\/\/|[0-9a-f-]{36}\/)/i.test(scope)) return scope;
  throw new AppError('identity.unauthorised', { problem: 'this address asks for a token that is meant for another service' });
};

const signInLocally = async (authority: string): Promise<string> => {
  const response = await fetch(`${trustedAddress(authority, 'the API’s sign-in').href.replace(/\/$/, '')}/sandbox/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin' }),
  }).catch((error: unknown) => {
    throw new AppError('identity.unauthorised', { problem: `the local sign-in at ${authority} does not answer` }, error);
  });
  const body = (await response.json()) as { readonly access_token?: string };
  if (!response.ok || body.access_token === undefined) {
    throw new AppError('identity.unauthorised', { problem: `the local sign-in answered HTTP ${response.status}` });
  }
  return body.access_token;
};

/** A running API, reached over HTTP like any client's. Sign-in: CRM_SYNC_TOKEN, else the sandbox's issuer, else Azure's own tools (az login, …). */
export const connectToApi = async (options: RemoteOptions): Promise<Connection> => {
  const { apiUrl, token } = options;
  // Tokens go to it.
  trustedAddress(apiUrl, '--api');
  const anonymous = createApiClient({ baseUrl: apiUrl, getToken: async () => undefined });
  const getToken = async (): Promise<string | undefined> => {
    if (token !== undefined) return token;
    const { signIn } = await anonymous.clientConfiguration();
    if (signIn.kind === 'local') return signInLocally(signIn.authority);
    const { DefaultAzureCredential } = await import('@azure/identity');
    return (await new DefaultAzureCredential().getToken(requireOwnScope(signIn.scope))).token;
  };
  // One sign-in serves the whole command.
  let signedIn: Promise<string | undefined> | undefined;
  const client = createApiClient({ baseUrl: apiUrl, getToken: () => (signedIn ??= getToken()) });

  const told = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      throw toRemoteProblem(error, options);
    });
  const services: CommandServices = {
    runs: {
      start: (request) => told(client.startRun(request)),
      get: (runId) => told(client.run(runId)),
      cancel: (runId) => told(client.cancelRun(runId)),
      list: (options) => told(client.runs(options)),
      pause: (runId) => told(client.pauseRun(runId)),
      resume: (runId) => told(client.resumeRun(runId)),
      statement: (runId) => told(client.runStatement(runId)),
      follow: (runId, onRun) => told(client.watchRun(runId, { signal: new AbortController().signal, onRun })),
    },
    setup: {
      inspect: (signal) => told(client.setup(signal)),
      apply: (signal) => told(client.applySetup(signal)),
    },
    adoption: {
      // The API says nothing before all is done.
      adopt: (sourceId, request, { signal }) => told(client.adopt(sourceId, request, signal)),
    },
    failures: {
      list: (sourceId, query) => told(client.failures(sourceId, query)),
      decide: (sourceId, request) => told(client.decideFailures(sourceId, request)),
    },
    webhookDeliveries: {
      list: (sourceId, query) => told(client.deliveries(sourceId, query)),
      get: (sourceId, id) => told(client.delivery(sourceId, id)),
      replay: (sourceId, request) => told(client.replayDeliveries(sourceId, request)),
    },
    removals: {
      list: (sourceId, page) => told(client.removals(sourceId, page)),
      approve: (sourceId, request) => told(client.approveRemovals(sourceId, request)),
      dismiss: (sourceId, table) => told(client.dismissRemovals(sourceId, table)),
    },
    records: {
      sync: (address, { isDryRun, signal }) => told(client.syncRecord(address, { isDryRun, signal })),
    },
    sources: {
      list: () => told(client.sources()),
      check: (sourceId, signal) => told(client.checkSource(sourceId, signal)),
    },
    hookSetup: {
      guide: (sourceId, of) => told(client.hookGuide(sourceId, of)),
      list: (sourceId, of, signal) => told(client.hook(sourceId, of, signal)),
      install: (sourceId, request, signal) => told(client.installHook(sourceId, request, signal)),
      remove: (sourceId, request, signal) => told(client.removeHook(sourceId, request, signal)),
      test: (sourceId, request, signal) => told(client.testHook(sourceId, request, signal)),
    },
    dataverseUse: () => told(client.dataverseUse()),
    signIns: {
      begin: (sourceId) => told(client.beginSignIn(sourceId)),
      finish: (answer) => told(client.finishSignIn(answer)),
    },
  };
  return { services, close: async () => undefined };
};
