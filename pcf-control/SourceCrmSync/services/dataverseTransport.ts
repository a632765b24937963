import { ApiProblem, type RecordAddress } from '@crm-sync/client';
import type { Candidates as CandidatesAnswer } from '@crm-sync/client';
import type { ApiTransport, RecordStatus, SyncResult } from './ApiTransport';
import { alreadyLinked, withUnsearched } from './candidates';

/** The host's own way to Dataverse: as the agent, with the agent's rights, and with no token that we would see. */
export type HostWebApi = Pick<ComponentFramework.WebApi, 'createRecord' | 'retrieveRecord' | 'deleteRecord'>;

export interface DataverseTransportOptions {
  readonly webApi: HostWebApi;
  /** How long an answer is waited for; 90 s when left out. */
  readonly patienceMs?: number;
  /** Between looks: the first, and the longest; each is half as long again as the one before. */
  readonly firstLookMs?: number;
  readonly lastLookMs?: number;
}

const table = 'ccsync_syncrequest';

/** prvCreate… is missing, or the row is another's: Dataverse's code as the host gives it, signed or not. */
const forbiddenCodes: readonly unknown[] = [0x80040220, 0x80040220 | 0, '0x80040220'];

const problem = (code: string, title: string, help: string, status: number): ApiProblem =>
  new ApiProblem({ code, title, help, reference: '', status, isRetryable: status === 0 });

const valueIn = (holder: unknown, name: string): unknown =>
  typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;

/** The host's errors quote rows and queries: only what kind they are is told. */
const refusalOf = (error: unknown): ApiProblem =>
  forbiddenCodes.includes(valueIn(error, 'errorCode'))
    ? problem(
        'identity.forbidden',
        'You may not ask CRM Sync',
        'Ask an administrator for the security role “CRM Sync Agent” in Dataverse.',
        403,
      )
    : problem(
        'client.unreachable',
        'Dataverse did not take the request',
        'Check your network connection, then try again. If it stays so, the CRM Sync solution may not be installed in this environment.',
        0,
      );

const noAnswer = (): ApiProblem =>
  problem(
    'client.no_answer',
    'CRM Sync has not answered',
    'Try again in a minute. If it stays so, tell your administrator that the service may be down.',
    0,
  );

const badAnswer = (): ApiProblem =>
  problem(
    'client.bad_answer',
    'CRM Sync gave an answer that cannot be read',
    'Tell your administrator: the control and the service may be of different versions.',
    500,
  );

const abortError = (): Error => new DOMException('The request was given up', 'AbortError');

const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError());
      return;
    }
    const done = () => {
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    const stop = () => {
      clearTimeout(timer);
      reject(abortError());
    };
    signal.addEventListener('abort', stop, { once: true });
  });

const parse = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

const problemIn = (answer: unknown): ApiProblem => {
  const text = (name: string): string => {
    const value = valueIn(answer, name);
    return typeof value === 'string' ? value : '';
  };
  const status = valueIn(answer, 'status');
  if (text('code') === '' || typeof status !== 'number') return badAnswer();
  return new ApiProblem({
    code: text('code'),
    title: text('title'),
    help: text('help'),
    reference: text('reference'),
    status,
    isRetryable: valueIn(answer, 'isRetryable') === true,
  });
};

type Question =
  | { readonly kind: 'status' | 'check' }
  | { readonly kind: 'sync'; readonly payload: { readonly isDryRun: boolean } }
  | { readonly kind: 'candidates'; readonly payload: { readonly words?: string } }
  | { readonly kind: 'link'; readonly payload: { readonly sourceId: string; readonly recordId: string } };

/**
 * Through Dataverse: a question is a row of `ccsync_syncrequest`, which the host's WebAPI makes as the agent; Dataverse brings it to the API,
 * and the answer is written on it. No token, no CORS, no change of the content security policy. A row is deleted as soon as it is read, or
 * given up; what is left behind the API clears away.
 */
export const createDataverseTransport = (options: DataverseTransportOptions): ApiTransport => {
  const { webApi, patienceMs = 90_000, firstLookMs = 300, lastLookMs = 2_000 } = options;

  const clear = (id: string): void => {
    // Nobody waits for it, and the API clears away what stays.
    void Promise.resolve(webApi.deleteRecord(table, id)).catch(() => undefined);
  };

  const watch = async (id: string, signal: AbortSignal): Promise<unknown> => {
    const giveUpMs = Date.now() + patienceMs;
    for (let waitMs = firstLookMs; Date.now() < giveUpMs; waitMs = Math.min(waitMs * 1.5, lastLookMs)) {
      await pause(waitMs, signal);
      const row: unknown = await Promise.resolve(
        webApi.retrieveRecord(table, id, '?$select=ccsync_state,ccsync_answer,ccsync_errorcode'),
      ).catch((error: unknown) => {
        throw refusalOf(error);
      });
      const state = valueIn(row, 'ccsync_state');
      if (state !== 'answered' && state !== 'failed') continue;
      const answer = parse(valueIn(row, 'ccsync_answer'));
      if (state === 'failed') throw problemIn(answer);
      if (answer === undefined) throw badAnswer();
      return answer;
    }
    throw noAnswer();
  };

  const ask = async (address: RecordAddress, question: Question, signal: AbortSignal): Promise<unknown> => {
    if (signal.aborted) throw abortError();
    const row = {
      ccsync_name: question.kind,
      ccsync_kind: question.kind,
      ccsync_table: address.table,
      ...('rowId' in address ? { ccsync_rowid: address.rowId } : { ccsync_sourcekey: address.sourceKey }),
      ...('payload' in question ? { ccsync_payload: JSON.stringify(question.payload) } : {}),
      ccsync_state: 'asked',
    };
    const { id } = await Promise.resolve(webApi.createRecord(table, row)).catch((error: unknown) => {
      throw refusalOf(error);
    });
    try {
      return await watch(id, signal);
    } finally {
      clear(id);
    }
  };

  const rowOf = (address: RecordAddress): RecordAddress => {
    if ('rowId' in address) return address;
    throw alreadyLinked();
  };

  // What the API writes has the shapes of its own contract; both sides are of one release.
  return {
    recordStatus: async (address, signal) => (await ask(address, { kind: 'status' }, signal)) as RecordStatus,
    checkRecord: async (address, signal) => (await ask(address, { kind: 'check' }, signal)) as RecordStatus,
    syncRecord: async (address, signal) => (await ask(address, { kind: 'sync', payload: { isDryRun: false } }, signal)) as SyncResult,
    previewSync: async (address, signal) => (await ask(address, { kind: 'sync', payload: { isDryRun: true } }, signal)) as SyncResult,
    findCandidates: async (address, words, signal) => {
      const question: Question = { kind: 'candidates', payload: words === undefined ? {} : { words } };
      return withUnsearched((await ask(rowOf(address), question, signal)) as CandidatesAnswer);
    },
    linkRecord: async (address, { sourceId, recordId }, signal) =>
      (await ask(rowOf(address), { kind: 'link', payload: { sourceId, recordId } }, signal)) as SyncResult,
  };
};
