import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nameOfCaller } from '../identity/caller.ts';

/**
 * One line for each request, once it is over: the route's pattern and never the address as it came, which can hold keys and, in a
 * query, anything. It hangs on the connection's response, since Fastify's `onResponse` is not told of callers who left.
 */
export const logWhenOver = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.raw.once('close', () => {
    const isFinished = reply.raw.writableFinished;
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        ...(isFinished ? { status: reply.statusCode } : { isAborted: true }),
        durationMs: Math.round(reply.elapsedTime),
        ...(request.caller ? { caller: nameOfCaller(request.caller) } : {}),
        ...(request.problemCode ? { code: request.problemCode } : {}),
      },
      'request',
    );
  });
};

export const addRequestLog = (app: FastifyInstance): void => {
  app.decorateRequest('problemCode', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    logWhenOver(request, reply);
  });
};
