import type { FastifyInstance } from 'fastify';
import { addConsentRoutes, isLocalCallback } from '../crm-kit/pages/consent-routes.ts';
import type { Brand } from '../crm-kit/pages/layout.ts';
import { zendeskSandbox } from './identity.ts';
import { refusal } from './oauth-routes.ts';
import type { Tokens } from './tokens.ts';

const check = (asked: URLSearchParams): void => {
  if (asked.get('client_id') !== zendeskSandbox.clientId) throw refusal(400, 'invalid_client', 'No such client.');
  if (asked.get('response_type') !== 'code') throw refusal(400, 'unsupported_response_type', 'response_type must be code.');
  if (!isLocalCallback(asked.get('redirect_uri'))) throw refusal(400, 'invalid_request', 'redirect_uri is none of this client.');
};

/** https://developer.zendesk.com/documentation/api-basics/authentication/oauth-vs-api-tokens/, the authorization code flow. */
export const addZendeskConsent = (app: FastifyInstance, { tokens, brand }: { readonly tokens: Tokens; readonly brand: Brand }): void =>
  addConsentRoutes(app, {
    path: '/oauth/authorizations/new',
    brand,
    userName: zendeskSandbox.adminEmail,
    check,
    issueCode: (asked) => tokens.createCode({ redirectUri: asked.get('redirect_uri') ?? '', scope: asked.get('scope') ?? 'read' }),
  });
