import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type SandboxClock } from './clock.ts';

/** A server whose answers carry the CRM's own time, and which takes a body as it is or refuses it. */
export const createApp = (clock: SandboxClock): FastifyInstance => {
  const app = Fastify({
    // A CRM that bends `"12"` to 12 would hide a client's mistake.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    forceCloseConnections: true,
    routerOptions: { querystringParser: (text) => groupByName(new URLSearchParams(text)) },
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('date', clock.now().toUTCString());
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  return app;
};

/** `page[size]` is one name; one that is given twice has both values. */
const groupByName = (parameters: URLSearchParams): Record<string, string | string[]> => {
  const grouped: Record<string, string | string[]> = {};
  for (const name of new Set(parameters.keys())) {
    const [first = '', ...others] = parameters.getAll(name);
    grouped[name] = others.length === 0 ? first : [first, ...others];
  }
  return grouped;
};

/** Every value of a parameter, whether it was given once, several times, or with commas. */
export const listIn = (query: unknown, name: string): readonly string[] =>
  valuesIn(query, name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

/** The first value of a parameter. */
export const textIn = (query: unknown, name: string): string | undefined => valuesIn(query, name)[0];

const valuesIn = (query: unknown, name: string): readonly string[] => {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};
