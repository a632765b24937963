import type { FastifyReply } from 'fastify';

/**
 * Aborts when the connection ends before the answer is complete. Fastify's own `request.signal` follows the request's stream,
 * which also closes once a body has been read.
 */
export const clientGone = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
};
