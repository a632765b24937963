import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { parseQuery } from './query.ts';

/** A server that takes a body as it is or refuses it: one that bends `"12"` to 12 would hide a client's mistake. */
export const createApp = (options: Pick<FastifyServerOptions, 'rewriteUrl'> = {}): FastifyInstance =>
  Fastify({
    ...options,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    forceCloseConnections: true,
    routerOptions: { querystringParser: parseQuery },
  });
