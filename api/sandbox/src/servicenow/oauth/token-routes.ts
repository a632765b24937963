import type { FastifyInstance } from 'fastify';
import { formOf, takeForms } from '../../crm-kit/pages/routes.ts';
import type { Settings } from '../../crm-kit/settings-routes.ts';
import { clientId, clientSecret } from '../data/identity.ts';
import type { ServiceNowSettings } from '../settings.ts';
import { type SignIn, isSame, isUser } from './sign-in.ts';

interface TokenRoutesOptions {
  readonly signIn: SignIn;
  readonly settings: Settings<ServiceNowSettings>;
}

type Outcome = { readonly refreshToken?: string } | 'access_denied' | 'invalid_client' | 'unsupported_grant_type';

/**
 * `POST /oauth_token.do`. What stands in the address does not count: parameters belong in the body.
 * https://www.servicenow.com/docs/r/australia/platform-security/authentication/client-credentials.html
 */
export const addTokenRoutes = (app: FastifyInstance, { signIn, settings }: TokenRoutesOptions): void => {
  takeForms(app);

  const grant = (form: URLSearchParams): Outcome => {
    const field = (name: string): string => form.get(name) ?? '';
    if (!isSame(field('client_id'), clientId) || !isSame(field('client_secret'), clientSecret)) return 'invalid_client';
    const { isPasswordGrantEnabled, isClientCredentialsEnabled } = settings.current;
    switch (field('grant_type')) {
      case 'password':
        if (!isPasswordGrantEnabled || !isUser(field('username'), field('password'))) return 'access_denied';
        return { refreshToken: signIn.issueRefreshToken() };
      case 'client_credentials':
        return isClientCredentialsEnabled ? {} : 'access_denied';
      case 'refresh_token':
        return signIn.isRefreshToken(field('refresh_token')) ? { refreshToken: field('refresh_token') } : 'access_denied';
      default:
        return 'unsupported_grant_type';
    }
  };

  app.post('/oauth_token.do', (request, reply) => {
    const outcome = grant(formOf(request.body));
    if (typeof outcome === 'string')
      return reply.status(401).send({ error: outcome === 'access_denied' ? 'server_error' : outcome, error_description: outcome });
    return reply.header('cache-control', 'no-store').send({
      access_token: signIn.issueAccessToken(),
      ...(outcome.refreshToken === undefined ? {} : { refresh_token: outcome.refreshToken }),
      scope: 'useraccount',
      token_type: 'Bearer',
      expires_in: settings.current.accessTokenSeconds,
    });
  });
};
