import type { FastifyInstance } from 'fastify';
import { addConsentRoutes, isLocalCallback } from '../../crm-kit/pages/consent-routes.ts';
import type { Brand } from '../../crm-kit/pages/layout.ts';
import { clientId, username } from '../data/identity.ts';
import { SalesforceError } from '../errors.ts';
import type { Sessions } from './sessions.ts';

const refuse = (message: string): SalesforceError => new SalesforceError(400, 'invalid_request', message);

const check = (asked: URLSearchParams): void => {
  if (asked.get('response_type') !== 'code') throw refuse('unsupported_response_type: response type not supported');
  if (asked.get('client_id') !== clientId) throw refuse('invalid_client_id: client identifier invalid');
  if (!isLocalCallback(asked.get('redirect_uri'))) throw refuse('redirect_uri_mismatch: redirect_uri must match configuration');
  if (asked.has('code_challenge') && (asked.get('code_challenge_method') ?? 'S256') !== 'S256')
    throw refuse('invalid_request: code challenge method not supported');
};

/**
 * `/services/oauth2/authorize`: the page where a person allows the app.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
 */
export const addAuthorizeRoutes = (
  app: FastifyInstance,
  { sessions, brand }: { readonly sessions: Sessions; readonly brand: Brand },
): void =>
  addConsentRoutes(app, {
    path: '/services/oauth2/authorize',
    brand,
    userName: username,
    check,
    issueCode: (asked) => sessions.issueCode(asked.get('redirect_uri') ?? '', asked.get('code_challenge') ?? undefined),
  });
