import { userId } from '../data/identity.ts';
import { idAt, idOf } from '../data/ids.ts';
import type { SObject } from '../data/sobject.ts';
import { SalesforceError, errors } from '../errors.ts';
import type { PreparedQuery } from '../soql/run-query.ts';
import { jsonTime } from '../soql/represent.ts';

export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface Job {
  readonly id: string;
  readonly version: string;
  readonly operation: 'query' | 'queryAll';
  readonly query: PreparedQuery;
  readonly isPkChunkingSupported: boolean;
  readonly willFail: boolean;
  readonly createdAt: string;
  state: JobState;
  changedAt: string;
  timesAsked: number;
  records: readonly SObject[];
}

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/query-delete-job.html */
const invalidState = (message: string): SalesforceError => new SalesforceError(400, 'API_ERROR', message);

interface JobsOptions {
  readonly now: () => Date;
  readonly pollsUntilDone: () => number;
}

/** Bulk API 2.0 query jobs. https://developer.salesforce.com/docs/platform/api-asynch/guide/query-bulk-api-2-0.html */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs = new Map<string, Job>();
  #created = 0;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  get created(): number {
    return this.#created;
  }

  get all(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  create(given: Pick<Job, 'version' | 'operation' | 'query' | 'isPkChunkingSupported' | 'willFail'>): Job {
    this.#created += 1;
    const at = this.#options.now().toISOString();
    const job: Job = {
      ...given,
      id: idAt('750', this.#created),
      createdAt: at,
      changedAt: at,
      state: 'UploadComplete',
      timesAsked: 0,
      records: [],
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  /** Throws NOT_FOUND. */
  get(id: string): Job {
    const job = this.#jobs.get(idOf(id) ?? '');
    if (!job) throw errors.noSuchResource();
    return job;
  }

  /** A look at the job, which also moves it on: here a job works while it is watched. */
  watch(id: string): Job {
    const job = this.get(id);
    if (job.state !== 'UploadComplete' && job.state !== 'InProgress') return job;
    job.timesAsked += 1;
    if (job.timesAsked > this.#options.pollsUntilDone()) this.#finish(job);
    else if (job.timesAsked > 1 || this.#options.pollsUntilDone() === 1) this.#move(job, 'InProgress');
    return job;
  }

  abort(id: string): Job {
    const job = this.get(id);
    if (job.state === 'JobComplete' || job.state === 'Failed')
      throw invalidState('Error encountered when aborting the job because the job is terminated');
    this.#move(job, 'Aborted');
    return job;
  }

  delete(id: string): void {
    const job = this.get(id);
    if (job.state === 'UploadComplete' || job.state === 'InProgress')
      throw invalidState('Error encountered when deleting the job because the job is not terminated');
    this.#jobs.delete(job.id);
  }

  /** The job, once it has results. */
  finished(id: string): Job {
    const job = this.get(id);
    if (job.state !== 'JobComplete') throw invalidState(`Error encountered when getting results because the job is in state ${job.state}`);
    return job;
  }

  #finish(job: Job): void {
    if (!job.willFail) job.records = job.query.run();
    this.#move(job, job.willFail ? 'Failed' : 'JobComplete');
  }

  #move(job: Job, state: JobState): void {
    job.state = state;
    job.changedAt = this.#options.now().toISOString();
  }
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_create_job.htm */
export const createdJobJson = (job: Job) => ({
  id: job.id,
  operation: job.operation,
  object: job.query.object.name,
  createdById: userId,
  createdDate: jsonTime(job.createdAt),
  systemModstamp: jsonTime(job.changedAt),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: Number(job.version),
  lineEnding: 'LF',
  columnDelimiter: 'COMMA',
});

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/query_get_one_job.htm */
export const jobJson = (job: Job) => ({
  ...createdJobJson(job),
  jobType: 'V2Query',
  retries: job.state === 'Failed' ? 15 : 0,
  numberRecordsProcessed: job.records.length,
  isPkChunkingSupported: job.isPkChunkingSupported,
  totalProcessingTime: Date.parse(job.changedAt) - Date.parse(job.createdAt),
  ...(job.state === 'Failed' ? { errorMessage: 'InternalServerError : Retried more than fifteen times' } : {}),
});
