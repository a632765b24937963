import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify';
import { ProblemSchema } from '../contract/problem.ts';
import { AppError } from '../errors/app-error.ts';
import type { Caller, Role, TokenVerifier } from '../identity/caller.ts';
import { named } from './references.ts';

/** Who may call a route. `everyone`: no token is asked for, because there is none or the route has its own proof (a signature). */
export type Access = 'everyone' | readonly Role[];

export const forAdmins: Access = ['Sync.Admin'];
export const forAgents: Access = ['Sync.Agent', 'Sync.Admin'];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set by the access check; null where everyone may call. */
    caller: Caller | null;
  }
}

export const callerOf = (request: FastifyRequest): Caller => {
  if (request.caller === null) throw new AppError('identity.unauthorised', { problem: 'none was sent' });
  return request.caller;
};

const bearerToken = (header: string | undefined): string => {
  const token = header?.match(/^Bearer +([\w.~+/=-]+) *$/i)?.[1];
  if (token === undefined) throw new AppError('identity.unauthorised', { problem: 'none was sent' });
  return token;
};

/** Runs before the body is read: who may not call costs no parsing. A route that forgot to say who may call is closed. */
export const checkAccess =
  (verifier: TokenVerifier): onRequestHookHandler =>
  async (request) => {
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access === 'everyone') return;
    if (access === undefined) throw new Error(`${request.routeOptions.url} does not say who may call it`);
    const caller = await verifier.verify(bearerToken(request.headers.authorization));
    request.caller = caller;
    if (!access.some((role) => caller.roles.includes(role))) throw new AppError('identity.forbidden', { role: access.join(' or ') });
  };

const statusTexts = {
  400: 'The request is not valid',
  401: 'No valid access token',
  403: 'The role is missing',
  404: 'Not found',
  500: 'Any other failure',
};

/** Writes into a route's documentation what follows from who may call it: the sign-in, and the problems that every caller can meet. */
export const documentAccess = (route: RouteOptions): void => {
  const access = route.config?.access;
  if (access === undefined) throw new Error(`${route.url} does not say who may call it`);
  const isProtected = access !== 'everyone';
  const statuses: readonly (keyof typeof statusTexts)[] = [
    400,
    ...(isProtected ? ([401, 403] as const) : []),
    ...(route.url.includes(':') ? ([404] as const) : []),
    500,
  ];
  const problems = Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: statusTexts[status], content: { 'application/problem+json': { schema: named(ProblemSchema) } } },
    ]),
  );
  const responses = route.schema?.response;
  route.schema = {
    ...route.schema,
    security: isProtected ? [{ entra: [] }] : [],
    response: { ...problems, ...(typeof responses === 'object' ? responses : {}) },
  };
};

/** To be called before the routes are registered; without a verifier only the documentation is made. */
export const addAccess = (app: FastifyInstance, verifier?: TokenVerifier): void => {
  app.decorateRequest('caller', null);
  app.addHook('onRoute', documentAccess);
  if (verifier) app.addHook('onRequest', checkAccess(verifier));
};
