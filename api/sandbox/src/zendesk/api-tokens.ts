import type { FastifyInstance } from 'fastify';
import { createSecret, isSameSecret } from '../crm-kit/secrets.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import { forbidden, notFound } from './errors.ts';
import { zendeskSandbox } from './identity.ts';
import type { ZendeskSettings } from './settings.ts';

interface ApiToken {
  readonly id: number;
  readonly description: string;
  readonly secret: string;
}

export interface ApiTokens {
  readonly isGood: (secret: string) => boolean;
  readonly list: () => readonly ApiToken[];
  readonly create: (description: string) => ApiToken;
  readonly remove: (id: number) => boolean;
}

export const createApiTokens = (): ApiTokens => {
  let tokens: readonly ApiToken[] = [{ id: 1, description: 'made before the deadline', secret: zendeskSandbox.apiToken }];
  let nextId = 2;
  return {
    isGood: (secret) => tokens.some((token) => isSameSecret(secret, token.secret)),
    list: () => tokens,
    create: (description) => {
      const token = { id: nextId, description, secret: createSecret('') };
      nextId += 1;
      tokens = [...tokens, token];
      return token;
    },
    remove: (id) => {
      const before = tokens.length;
      tokens = tokens.filter((token) => token.id !== id);
      return tokens.length < before;
    },
  };
};

const createSchema = {
  type: 'object',
  properties: { api_token: { type: 'object', properties: { description: { type: 'string' } } } },
} as const;

const tokenBody = ({ id, description, secret }: ApiToken) => ({
  id,
  active: true,
  description,
  token: `${secret.slice(0, 5)}${'*'.repeat(10)}`,
  url: `/api/v2/api_tokens/${id}.json`,
});

/** Being taken away: no new ones since 2026-10-27, none at all from 2027-04-30 on. https://developer.zendesk.com/api-reference/ticketing/account-configuration/api_tokens/ */
export const addApiTokenRoutes = (app: FastifyInstance, tokens: ApiTokens, settings: Settings<ZendeskSettings>): void => {
  const config = { isForAdmins: true };
  app.get('/api_tokens', { config }, () => ({ api_tokens: tokens.list().map(tokenBody), count: tokens.list().length }));
  app.post<{ Body: { api_token?: { description?: string } } }>(
    '/api_tokens',
    { config, schema: { body: createSchema } },
    ({ body }, reply) => {
      if (settings.current.apiTokens !== 'allowed') throw forbidden('API tokens can no longer be created. Use OAuth.');
      const token = tokens.create(body.api_token?.description ?? '');
      return reply.status(201).send({ api_token: { ...tokenBody(token), token: token.secret } });
    },
  );
  app.delete<{ Params: { id: string } }>('/api_tokens/:id', { config }, ({ params }, reply) => {
    if (!tokens.remove(Number(params.id))) throw notFound();
    return reply.status(204).send();
  });
};
