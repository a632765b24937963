import { ApiProblem } from '@crm-sync/client';

export interface RemoteOptions {
  readonly apiUrl: string;
  /** From CRM_SYNC_TOKEN; without it the command signs in as the API says. */
  readonly token: string | undefined;
}

/** What the API's client says, in the words of a reader who chose the address and the token. */
export const toRemoteProblem = (error: unknown, { apiUrl, token }: RemoteOptions): unknown => {
  if (!(error instanceof ApiProblem)) return error;
  const { code, reference, status, isRetryable } = error;
  const say = (title: string, help: string): ApiProblem => new ApiProblem({ code, reference, status, isRetryable, title, help }, error);
  if (code === 'client.unreachable') {
    return say(`The API cannot be reached at ${apiUrl}`, 'See whether it runs, and whether the address given with --api is right.');
  }
  if (code === 'client.bad_answer') {
    return say(`What answers at ${apiUrl} is not the API: ${error.title}`, 'Correct the address given with --api.');
  }
  if (code === 'identity.unauthorised' && token !== undefined) {
    return say(
      `The API does not accept the token in CRM_SYNC_TOKEN: ${error.title}`,
      'It may have expired or be meant for another service. Put a new one there, or unset it to be signed in.',
    );
  }
  return error;
};
