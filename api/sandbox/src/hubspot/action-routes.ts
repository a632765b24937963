import type { FastifyInstance } from 'fastify';
import { textIn } from '../crm-kit/query.ts';
import { invalid, objectNotFound } from './errors.ts';
import { type ObjectRoutesOptions, readScopes, writeScopes } from './object-routes.ts';
import { represent } from './represent.ts';

const batchLimit = 100;

interface BatchBody {
  readonly inputs: readonly { readonly id: string }[];
  readonly properties?: readonly string[];
}

const batchSchema = {
  type: 'object',
  required: ['inputs'],
  properties: {
    inputs: { type: 'array', items: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
    properties: { type: 'array', items: { type: 'string' } },
  },
} as const;

const text = { type: 'string' } as const;
const mergeSchema = {
  type: 'object',
  required: ['primaryObjectId', 'objectIdToMerge'],
  properties: { primaryObjectId: text, objectIdToMerge: text },
} as const;
const eraseSchema = { type: 'object', required: ['objectId'], properties: { objectId: text, idProperty: text } } as const;

/** Batch read, merge and (of contacts) the deletion that leaves nothing. */
export const addActionRoutes = (app: FastifyInstance, { portal, type }: ObjectRoutesOptions): void => {
  const { definition, store } = portal.room(type);

  /** 207 when some are not there. https://developers.hubspot.com/docs/api-reference/error-handling#multi-status-errors */
  app.post<{ Body: BatchBody }>('/batch/read', { config: readScopes(type), schema: { body: batchSchema } }, ({ body, query }, reply) => {
    const { inputs, properties = [] } = body;
    if (inputs.length === 0 || inputs.length > batchLimit) throw invalid(`inputs must hold 1 to ${batchLimit} records.`);
    const archived = textIn(query, 'archived') === 'true';
    const startedAt = portal.now().toISOString();
    const found = new Map(inputs.flatMap(({ id }) => store.get(id, { archived }) ?? []).map((object) => [object.id, object]));
    const missingIds = inputs.map(({ id }) => id).filter((id) => !store.get(id, { archived }));
    const answer = {
      status: 'COMPLETE',
      results: [...found.values()].map((object) => represent(portal, definition, object, { properties })),
      startedAt,
      completedAt: portal.now().toISOString(),
    };
    if (missingIds.length === 0) return reply.send(answer);
    const message = `Could not get some ${definition.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`;
    const errors = [{ status: 'error', category: 'OBJECT_NOT_FOUND', message, context: { ids: missingIds } }];
    return reply.status(207).send({ ...answer, numErrors: 1, errors });
  });

  app.post<{ Body: { primaryObjectId: string; objectIdToMerge: string } }>(
    '/merge',
    { config: writeScopes(type), schema: { body: mergeSchema } },
    ({ body }) => {
      const primary = store.get(body.primaryObjectId);
      const secondary = store.get(body.objectIdToMerge);
      if (!primary || !secondary) throw objectNotFound();
      if (primary.id === secondary.id) throw invalid('A record cannot be merged with itself.');
      return represent(portal, definition, portal.merge(type, primary, secondary, 'API'), { properties: ['hs_merged_object_ids'] });
    },
  );

  if (type !== 'contacts') return;

  /** https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/gdpr-delete */
  app.post<{ Body: { objectId: string; idProperty?: string } }>(
    '/gdpr-delete',
    { config: writeScopes(type), schema: { body: eraseSchema } },
    ({ body }, reply) => {
      const isEmail = body.idProperty === 'email';
      const byEmail = [...store.live].find(({ values }) => isEmail && values.email === body.objectId.toLowerCase());
      const contact = isEmail ? byEmail : (store.get(body.objectId) ?? store.get(body.objectId, { archived: true }));
      if (!contact) throw objectNotFound();
      portal.eraseContact(contact, 'API');
      return reply.status(204).send();
    },
  );
};
