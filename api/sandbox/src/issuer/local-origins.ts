import type { FastifyInstance } from 'fastify';

const localHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export const isLocalOrigin = (origin: string): boolean => {
  const url = URL.parse(origin);
  return url !== null && localHosts.includes(url.hostname);
};

/** Lets pages on other ports of this machine read the answers (the sample form and the control panel sign in from there). */
export const allowLocalOrigins = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('vary', 'origin');
    if (origin === undefined || !isLocalOrigin(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS') return undefined;
    return reply
      .headers({ 'access-control-allow-methods': 'GET, POST', 'access-control-allow-headers': 'content-type, authorization' })
      .status(204)
      .send();
  });
  // A preflight needs a route to be answered at all.
  app.options('/*', (_request, reply) => reply.status(204).send());
};
