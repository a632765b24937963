import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../../api/src/errors/app-error.ts';
import { buildServer, type ServerOptions } from '../../../../api/src/http/server.ts';
import type { Caller, TokenVerifier } from '../../../../api/src/identity/caller.ts';
import { createLogger } from '../../../../api/src/telemetry/logger.ts';
import { RememberingServices } from './services.ts';

export const people = {
  admin: { kind: 'person', objectId: '33333333-3333-4333-8333-333333333333', roles: ['Sync.Admin'] },
  agent: { kind: 'person', objectId: '44444444-4444-4444-8444-444444444444', roles: ['Sync.Agent'] },
  visitor: { kind: 'person', objectId: '66666666-6666-4666-8666-666666666666', roles: [] },
  machine: {
    kind: 'application',
    objectId: '77777777-7777-4777-8777-777777777777',
    clientId: '22222222-2222-4222-8222-222222222222',
    roles: ['Sync.Admin'],
  },
} as const satisfies Record<string, Caller>;

export type Person = keyof typeof people;

const isPerson = (name: string): name is Person => Object.hasOwn(people, name);

/** Tokens are the names of people: how a real one is checked is the identity tests' promise. */
const verifier: TokenVerifier = {
  async verify(token) {
    if (!isPerson(token)) throw new AppError('identity.unauthorised', { problem: 'it has expired' });
    return people[token];
  },
};

export interface TestServer {
  readonly url: string;
  readonly services: RememberingServices;
  readonly app: FastifyInstance;
  /** The log so far, a parsed line each. */
  readonly log: Record<string, unknown>[];
  readonly logText: () => string;
  as(person: Person | null, path: string, init?: RequestInit): Promise<Response>;
  post(person: Person | null, path: string, body?: unknown): Promise<Response>;
  /** The first line of the log that fits, now or later. */
  logLine(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** The real server on a free port of the loopback. */
export const startServer = async (options: Partial<ServerOptions> = {}): Promise<TestServer> => {
  const services = new RememberingServices();
  const log: Record<string, unknown>[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const destination = {
    write: (line: string) => {
      lines.push(line);
      log.push(JSON.parse(line) as Record<string, unknown>);
      for (const look of waiting) look();
    },
  };
  const app = await buildServer({
    services,
    verifier,
    clientConfiguration: {
      signIn: { kind: 'local', authority: 'http://127.0.0.1:4530/tenant', clientId: 'crm-sync', scope: 'api://crm-sync/.default' },
    },
    allowedOrigins: ['https://contoso.crm4.dynamics.com'],
    logger: createLogger({ level: 'debug', destination }),
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  const as = (person: Person | null, path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (person !== null) headers.set('authorization', `Bearer ${person}`);
    return fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
  };

  return {
    url,
    services,
    app,
    log,
    logText: () => lines.join(''),
    as,
    post: (person, path, body) =>
      as(person, path, {
        method: 'POST',
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    logLine: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const line = log.find(fits);
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
      }),
    close: () => app.close(),
  };
};
