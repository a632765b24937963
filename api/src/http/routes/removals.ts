import Type from 'typebox';
import { TableNameSchema } from '../../contract/parts.ts';
import { ApproveRemovalsSchema, DecidedRemovalsSchema, DismissRemovalsSchema, RemovalsSchema } from '../../contract/removals.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['removals'];
const params = Type.Object({ sourceId: SourceIdSchema });
const defaultLimit = 100;

export const removalRoutes: Routes = async (app) => {
  app.get(
    '/api/sources/:sourceId/removals',
    {
      config,
      schema: {
        operationId: 'listRemovals',
        summary: 'Lists removals that wait for approval, because there were too many to be carried out unasked',
        tags,
        params,
        querystring: Type.Object(
          {
            table: Type.Optional(TableNameSchema),
            afterId: Type.Optional(Type.String({ maxLength: 400, description: 'The `nextAfterId` of the page before; needs `table`' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: defaultLimit, description: 'Ids of a table at most' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(named(RemovalsSchema), 'What waits') },
      },
    },
    ({ params: { sourceId }, query: { limit = defaultLimit, ...page } }) => app.services.removals.list(sourceId, { limit, ...page }),
  );

  app.post(
    '/api/sources/:sourceId/removals/approve',
    {
      config,
      schema: {
        operationId: 'approveRemovals',
        summary: 'Lets the removals that wait be carried out; each is confirmed by the CRM first',
        tags,
        params,
        body: named(ApproveRemovalsSchema),
        response: { 202: answer(named(DecidedRemovalsSchema), 'Approved; they are carried out next') },
      },
    },
    async ({ params: { sourceId }, body }, reply) => reply.code(202).send(await app.services.removals.approve(sourceId, body)),
  );

  app.post(
    '/api/sources/:sourceId/removals/dismiss',
    {
      config,
      schema: {
        operationId: 'dismissRemovals',
        summary: 'Leaves the rows as they are; a later full run may find them gone again',
        tags,
        params,
        body: named(DismissRemovalsSchema),
        response: { 200: answer(named(DecidedRemovalsSchema), 'Dismissed') },
      },
    },
    ({ params: { sourceId }, body }) => app.services.removals.dismiss(sourceId, body.table),
  );
};
