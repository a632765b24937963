import { AppError } from '../../src/errors/app-error.ts';
import type { BulkJob } from '../../src/crm/bulk/types.ts';
import { isObject } from '../../src/crm/expression/json.ts';
import type { JsonValue } from '../../src/crm/types.ts';

/** `gone`: Salesforce no longer has the job. */
export type Outcome =
  | { readonly kind: 'done'; readonly rows: number | null }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'gone' };

/** A part of the results, as it was sent. */
export interface ResultPart {
  readonly text: string;
  /** What Salesforce says that it holds; null when it does not. */
  readonly rows: number | null;
  /** Where the next part begins; null behind the last one. */
  readonly next: string | null;
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/queries.htm */
export interface QueryJobs {
  /** Where jobs are made, without the host: a job is only known to the version of the API that made it. */
  readonly path: string;
  create(signal: AbortSignal): Promise<string>;
  untilDone(id: string, signal: AbortSignal): Promise<Outcome>;
  /** null: Salesforce no longer has the job, or does not know the place. */
  part(id: string, locator: string | null, signal: AbortSignal): Promise<ResultPart | null>;
  /** Whether it could be told or not: Salesforce forgets jobs by itself after seven days. */
  remove(id: string): Promise<void>;
}

const firstWaitMs = 2_000;
const longestWaitMs = 30_000;
/** Salesforce gives a job up by itself after 15 tries, long before. */
const patienceMs = 12 * 60 * 60_000;
/** Fewer requests than pages of a query, and yet some 10 MB at most: the results are held while they are read. */
const rowsPerPart = 10_000;

const textAt = (body: JsonValue, name: string): string | null => {
  const value = isObject(body) ? body[name] : undefined;
  return typeof value === 'string' ? value : null;
};

/** Only the first word of the reason: what follows quotes the query, or a record. */
const reasonIn = (body: JsonValue): string => /^\w{3,60}/.exec(textAt(body, 'errorMessage') ?? '')?.[0] ?? 'without a reason';

export const createQueryJobs = (job: BulkJob): QueryJobs => {
  const { begin, send, nowMs, sleep, sourceId: source, what } = job;
  const bad = (problem: string): AppError => new AppError('crm.bad_answer', { source, what, problem });
  const url = (id: string, rest = ''): string => `${begin.url}/${encodeURIComponent(id)}${rest}`;

  const look = async (id: string, signal: AbortSignal): Promise<Outcome | null> => {
    const { meaning, body } = await send({ method: 'GET', url: url(id) }, signal);
    if (meaning === 'missing') return { kind: 'gone' };
    const state = textAt(body, 'state');
    switch (state) {
      case 'UploadComplete':
      case 'InProgress':
        return null;
      case 'JobComplete': {
        const rows = isObject(body) ? body.numberRecordsProcessed : null;
        return { kind: 'done', rows: typeof rows === 'number' ? rows : null };
      }
      case 'Failed':
        return { kind: 'failed', problem: `Salesforce ended the job as failed (${reasonIn(body)})` };
      case 'Aborted':
        return { kind: 'failed', problem: 'somebody stopped the job in Salesforce' };
      default:
        throw bad('the job is in a state that we do not know');
    }
  };

  return {
    path: new URL(begin.url).pathname,
    create: async (signal) => {
      const id = textAt((await send(begin, signal)).body, 'id');
      if (id === null) throw bad('the new job has no id');
      return id;
    },
    untilDone: async (id, signal) => {
      const startedMs = nowMs();
      for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        const outcome = await look(id, signal);
        if (outcome !== null) return outcome;
        if (nowMs() - startedMs > patienceMs) return { kind: 'failed', problem: 'the job was not done after twelve hours' };
        await sleep(waitMs, signal);
      }
    },
    part: async (id, locator, signal) => {
      const query = `?maxRecords=${rowsPerPart}${locator === null ? '' : `&locator=${encodeURIComponent(locator)}`}`;
      const request = { method: 'GET', url: url(id, `/results${query}`), headers: { accept: 'text/csv' }, takesText: true } as const;
      const { meaning, body, header } = await send(request, signal);
      if (meaning === 'missing' || meaning === 'restart') return null;
      if (meaning === 'ok' && typeof body !== 'string') throw bad('the results are not CSV');
      const rows = header('sforce-numberofrecords');
      const next = header('sforce-locator') ?? 'null';
      if (next !== 'null' && next === locator)
        throw new AppError('crm.paging_stuck', { source, problem: 'a part of the results leads to itself' });
      return {
        text: typeof body === 'string' ? body : '',
        rows: rows !== undefined && /^\d{1,15}$/.test(rows) ? Number(rows) : null,
        // The word, not an empty header, says that this was the last part.
        next: next === 'null' || next === '' ? null : next,
      };
    },
    remove: async (id) => {
      await send({ method: 'DELETE', url: url(id) }, new AbortController().signal).catch(() => undefined);
    },
  };
};
