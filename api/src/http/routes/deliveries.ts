import Type from 'typebox';
import {
  DeliveriesSchema,
  DeliveryDetailSchema,
  DeliveryStateSchema,
  ReplayDeliveriesSchema,
  ReplayedDeliveriesSchema,
} from '../../contract/deliveries.ts';
import { givenInstant } from '../../contract/parts.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['deliveries'];
const params = Type.Object({ sourceId: SourceIdSchema });
const DeliveryAddress = Type.Object({
  sourceId: SourceIdSchema,
  deliveryId: Type.Integer({ minimum: 1, description: 'The delivery’s `id`' }),
});
const defaultLimit = 50;

export const deliveryRoutes: Routes = async (app) => {
  app.get(
    '/api/sources/:sourceId/deliveries',
    {
      config,
      schema: {
        operationId: 'listDeliveries',
        summary: 'Lists what the CRM has posted, newest first, and how the webhooks of the source do',
        tags,
        params,
        querystring: Type.Object(
          {
            hook: Type.Optional(Type.String({ maxLength: 40, description: 'Only of this webhook; empty: of the main one' })),
            state: Type.Optional(DeliveryStateSchema),
            from: Type.Optional(givenInstant('Only those that came then or later')),
            to: Type.Optional(givenInstant('Only those that came before')),
            before: Type.Optional(Type.Integer({ minimum: 1, description: 'The `nextBefore` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: defaultLimit, description: 'Deliveries at most' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(named(DeliveriesSchema), 'The deliveries') },
      },
    },
    ({ params: { sourceId }, query: { limit = defaultLimit, ...query } }) =>
      app.services.webhookDeliveries.list(sourceId, { limit, ...query }),
  );

  app.get(
    '/api/sources/:sourceId/deliveries/:deliveryId',
    {
      config,
      schema: {
        operationId: 'showDelivery',
        summary: 'Shows one delivery with the ids that it names; what it said beside them is not kept',
        tags,
        params: DeliveryAddress,
        response: { 200: answer(named(DeliveryDetailSchema), 'The delivery') },
      },
    },
    ({ params: { sourceId, deliveryId } }) => app.services.webhookDeliveries.get(sourceId, deliveryId),
  );

  app.post(
    '/api/sources/:sourceId/deliveries/replay',
    {
      config,
      schema: {
        operationId: 'replayDeliveries',
        summary: 'Handles deliveries again: the records that they name are read from the CRM once more',
        tags,
        params,
        body: named(ReplayDeliveriesSchema),
        response: { 202: answer(named(ReplayedDeliveriesSchema), 'They wait to be handled, which begins now') },
      },
    },
    async ({ params: { sourceId }, body }, reply) => reply.code(202).send(await app.services.webhookDeliveries.replay(sourceId, body)),
  );
};
