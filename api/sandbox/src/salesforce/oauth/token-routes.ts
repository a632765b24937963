import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { formOf, takeForms } from '../../crm-kit/pages/routes.ts';
import { clientId, clientSecret } from '../data/identity.ts';
import type { JwtBearer } from './jwt-bearer.ts';
import { OauthError } from './oauth-error.ts';
import type { Sessions } from './sessions.ts';
import { tokenResponse } from './token-response.ts';

export interface OauthOptions {
  readonly sessions: Sessions;
  readonly jwtBearer: JwtBearer;
  readonly now: () => Date;
  /** My Domain's address; known once the server listens. */
  readonly url: () => string;
}

/** In the body, or as HTTP Basic. */
const clientIn = (form: URLSearchParams, authorization: string | undefined): { readonly id: string; readonly secret: string } => {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
  return { id, secret: rest.join(':') };
};

type Client = ReturnType<typeof clientIn>;

const requireClient = ({ id }: Client): void => {
  if (id !== clientId) throw new OauthError('invalid_client_id', 'client identifier invalid');
};
const requireSecret = (client: Client): void => {
  requireClient(client);
  if (client.secret !== clientSecret) throw new OauthError('invalid_client', 'invalid client credentials');
};

const requireVerifier = (challenge: string | undefined, verifier: string | null): void => {
  if (challenge === undefined) return;
  if (
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url') !== challenge
  )
    throw new OauthError('invalid_grant', 'invalid code verifier');
};

interface Granted {
  readonly refreshToken?: string;
  readonly scope: string;
}

/** `POST /services/oauth2/token`, for the four ways to sign in. */
export const addTokenRoutes = (app: FastifyInstance, { sessions, jwtBearer, now, url }: OauthOptions): void => {
  takeForms(app);
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof OauthError)) throw error;
    return reply.status(400).send({ error: error.error, error_description: error.message });
  });

  const grants: Readonly<Record<string, (form: URLSearchParams, client: Client) => Promise<Granted>>> = {
    client_credentials: async (_form, client) => {
      requireSecret(client);
      return { scope: 'api' };
    },
    'urn:ietf:params:oauth:grant-type:jwt-bearer': async (form) => {
      await jwtBearer.verify(form.get('assertion') ?? '', { url: url(), now: now() });
      return { scope: 'api' };
    },
    refresh_token: async (form, client) => {
      requireSecret(client);
      const { refreshToken, isNew } = sessions.refresh(form.get('refresh_token') ?? '');
      return { scope: 'api refresh_token', ...(isNew ? { refreshToken } : {}) };
    },
    authorization_code: async (form, client) => {
      requireSecret(client);
      const grant = sessions.redeem(form.get('code') ?? '');
      if (!grant) throw new OauthError('invalid_grant', 'expired authorization code');
      if (grant.callback !== form.get('redirect_uri'))
        throw new OauthError('redirect_uri_mismatch', 'redirect_uri must match configuration');
      requireVerifier(grant.codeChallenge, form.get('code_verifier'));
      return { scope: 'api refresh_token', refreshToken: sessions.issueRefreshToken() };
    },
  };

  app.post('/services/oauth2/token', async (request, reply) => {
    const form = formOf(request.body);
    const grant = grants[form.get('grant_type') ?? ''];
    if (!grant) throw new OauthError('unsupported_grant_type', 'grant type not supported');
    const granted = await grant(form, clientIn(form, request.headers.authorization));
    return reply
      .header('cache-control', 'no-store')
      .send(tokenResponse({ url: url(), accessToken: sessions.open(), now: now(), ...granted }));
  });

  app.post('/services/oauth2/revoke', (request, reply) => {
    if (!sessions.revoke(formOf(request.body).get('token') ?? ''))
      throw new OauthError('unsupported_token_type', 'this token type is not supported');
    return reply.status(200).send();
  });
};
