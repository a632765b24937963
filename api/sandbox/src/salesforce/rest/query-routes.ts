import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SalesforceError, errors } from '../errors.ts';
import { recordJson } from '../soql/represent.ts';
import { prepareQuery } from '../soql/run-query.ts';
import { type RestContext, versionOf } from './context.ts';
import { type CursorPosition, createCursors } from './cursors.ts';

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm */
const smallestBatch = 200;
const largestBatch = 2_000;
/** Longer addresses never reach the API. */
const addressLimit = 16_384;

const batchSizeOf = (request: FastifyRequest): number => {
  const header = request.headers['sforce-query-options'];
  const asked = /batchSize\s*=\s*(\d+)/i.exec(typeof header === 'string' ? header : '')?.[1];
  return asked === undefined ? largestBatch : Math.min(largestBatch, Math.max(smallestBatch, Number(asked)));
};

/**
 * `/query`, `/queryAll` and what follows their first page.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
 */
export const addQueryRoutes = (app: FastifyInstance, { org, now, settings, faults }: RestContext): void => {
  const cursors = createCursors({ now, lifetimeSeconds: () => settings.current.cursorLifetimeSeconds });

  const page = (request: FastifyRequest, { query, records, locator, start }: CursorPosition, path: string) => {
    const version = versionOf(request);
    const size = Math.min(batchSizeOf(request), settings.current.largestPage);
    const isEmpty = faults.has(request, 'emptyPage');
    const end = isEmpty ? start : start + size;
    const next = faults.has(request, 'repeatedCursor') ? start : end;
    const isDone = !isEmpty && end >= records.length;
    return {
      totalSize: records.length,
      done: isDone,
      ...(isDone ? {} : { nextRecordsUrl: `/services/data/v${version}/${path}/${locator}-${next}` }),
      records: records
        .slice(start, end)
        .map((record) => recordJson({ org, version, objectName: query.object.name, columns: query.columns }, record)),
    };
  };

  for (const [path, includesDeleted] of [
    ['query', false],
    ['queryAll', true],
  ] as const) {
    app.get<{ Querystring: { q?: unknown } }>(`/${path}`, (request) => {
      if (request.url.length > addressLimit) throw new SalesforceError(414, 'URI_TOO_LONG', 'The length of the URI exceeds the limit.');
      const { q } = request.query;
      if (typeof q !== 'string' || q === '') throw errors.malformedQuery("'q' parameter is required");
      const query = prepareQuery({ org, text: q, includesDeleted });
      const records = query.run();
      if (query.isCount) return { totalSize: records.length, done: true, records: [] };
      return page(request, { query, records, locator: cursors.open(query, records), start: 0 }, path);
    });
    app.get<{ Params: { locator: string } }>(`/${path}/:locator`, (request) => page(request, cursors.at(request.params.locator), path));
  }
};
