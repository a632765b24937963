import { Worker } from 'node:worker_threads';
import { AppError } from '../../errors/app-error.ts';
import type { StatementError, StatementResult, WorkerRequest, WorkerResponse, WorkerSettings } from './embedded-protocol.ts';

class StatementFailed extends Error {
  readonly code: string | undefined;
  readonly detail: string | undefined;
  readonly constraint: string | undefined;

  constructor({ message, code, detail, constraint }: StatementError) {
    super(message);
    this.name = 'StatementFailed';
    this.code = code;
    this.detail = detail;
    this.constraint = constraint;
  }
}

interface Caller {
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

type WithoutId<Request> = Request extends WorkerRequest ? Omit<Request, 'id'> : never;
export type Ask = (request: WithoutId<WorkerRequest>) => Promise<StatementResult>;

export interface DatabaseThread {
  readonly version: string;
  readonly ask: Ask;
  readonly ended: Promise<void>;
}

export interface ThreadOptions extends WorkerSettings {
  /** The embedded database does not heed statement_timeout: who waits longer than this ends the thread for all. */
  readonly answerTimeoutMs: number;
  readonly toError: (error: unknown) => Error;
}

/** Resolves when the database answers. From then on, whatever ends the thread rejects every caller, waiting or to come. */
export const startThread = ({ answerTimeoutMs, toError, ...settings }: ThreadOptions): Promise<DatabaseThread> => {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: settings satisfies WorkerSettings,
    name: 'embedded-postgres',
  });
  const waiting = new Map<number, Caller>();
  let lastId = 0;
  let broken: Error | undefined;

  return new Promise((resolve, reject) => {
    const breakDown = (error: unknown): void => {
      broken ??= toError(error);
      reject(broken);
      for (const { timer, reject: rejectCaller } of waiting.values()) {
        clearTimeout(timer);
        rejectCaller(broken);
      }
      waiting.clear();
    };
    const giveUp = (): void => {
      breakDown(new AppError('store.unavailable', { problem: `the embedded database gave no answer for ${answerTimeoutMs / 1000} s` }));
      void worker.terminate();
    };
    const ask: Ask = (request) =>
      new Promise((resolveAsk, rejectAsk) => {
        if (broken !== undefined) return rejectAsk(broken);
        lastId += 1;
        waiting.set(lastId, { resolve: resolveAsk, reject: rejectAsk, timer: setTimeout(giveUp, answerTimeoutMs) });
        worker.postMessage({ ...request, id: lastId } satisfies WorkerRequest);
      });
    const ended = new Promise<void>((resolveEnd) => {
      worker.once('exit', () => {
        breakDown(new AppError('store.unavailable', { problem: 'the embedded database has stopped' }));
        resolveEnd();
      });
    });

    worker.on('error', (error) => breakDown(new AppError('store.unavailable', { problem: 'the embedded database has crashed' }, error)));
    worker.on('message', (response: WorkerResponse) => {
      if (response.kind === 'ready') return resolve({ version: response.version, ask, ended });
      if (response.kind === 'broken') {
        const cause = new StatementFailed(response.error);
        const known = toError(cause);
        return breakDown(
          known === cause ? new AppError('store.unavailable', { problem: `the embedded database broke: ${cause.message}` }, cause) : known,
        );
      }
      const caller = waiting.get(response.id);
      if (caller === undefined) return;
      waiting.delete(response.id);
      clearTimeout(caller.timer);
      if (response.kind === 'result') caller.resolve(response.result);
      else caller.reject(toError(new StatementFailed(response.error)));
    });
  });
};
