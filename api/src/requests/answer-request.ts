import { randomUUID } from 'node:crypto';
import { problemOf } from '../contract/problem.ts';
import type { RecordService } from '../contract/services.ts';
import { longestAnswer, requestColumns, requestTable, type RequestState } from '../dataverse/request-table.ts';
import type { Dataverse, DataverseRow, TableDescription } from '../dataverse/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type Question, readQuestion } from './read-request.ts';
import type { FindCreator } from './request-creators.ts';

export interface RequestLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface AnswerDependencies {
  readonly dataverse: Pick<Dataverse, 'describeTargetTable' | 'readRow' | 'changeRow'>;
  readonly records: RecordService;
  readonly findCreator: FindCreator;
  /** Dataverse's own time: how old a row is, only that tells, whatever our clock says. */
  readonly serverClock: { nowMs(): number };
  readonly log: RequestLog;
  readonly newReference?: () => string;
}

/** Whoever asked has given up by then, and must not be surprised by a sync that nobody waits for. */
export const askedForMs = 2 * 60_000;
/** A process that took a request and died: after so long another one may take it. Longer than an answer may take. */
export const takenForMs = 90_000;
const answerWithinMs = 60_000;

const read = [...Object.values(requestColumns), 'createdon', 'modifiedon', '_createdby_value', '_ownerid_value'];

const sinceMs = (value: unknown, nowMs: number): number => nowMs - Date.parse(String(value));

const ask = async (records: RecordService, question: Question, asUser: string, signal: AbortSignal): Promise<unknown> => {
  const asking = { asUser, signal };
  switch (question.kind) {
    case 'status':
      return records.status(question.address, asking);
    case 'check':
      return records.check(question.address, asking);
    case 'sync':
      return records.sync(question.address, { ...asking, isDryRun: question.payload.isDryRun ?? false });
    case 'candidates':
      return records.candidates(question.address, { ...asking, ...question.payload });
    case 'link':
      return records.link(question.address, { ...asking, ...question.payload });
  }
};

/** May still be worked on: nobody has, or whoever has is gone. */
export const isOpen = (request: DataverseRow, nowMs: number): boolean => {
  const state = request[requestColumns.state];
  if (sinceMs(request.createdon, nowMs) > askedForMs) return false;
  return state === 'asked' || (state === 'taken' && sinceMs(request.modifiedon, nowMs) > takenForMs);
};

/**
 * Answers one row of the table of requests: takes it (of several processes one can), acts as the person who made the row, and writes what
 * it came to on the row, which only that person can read. Resolves also where there was nothing to do.
 */
export const answerRequest = async (requestId: string, dependencies: AnswerDependencies, signal: AbortSignal): Promise<void> => {
  const { dataverse, records, findCreator, serverClock, log, newReference = randomUUID } = dependencies;
  const table: TableDescription = await dataverse.describeTargetTable(requestTable.logicalName, signal);
  const request = await dataverse.readRow(table, { rowId: requestId }, { select: read, signal });
  const etag = request?.['@odata.etag'];
  if (request === null || typeof etag !== 'string' || !isOpen(request, serverClock.nowMs())) return;

  const write = async (columns: Readonly<Record<string, string>>, ifMatch: string): Promise<boolean> => {
    const columnsJson = JSON.stringify(columns).slice(1, -1);
    return (await dataverse.changeRow(table, { rowId: requestId, columnsJson, ifMatch, signal })).status === 'written';
  };
  const stateIs = (state: RequestState) => ({ [requestColumns.state]: state });
  if (!(await write(stateIs('taken'), etag))) return;

  const reference = newReference();
  const answer = async (): Promise<Readonly<Record<string, string>>> => {
    // Who is given the row could read the answer, so only the one who asked may have it.
    const asUser = request._ownerid_value === request._createdby_value ? await findCreator(request, signal) : null;
    if (asUser === null) throw new AppError('record.not_found');
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const body = JSON.stringify(await ask(records, readQuestion(request), asUser, within));
    if (body.length > longestAnswer) throw new AppError('request.answer_too_large');
    return { ...stateIs('answered'), [requestColumns.answer]: body };
  };
  const columns = await answer().catch((thrown: unknown) => {
    signal.throwIfAborted();
    const error = isAppError(thrown) ? thrown : new AppError('internal', {}, thrown);
    if (error.status >= 500) log.error({ err: thrown, reference }, error.message);
    return {
      ...stateIs('failed'),
      [requestColumns.errorCode]: error.code,
      [requestColumns.answer]: JSON.stringify(problemOf(error, reference)),
    };
  });
  await write(columns, '*');
  log.info({ reference, request: requestId, code: columns[requestColumns.errorCode] ?? 'ok' }, 'request row answered');
};
