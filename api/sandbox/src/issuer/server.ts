import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { EntraRefusal, entraErrorBody, refusals } from './entra-errors.ts';
import { apiAudience, findApplication, findPerson, tenantId, userNames } from './identities.ts';
import { allowLocalOrigins } from './local-origins.ts';
import { createTokens, tokenLifetimeSeconds, type Tokens } from './tokens.ts';

export interface IssuerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly now?: () => Date;
}

export interface RunningIssuer {
  /** Without a slash at its end. */
  readonly url: string;
  /** The claims of a token that this issuer signed and that is valid now, else null. The audience is the caller's to check. */
  verify(token: string): Promise<JWTPayload | null>;
  close(): Promise<void>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const bearer = (token: string, lifetimeSeconds: number) => ({
  token_type: 'Bearer',
  expires_in: lifetimeSeconds,
  ext_expires_in: lifetimeSeconds,
  access_token: token,
});

const scopeSuffix = '/.default';

/** OAuth 2.0 client credentials. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
const grantToApplication = async (tokens: Tokens, form: URLSearchParams): Promise<object> => {
  const required = (name: string): string => {
    const value = form.get(name);
    if (!value) throw refusals.missingParameter(name);
    return value;
  };
  const grantType = required('grant_type');
  if (grantType !== 'client_credentials') throw refusals.grantType(grantType);
  const clientId = required('client_id');
  const application = findApplication(clientId);
  if (application === undefined) throw refusals.unknownClient(clientId);
  if (!isSame(required('client_secret'), application.clientSecret)) throw refusals.wrongSecret(clientId);
  const scope = required('scope');
  if (!scope.endsWith(scopeSuffix) || scope.length === scopeSuffix.length) throw refusals.scope(scope);
  return bearer(await tokens.forApplication(application, scope.slice(0, -scopeSuffix.length)), tokenLifetimeSeconds);
};

interface SignInBody {
  readonly user: string;
  readonly lifetimeSeconds?: number;
  readonly audience?: string;
}

const signInSchema = {
  type: 'object',
  required: ['user'],
  additionalProperties: false,
  properties: {
    user: { type: 'string', enum: userNames },
    // For tests of tokens that have ended, or are meant for somebody else.
    lifetimeSeconds: { type: 'integer', minimum: -86_400, maximum: 86_400 },
    audience: { type: 'string', minLength: 1 },
  },
} as const;

interface Routes {
  readonly tokens: Tokens;
  readonly issuer: () => string;
  /** Address of the tenant at this issuer. */
  readonly tenantUrl: () => string;
}

const addRoutes = (app: FastifyInstance, { tokens, issuer, tenantUrl }: Routes): void => {
  app.get('/v2.0/.well-known/openid-configuration', () => ({
    issuer: issuer(),
    token_endpoint: `${tenantUrl()}/oauth2/v2.0/token`,
    authorization_endpoint: `${tenantUrl()}/oauth2/v2.0/authorize`,
    jwks_uri: `${tenantUrl()}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
  }));
  app.get('/discovery/v2.0/keys', () => ({ keys: [tokens.publicKey] }));
  app.post<{ Body: unknown }>('/oauth2/v2.0/token', async ({ body }, reply) => {
    reply.header('cache-control', 'no-store');
    return grantToApplication(tokens, body instanceof URLSearchParams ? body : new URLSearchParams());
  });
  app.post<{ Body: SignInBody }>('/sandbox/sign-in', { schema: { body: signInSchema } }, async ({ body }, reply) => {
    const { user, lifetimeSeconds = tokenLifetimeSeconds, audience = apiAudience } = body;
    const person = findPerson(user);
    if (!person) return reply.status(400).send({ error: 'unknown_user' });
    reply.header('cache-control', 'no-store');
    return bearer(await tokens.forPerson(person, { audience, lifetimeSeconds }), lifetimeSeconds);
  });
};

const answerErrors = (app: FastifyInstance, now: () => Date): void => {
  app.setNotFoundHandler((request, reply) => {
    const tenant = request.url.split('/')[1] ?? '';
    if (tenant === tenantId) return reply.status(404).send({ error: 'not_found' });
    return reply.status(400).send(entraErrorBody(refusals.unknownTenant(tenant), now()));
  });
  app.setErrorHandler<FastifyError | EntraRefusal>((error, _request, reply) => {
    if (error instanceof EntraRefusal) return reply.status(error.statusCode).send(entraErrorBody(error, now()));
    return reply.status(error.statusCode ?? 500).send({ error: 'invalid_request', error_description: error.message });
  });
};

/** Stands where Entra ID stands: gives the application its token, signs the sandbox's people in, publishes its key. */
export const startIssuer = async ({ host, port, now = () => new Date() }: IssuerOptions): Promise<RunningIssuer> => {
  let url = '';
  const tenantUrl = (): string => `${url}/${tenantId}`;
  const issuer = (): string => `${tenantUrl()}/v2.0`;
  const tokens = await createTokens({ issuer, now });

  const app = Fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } }, forceCloseConnections: true });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  allowLocalOrigins(app);
  answerErrors(app, now);
  await app.register(async (routes) => addRoutes(routes, { tokens, issuer, tenantUrl }), { prefix: `/${tenantId}` });
  url = await app.listen({ host, port });
  return { url, verify: tokens.verify, close: () => app.close() };
};
