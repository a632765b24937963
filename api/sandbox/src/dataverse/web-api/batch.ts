/**
 * $batch (execute-batch-operations-using-web-api.md): parts one after the other, answers in their order; change sets all or nothing;
 * without `odata.continue-on-error` the first error ends the batch and is its status.
 */
import { randomUUID } from 'node:crypto';
import { answer, refusal } from './answer.ts';
import { parsePartRequest, serializePart } from './batch-parts.ts';
import { badPayload, badQuery, DataverseError, noHttpResource } from './errors.ts';
import type { ApiRequest, ApiResponse, Session } from './messages.ts';
import { boundaryOf, type MimePart, parseMultipart, serializeMultipart } from './multipart.ts';
import { parsePreferences } from './preferences.ts';

const largestBatch = 1000;

export interface BatchHooks {
  /** The session for a part: its own CallerObjectId counts. */
  sessionFor(headers: ApiRequest['headers'], contentIds: Session['contentIds']): Session;
  countPart(request: ApiRequest): void;
}

/** What came of one part, and of a change set. */
interface Outcome {
  readonly text: string;
  readonly status: number;
}

export function runBatch(request: ApiRequest, session: Session, hooks: BatchHooks): ApiResponse {
  const parts = readBatch(request);
  const { continuesOnError } = parsePreferences(request.headers);
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    const isReadable = !part.isUnreadable;
    const outcome =
      part.changeSet === null ? runSingle(part.mime, { hooks, isReadable }) : runChangeSet(part.changeSet, { session, hooks, isReadable });
    outcomes.push(outcome);
    if (outcome.status >= 400 && !continuesOnError) break;
  }
  const boundary = `batchresponse_${randomUUID()}`;
  const failed = continuesOnError ? undefined : outcomes.find((outcome) => outcome.status >= 400);
  return {
    status: failed?.status ?? 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}` },
    body: serializeMultipart(
      outcomes.map((outcome) => outcome.text),
      boundary,
    ),
  };
}

interface BatchPart {
  readonly mime: MimePart;
  readonly changeSet: readonly MimePart[] | null;
  /** The stream ended before this part's body was told to (see `endsWell`). */
  readonly isUnreadable: boolean;
}

function readBatch(request: ApiRequest): readonly BatchPart[] {
  if (request.method !== 'POST') throw noHttpResource(request.path);
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  if (boundary === null) throw badQuery("The Content-Type of a batch must be 'multipart/mixed' with a boundary.");
  const mimeParts = parseMultipart(request.body, boundary);
  if (mimeParts === null) throw badQuery('The batch does not end with its boundary.');
  const parts = mimeParts.map((mime, index) => {
    const inner = boundaryOf(mime.headers['content-type'] ?? '');
    const changeSet = inner === null ? null : parseMultipart(mime.body, inner);
    if (inner !== null && changeSet === null) throw badQuery('A change set of the batch does not end with its boundary.');
    return { mime, changeSet, isUnreadable: index === mimeParts.length - 1 && !endsWell(request.body) };
  });
  const count = parts.reduce((sum, part) => sum + (part.changeSet?.length ?? 1), 0);
  if (count > largestBatch) throw badQuery(`The batch holds ${count} requests, which exceeds the maximum of ${largestBatch}.`);
  return parts;
}

/** A batch must end in CRLF, or else in two line feeds: otherwise the last body cannot be read (web-api-client-errors.md). */
const endsWell = (body: string) => body.endsWith('\r\n') || body.endsWith('\n\n');

function runSingle(mime: MimePart, { hooks, isReadable }: { readonly hooks: BatchHooks; readonly isReadable: boolean }): Outcome {
  const requestId = randomUUID();
  let response: ApiResponse;
  try {
    response = runPart(parsePartRequest(mime), { hooks, contentIds: null, isReadable });
  } catch (error) {
    response = refusal(error);
  }
  return { text: serializePart({ response, contentId: mime.headers['content-id'] ?? null, requestId }), status: response.status };
}

interface PartContext {
  readonly hooks: BatchHooks;
  readonly contentIds: Session['contentIds'];
  readonly isReadable: boolean;
}

function runPart(request: ApiRequest, { hooks, contentIds, isReadable }: PartContext): ApiResponse {
  hooks.countPart(request);
  if (/^(\$|%24)batch\b/i.test(request.path)) throw badQuery('A batch cannot contain another batch.');
  if (!isReadable && request.body.trim() !== '') {
    throw badPayload(request.path.replace(/[(/].*$/s, ''), 'System.ArgumentException: Stream was not readable.');
  }
  return answer(hooks.sessionFor(request.headers, contentIds), request);
}

/** Thrown inside of the transaction, so that it is rolled back. */
class PartFailed extends Error {
  readonly response: ApiResponse;

  constructor(response: ApiResponse) {
    super('A part of the change set failed');
    this.name = 'PartFailed';
    this.response = response;
  }
}

interface ChangeSetContext {
  readonly session: Session;
  readonly hooks: BatchHooks;
  readonly isReadable: boolean;
}

/** Succeeds with an answer per part, or fails whole with the one answer of the part that failed. */
function runChangeSet(parts: readonly MimePart[], { session, hooks, isReadable }: ChangeSetContext): Outcome {
  const upsertedBefore = session.statistics.rowsUpserted;
  try {
    const texts = session.environment.database.transaction(() => runParts(parts, { hooks, contentIds: new Map(), isReadable }));
    const boundary = `changesetresponse_${randomUUID()}`;
    return { text: `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${serializeMultipart(texts, boundary)}`, status: 200 };
  } catch (error) {
    session.statistics.rowsUpserted = upsertedBefore;
    const response = error instanceof PartFailed ? error.response : refusal(error);
    return { text: serializePart({ response, contentId: null, requestId: randomUUID() }), status: response.status };
  }
}

function runParts(parts: readonly MimePart[], context: PartContext & { readonly contentIds: Map<string, string> }): readonly string[] {
  return parts.map((mime) => {
    const request = parsePartRequest(mime);
    const contentId = mime.headers['content-id'] ?? request.headers['content-id'] ?? null;
    if (contentId === null) {
      throw badQuery("The header with name 'Content-ID' was not present in the header collection of the batch operation.");
    }
    if (request.method === 'GET') throw badQuery("An invalid HTTP method 'GET' was detected for a request in a change set.");
    const response = runPart({ ...request, path: expandContentId(request.path, context.contentIds) }, context);
    if (response.status >= 400) throw new PartFailed(response);
    if (response.rowAddress !== undefined) context.contentIds.set(contentId, response.rowAddress);
    return serializePart({ response, contentId, requestId: randomUUID() });
  });
}

/** `$1/lastname` is the last name of the row that part 1 made. */
function expandContentId(path: string, contentIds: ReadonlyMap<string, string>): string {
  const match = /^(?:\$|%24)(\w+)(\/.*)?$/.exec(path);
  if (match === null) return path;
  const [, id = '', rest = ''] = match;
  const address = contentIds.get(id);
  if (address === undefined)
    throw new DataverseError(400, '0x80060888', `Content-ID Reference: '$${id}' does not exist in the batch context.`);
  return `${address}${rest}`;
}
