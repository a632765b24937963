import type { FastifyInstance } from 'fastify';
import { formOf, takeForms } from '../crm-kit/pages/routes.ts';
import { isSameSecret } from '../crm-kit/secrets.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import { ZendeskError } from './errors.ts';
import { zendeskSandbox } from './identity.ts';
import type { ZendeskSettings } from './settings.ts';
import type { Grant, Lifetimes, Tokens } from './tokens.ts';

interface OAuthOptions {
  readonly tokens: Tokens;
  readonly settings: Settings<ZendeskSettings>;
}

const daySeconds = 86_400;
const limits = { accessSeconds: [300, 172_800], refreshSeconds: [7 * daySeconds, 90 * daySeconds] } as const;

const invalidGrant =
  'The provided access grant is invalid, expired, or revoked (e.g. invalid assertion, expired authorization token, bad end-user password credentials, or mismatching authorization code and redirection URI).';

export const refusal = (status: number, error: string, description: string): ZendeskError =>
  new ZendeskError(status, { error, error_description: description });

type Fields = Readonly<Record<string, unknown>>;

/** JSON is the documented form; an ordinary OAuth form is understood too. */
const fieldsOf = (body: unknown): Fields => {
  if (body instanceof URLSearchParams) return Object.fromEntries(formOf(body));
  return typeof body === 'object' && body !== null ? { ...body } : {};
};

const textOf = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

const secondsOf = (fields: Fields, name: string, [least, most]: readonly [number, number], fallback: number): number => {
  const value = fields[name] === undefined ? fallback : Number(fields[name]);
  if (fields[name] !== undefined && !(value >= least && value <= most)) {
    throw refusal(400, 'invalid_request', `${name} must be from ${least} to ${most}.`);
  }
  return value;
};

const grantFor = (fields: Fields, { tokens, settings }: OAuthOptions): Grant => {
  const isClient = isSameSecret(textOf(fields, 'client_id'), zendeskSandbox.clientId);
  if (!isClient || !isSameSecret(textOf(fields, 'client_secret'), zendeskSandbox.clientSecret)) {
    throw refusal(
      401,
      'invalid_client',
      'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
    );
  }
  const { accessTokenSeconds, refreshTokenDays } = settings.current;
  const lifetimes: Lifetimes = {
    accessSeconds: secondsOf(fields, 'expires_in', limits.accessSeconds, accessTokenSeconds),
    refreshSeconds: secondsOf(fields, 'refresh_token_expires_in', limits.refreshSeconds, refreshTokenDays * daySeconds),
  };
  switch (textOf(fields, 'grant_type')) {
    case 'client_credentials':
      return tokens.issue(textOf(fields, 'scope'), lifetimes);
    case 'authorization_code': {
      const scope = tokens.takeCode(textOf(fields, 'code'), textOf(fields, 'redirect_uri'));
      if (scope === undefined) throw refusal(400, 'invalid_grant', invalidGrant);
      return tokens.issueWithRefresh(scope, lifetimes);
    }
    case 'refresh_token': {
      const grant = tokens.rotate(textOf(fields, 'refresh_token'), lifetimes);
      if (!grant) throw refusal(400, 'invalid_grant', invalidGrant);
      return grant;
    }
    default:
      throw refusal(400, 'unsupported_grant_type', 'The authorization grant type is not supported by the authorization server.');
  }
};

const grantBody = ({ accessToken, scope, expiresInSeconds, refresh }: Grant): object => ({
  access_token: accessToken,
  token_type: 'bearer',
  scope,
  expires_in: expiresInSeconds,
  ...(refresh ? { refresh_token: refresh.token, refresh_token_expires_in: refresh.expiresInSeconds } : {}),
});

/** https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/ */
export const addOAuthRoutes = (app: FastifyInstance, options: OAuthOptions): void => {
  takeForms(app);

  app.post<{ Body: unknown }>('/oauth/tokens', ({ body }, reply) => {
    reply.header('cache-control', 'no-store');
    return grantBody(grantFor(fieldsOf(body), options));
  });
};
