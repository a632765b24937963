/** Answers one request whatever happens: a refusal becomes its body, a fault of our own becomes Dataverse's "unexpected error". */
import { DataverseError, unexpected } from './errors.ts';
import { dispatch } from './dispatch.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';

export function answer(session: Session, request: ApiRequest): ApiResponse {
  try {
    return dispatch(session, request);
  } catch (error) {
    return refusal(error);
  }
}

export function refusal(error: unknown): ApiResponse {
  // A fault of the sandbox itself: its developer needs the stack, its client gets what Dataverse would say.
  if (!(error instanceof DataverseError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  const known = error instanceof DataverseError ? error : unexpected();
  return {
    status: known.status,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', ...known.headers },
    body: known.toBody(),
  };
}
