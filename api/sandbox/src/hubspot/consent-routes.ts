import type { FastifyInstance } from 'fastify';
import { addConsentRoutes, isLocalCallback } from '../crm-kit/pages/consent-routes.ts';
import type { Brand } from '../crm-kit/pages/layout.ts';
import { invalid } from './errors.ts';
import { hubSpotSandbox } from './identity.ts';
import type { Tokens } from './tokens.ts';

const check = (asked: URLSearchParams): void => {
  if (asked.get('client_id') !== hubSpotSandbox.clientId) throw invalid("The client_id parameter doesn't match an app.");
  if (!isLocalCallback(asked.get('redirect_uri')))
    throw invalid("The redirect_uri parameter doesn't match one of the app's redirect URLs.");
};

const scopesOf = (asked: URLSearchParams): readonly string[] => (asked.get('scope') ?? '').split(' ').filter((scope) => scope !== '');

/** Stands on app.hubspot.com. https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide#initiating-oauth-access */
export const addHubSpotConsent = (app: FastifyInstance, { tokens, brand }: { readonly tokens: Tokens; readonly brand: Brand }): void =>
  addConsentRoutes(app, {
    path: '/oauth/authorize',
    brand,
    userName: `portal ${hubSpotSandbox.portalId}`,
    check,
    issueCode: (asked) => tokens.createCode({ redirectUri: asked.get('redirect_uri') ?? '', scopes: scopesOf(asked) }),
  });
