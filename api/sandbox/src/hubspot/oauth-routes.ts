import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { formOf, takeForms } from '../crm-kit/pages/routes.ts';
import { isSameSecret } from '../crm-kit/secrets.ts';
import { hubSpotSandbox } from './identity.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import type { HubSpotSettings } from './settings.ts';
import type { Grant, Tokens } from './tokens.ts';

interface OAuthOptions {
  readonly tokens: Tokens;
  readonly settings: Settings<HubSpotSettings>;
}

/** v1 goes away on 2027-02-16. https://developers.hubspot.com/changelog/v1-oauth-api-deprecation */
const versions = ['v1', 'v3', '2026-03', '2026-09'] as const;

class OAuthRefusal extends Error {
  readonly code: string;
  readonly status: string;

  constructor(code: string, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const grantFor = (form: URLSearchParams, { tokens, settings }: OAuthOptions): Grant => {
  const field = (name: string): string => form.get(name) ?? '';
  const isClient = isSameSecret(field('client_id'), hubSpotSandbox.clientId);
  if (!isClient) throw new OAuthRefusal('invalid_client', 'BAD_CLIENT_ID', 'missing or unknown client id');
  if (!isSameSecret(field('client_secret'), hubSpotSandbox.clientSecret)) {
    throw new OAuthRefusal('invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');
  }
  const { accessTokenSeconds } = settings.current;
  switch (field('grant_type')) {
    case 'authorization_code': {
      const scopes = tokens.takeCode(field('code'), field('redirect_uri'));
      if (!scopes) throw new OAuthRefusal('invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
      return tokens.install(scopes, accessTokenSeconds);
    }
    case 'refresh_token': {
      const grant = tokens.refresh(field('refresh_token'), accessTokenSeconds);
      if (!grant) throw new OAuthRefusal('invalid_grant', 'BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
      return grant;
    }
    case 'client_credentials':
      // For what belongs to the app itself (webhooks and their journal), never for a portal's records.
      return tokens.forDeveloper(field('scope').split(' '), accessTokenSeconds);
    default:
      throw new OAuthRefusal('unsupported_grant_type', 'BAD_GRANT_TYPE', 'missing or unknown grant type');
  }
};

const grantBody = ({ accessToken, expiresInSeconds, refreshToken, scopes }: Grant): object => ({
  token_type: 'bearer',
  access_token: accessToken,
  expires_in: expiresInSeconds,
  ...(refreshToken === undefined ? {} : { refresh_token: refreshToken, hub_id: hubSpotSandbox.portalId }),
  scopes,
});

const refuse = (reply: FastifyReply, { code, status, message }: OAuthRefusal): FastifyReply =>
  reply.status(400).send({ status, message, correlationId: randomUUID(), error: code, error_description: message });

/** https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide */
export const addOAuthRoutes = (app: FastifyInstance, options: OAuthOptions): void => {
  const { tokens, settings } = options;
  takeForms(app);

  for (const version of versions) {
    app.post<{ Body: unknown }>(`/oauth/${version}/token`, ({ body }, reply) => {
      reply.header('cache-control', 'no-store');
      try {
        return reply.send(grantBody(grantFor(formOf(body), options)));
      } catch (error) {
        if (error instanceof OAuthRefusal) return refuse(reply, error);
        throw error;
      }
    });
  }

  for (const version of versions.slice(1)) {
    app.post<{ Body: unknown }>(`/oauth/${version}/token/introspect`, ({ body }) => {
      const token = formOf(body).get('token') ?? '';
      if (token === hubSpotSandbox.privateAppToken) return introspection(settings.current.scopes, true);
      const found = tokens.find(token);
      return introspection(found?.scopes ?? [], found !== undefined && tokens.isCurrent(found));
    });
  }
};

const introspection = (scopes: readonly string[], active: boolean): object =>
  active ? { active, token_use: 'access_token', hub_id: hubSpotSandbox.portalId, app_id: hubSpotSandbox.appId, scopes } : { active };
