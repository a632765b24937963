import { createHash, timingSafeEqual } from 'node:crypto';
import type { SyncRequestService } from '../contract/services.ts';
import { requestColumns, requestTable } from '../dataverse/request-table.ts';
import type { Dataverse } from '../dataverse/types.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type AnswerDependencies, answerRequest, askedForMs, isOpen } from './answer-request.ts';

export interface RequestDoorDependencies extends Omit<AnswerDependencies, 'dataverse'> {
  readonly dataverse: AnswerDependencies['dataverse'] & Pick<Dataverse, 'readRowsByColumn' | 'readRowPages' | 'deleteById'>;
  /** Ours, for what is ours: when was looked last. */
  readonly clock: { nowMs(): number };
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What Dataverse's webhook has to send; null: nobody may knock, and rows are only looked for. */
  readonly webhookKey: string | null;
  /** How often rows are looked for while nobody asks. */
  readonly pollEveryMs: number;
}

export interface RequestDoor extends SyncRequestService {
  /** Looks for rows from now on, and clears old ones away. */
  start(): void;
  /** What is being answered is given up; another process, or the next start, takes it. */
  stop(): Promise<void>;
}

/** Clicks come in groups: after one, the next is looked for sooner. */
const busyForMs = 2 * 60_000;
const busyPollMs = 1000;
/** Interactive work beside that of the other doors. */
const mostAtOnce = 8;
/** More are left to the next look. */
const mostWaiting = 500;
const clearEveryMs = 5 * 60_000;
const keptForMs = 10 * 60_000;
const rowsPerClearing = 500;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Rows that the control has made in Dataverse: brought by Dataverse's webhook, or found by looking. */
export const createRequestDoor = (dependencies: RequestDoorDependencies): RequestDoor => {
  const { dataverse, clock, serverClock, sleep, log, webhookKey, pollEveryMs } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  const waiting = new Set<string>();
  const underWay = new Map<string, Promise<void>>();
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let lastClearedMs = Number.NEGATIVE_INFINITY;
  let polling: Promise<void> = Promise.resolve();

  const tell = (error: unknown, what: string): void => {
    if (signal.aborted) return;
    log.error(isAppError(error) ? { code: error.code } : { err: error }, what);
  };

  const startNext = (): void => {
    for (const id of waiting) {
      if (underWay.size >= mostAtOnce || signal.aborted) return;
      waiting.delete(id);
      const work = answerRequest(id, dependencies, signal)
        .catch((error: unknown) => tell(error, 'a request row could not be answered'))
        .finally(() => {
          underWay.delete(id);
          startNext();
        });
      underWay.set(id, work);
    }
  };

  const take = (id: string): void => {
    lastAskedMs = clock.nowMs();
    if (waiting.size < mostWaiting && !underWay.has(id)) waiting.add(id);
    startNext();
  };

  const look = async (): Promise<void> => {
    const table = await dataverse.describeTargetTable(requestTable.logicalName, signal);
    const select = [table.primaryIdColumn, requestColumns.state, 'createdon', 'modifiedon'];
    const rows = await dataverse.readRowsByColumn(table, requestColumns.state, ['asked', 'taken'], { select, signal });
    for (const row of rows) if (isOpen(row, serverClock.nowMs())) take(String(row[table.primaryIdColumn]));
  };

  /** The control deletes what it has read; what is left is of those who went away. */
  const clear = async (): Promise<void> => {
    const table = await dataverse.describeTargetTable(requestTable.logicalName, signal);
    const before = new Date(serverClock.nowMs() - Math.max(keptForMs, askedForMs)).toISOString();
    const query = {
      select: [table.primaryIdColumn],
      filter: `createdon lt ${before}`,
      orderBy: [table.primaryIdColumn],
      rowsPerPage: rowsPerClearing,
      signal,
    };
    for await (const page of dataverse.readRowPages(table, query)) {
      const ids = page.map((row) => String(row[table.primaryIdColumn]));
      if (ids.length > 0) await dataverse.deleteById(table, ids, { signal, lane: 'bulk' });
    }
  };

  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await look();
        if (clock.nowMs() - lastClearedMs > clearEveryMs) {
          lastClearedMs = clock.nowMs();
          await clear();
        }
      } catch (error) {
        tell(error, 'request rows could not be looked for');
      }
      const isBusy = clock.nowMs() - lastAskedMs < busyForMs;
      await sleep(isBusy ? Math.min(busyPollMs, pollEveryMs) : pollEveryMs, signal).catch(() => undefined);
    }
  };

  return {
    requireKey(key) {
      const isKnown = webhookKey !== null && typeof key === 'string' && timingSafeEqual(digest(key), digest(webhookKey));
      if (!isKnown) throw new AppError('webhook.unauthorised');
    },
    receive: take,
    start() {
      polling = poll();
    },
    async stop() {
      stopping.abort(new DOMException('The program ends', 'AbortError'));
      await Promise.allSettled([polling, ...underWay.values()]);
    },
  };
};
