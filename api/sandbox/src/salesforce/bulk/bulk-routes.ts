import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SalesforceError, errors } from '../errors.ts';
import { type RestContext, versionOf } from '../rest/context.ts';
import { parseQuery } from '../soql/parse.ts';
import { type PreparedQuery, prepareQuery } from '../soql/run-query.ts';
import { csvOf } from './csv.ts';
import { type Job, type Jobs, createdJobJson, jobJson } from './jobs.ts';

const createSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['operation', 'query'],
  properties: {
    operation: { type: 'string', enum: ['query', 'queryAll'] },
    query: { type: 'string' },
    contentType: { type: 'string', enum: ['CSV'] },
    columnDelimiter: { type: 'string', enum: ['COMMA'] },
    lineEnding: { type: 'string', enum: ['LF'] },
  },
} as const;

const abortSchema = { type: 'object', required: ['state'], properties: { state: { type: 'string', enum: ['Aborted'] } } } as const;

/** https://developer.salesforce.com/docs/platform/api-asynch/guide/query-get-parallel-job-results.html */
const resultPagesSince = 58;
/** Parts whose addresses one answer of `resultPages` holds. */
const resultPagesAtOnce = 5;

/** A place in the results. Its letters are meant to be opaque. */
const locatorOf = (start: number): string => Buffer.from(String(start)).toString('base64url');
const startOf = (locator: string | undefined): number => {
  if (locator === undefined) return 0;
  const start = Buffer.from(locator, 'base64url').toString();
  if (!/^\d+$/.test(start)) throw new SalesforceError(400, 'INVALID_LOCATOR', `Invalid locator: ${locator}`);
  return Number(start);
};

/** No compound addresses, no COUNT(), no OFFSET, and of FIELDS() only the standard ones. */
const requireBulkable = (query: PreparedQuery, text: string): void => {
  const compound = query.columns.find(({ field }) => field.partsPrefix !== undefined);
  if (compound) throw errors.invalidField(`Selecting compound data not supported in Bulk Query: ${compound.name}`);
  const { select, offset } = parseQuery(text);
  if (select.kind === 'count' || offset !== undefined)
    throw errors.malformedQuery('Aggregate queries and OFFSET are not supported in Bulk Query');
};

const sameVersion = (request: FastifyRequest, job: Job): void => {
  if (versionOf(request) !== job.version)
    throw new SalesforceError(409, 'VERSION_MISMATCH', `The job was created with API version ${job.version}`);
};

interface ResultQuery {
  readonly maxRecords?: string;
  readonly locator?: string;
}

/** Query jobs of Bulk API 2.0, under `/jobs/query`. */
export const addBulkRoutes = (app: FastifyInstance, { org, settings, faults }: RestContext, jobs: Jobs): void => {
  const sizeOf = (maxRecords: string | undefined): number => {
    const asked = Number(maxRecords ?? settings.current.largestBulkPart);
    if (!Number.isInteger(asked) || asked < 1) throw new SalesforceError(400, 'INVALID_PARAMETER', 'maxRecords must be a positive number');
    return Math.min(asked, settings.current.largestBulkPart);
  };

  app.post<{ Body: { operation: 'query' | 'queryAll'; query: string } }>('/jobs/query', { schema: { body: createSchema } }, (request) => {
    const { operation, query: text } = request.body;
    const query = prepareQuery({ org, text, includesDeleted: operation === 'queryAll' });
    requireBulkable(query, text);
    const { orderBy, limit } = parseQuery(text);
    const isPkChunkingSupported = orderBy.length === 0 && limit === undefined;
    const willFail = faults.has(request, 'failedJob');
    return createdJobJson(jobs.create({ version: versionOf(request), operation, query, isPkChunkingSupported, willFail }));
  });

  app.get('/jobs/query', () => ({ done: true, records: jobs.all.map(jobJson), nextRecordsUrl: null }));
  app.get<{ Params: { id: string } }>('/jobs/query/:id', (request) => jobJson(jobs.watch(request.params.id)));
  app.patch<{ Params: { id: string } }>('/jobs/query/:id', { schema: { body: abortSchema } }, (request) =>
    jobJson(jobs.abort(request.params.id)),
  );
  app.delete<{ Params: { id: string } }>('/jobs/query/:id', (request, reply) => {
    jobs.delete(request.params.id);
    return reply.status(204).send();
  });

  app.get<{ Params: { id: string }; Querystring: ResultQuery }>('/jobs/query/:id/results', (request, reply) => {
    const job = jobs.finished(request.params.id);
    sameVersion(request, job);
    const start = startOf(request.query.locator);
    const size = sizeOf(request.query.maxRecords);
    const part = job.records.slice(start, start + size);
    const end = start + part.length;
    return (
      reply
        // The word null, not an empty header, says that this was the last part.
        .headers({ 'sforce-locator': end < job.records.length ? locatorOf(end) : 'null', 'sforce-numberofrecords': String(part.length) })
        .type('text/csv; charset=UTF-8')
        .send(csvOf(org, job.query.columns, part))
    );
  });

  app.get<{ Params: { id: string }; Querystring: ResultQuery }>('/jobs/query/:id/resultPages', (request) => {
    const job = jobs.finished(request.params.id);
    sameVersion(request, job);
    if (Number(job.version) < resultPagesSince) throw errors.noSuchResource();
    const base = `/services/data/v${job.version}/jobs/query/${job.id}`;
    const size = settings.current.largestBulkPart;
    const from = startOf(request.query.locator);
    const starts = Array.from({ length: resultPagesAtOnce }, (_, at) => from + at * size).filter(
      (start) => start === 0 || start < job.records.length,
    );
    const next = from + resultPagesAtOnce * size;
    const done = next >= job.records.length;
    return {
      resultPages: starts.map((start) => ({ resultUrl: `${base}/results?locator=${locatorOf(start)}` })),
      ...(done ? {} : { nextRecordsUrl: `${base}/resultPages?locator=${locatorOf(next)}` }),
      done,
    };
  });
};
