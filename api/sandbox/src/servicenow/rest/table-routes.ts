import type { FastifyInstance, FastifyRequest } from 'fastify';
import { userName } from '../data/identity.ts';
import { type Row, valueOf } from '../data/row.ts';
import type { TableDefinition } from '../data/tables.ts';
import { errors } from '../errors.ts';
import { cancelledError } from '../faults.ts';
import { runQuery } from '../query/run-query.ts';
import { type RestContext, isHidden, isVersion1, readableTable } from './context.ts';
import { type TableParameters, linkHeader, readParameters } from './parameters.ts';
import { createRowWriter } from './represent.ts';
import { readValues } from './write-values.ts';

interface TableParams {
  readonly table: string;
}
type RowParams = TableParams & { readonly sysId: string };

/** `/table/{name}`: a page, one row, and its changes. https://www.servicenow.com/docs/r/australia/api-reference/rest-apis/c_TableAPI.html */
export const addTableRoutes = (app: FastifyInstance, context: RestContext): void => {
  const { instance, settings, faults } = context;

  const urlOf = (request: FastifyRequest): URL => new URL(request.url, context.url());
  const writerOf = (request: FastifyRequest, table: TableDefinition, parameters: TableParameters) =>
    createRowWriter({
      ...parameters,
      instance,
      table,
      timeZone: settings.current.timeZone,
      tableUrl: `${context.url()}${request.url.replace(/\/table\/.*$/, '/table')}`,
    });
  const rowOf = (table: TableDefinition, sysId: string): Row => {
    const row = instance.get(table, sysId);
    if (!row || isHidden(context, sysId)) throw errors.noRecord();
    return row;
  };
  const writable = (name: string): TableDefinition => {
    const table = readableTable(context, name);
    if (!table.isWritable) throw errors.notAuthorized();
    return table;
  };

  app.get<{ Params: TableParams }>('/table/:table', (request, reply) => {
    const url = urlOf(request);
    const table = readableTable(context, request.params.table);
    const parameters = readParameters(url.searchParams);
    const { timeZone, returnsNoRowsForInvalidQuery } = settings.current;
    const matching = runQuery({ instance, table, timeZone, returnsNoRowsForInvalidQuery, query: parameters.query });
    const { limit, offset } = parameters;
    // The limit comes first and the row ACLs after it, so a page can be short, or empty, and not be the last.
    const page = matching.slice(offset, offset + limit).filter((row) => !isHidden(context, valueOf(row, 'sys_id')));
    const shown = faults.has(request, 'emptyPage') ? [] : page;
    if (parameters.isCounted) reply.header('x-total-count', String(matching.length));
    if (parameters.hasLinkHeader) {
      reply.header('link', linkHeader({ url, offset, limit, total: matching.length, isRepeated: faults.has(request, 'repeatedCursor') }));
    }
    if (isVersion1(request) && matching.length === 0) throw errors.noRecord();
    const result = shown.map(writerOf(request, table, parameters));
    if (faults.has(request, 'cancelled')) return { result: result.slice(0, Math.floor(result.length / 2)), ...cancelledError };
    return { result };
  });

  app.get<{ Params: RowParams }>('/table/:table/:sysId', (request) => {
    const table = readableTable(context, request.params.table);
    const row = rowOf(table, request.params.sysId);
    return { result: writerOf(request, table, readParameters(urlOf(request).searchParams))(row) };
  });

  app.post<{ Params: TableParams }>('/table/:table', (request, reply) => {
    const table = writable(request.params.table);
    const row = instance.insert(table, readValues(table, request.body), userName);
    const write = writerOf(request, table, readParameters(urlOf(request).searchParams));
    return reply
      .status(201)
      .header('location', `${context.url()}${urlOf(request).pathname}/${valueOf(row, 'sys_id')}`)
      .send({ result: write(row) });
  });

  for (const method of ['PATCH', 'PUT'] as const) {
    app.route<{ Params: RowParams }>({
      method,
      url: '/table/:table/:sysId',
      handler: (request) => {
        const table = writable(request.params.table);
        const row = rowOf(table, request.params.sysId);
        const changed = instance.update(table, row, readValues(table, request.body), { by: userName });
        return { result: writerOf(request, table, readParameters(urlOf(request).searchParams))(changed) };
      },
    });
  }

  app.delete<{ Params: RowParams }>('/table/:table/:sysId', (request, reply) => {
    const table = writable(request.params.table);
    instance.delete(table, rowOf(table, request.params.sysId), userName);
    return reply.status(204).send();
  });

  /** Aggregate API: counts what the query matches. https://www.servicenow.com/docs/r/australia/api-reference/rest-apis/c_AggregateAPI.html */
  app.get<{ Params: TableParams }>('/stats/:table', (request) => {
    const table = readableTable(context, request.params.table);
    const { searchParams } = urlOf(request);
    const { timeZone, returnsNoRowsForInvalidQuery } = settings.current;
    const rows = runQuery({ instance, table, timeZone, returnsNoRowsForInvalidQuery, query: searchParams.get('sysparm_query') ?? '' });
    return { result: { stats: searchParams.get('sysparm_count') === 'true' ? { count: String(rows.length) } : {} } };
  });
};
