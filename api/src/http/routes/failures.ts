import Type from 'typebox';
import { DecideFailuresSchema, DecidedFailuresSchema, FailuresSchema } from '../../contract/failures.ts';
import { TableNameSchema } from '../../contract/parts.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['failures'];
const params = Type.Object({ sourceId: SourceIdSchema });
const defaultLimit = 100;

export const failureRoutes: Routes = async (app) => {
  app.get(
    '/api/sources/:sourceId/failures',
    {
      config,
      schema: {
        operationId: 'listFailures',
        summary: 'Lists the records that failed and have not succeeded since, by reason and one by one',
        tags,
        params,
        querystring: Type.Object(
          {
            table: Type.Optional(TableNameSchema),
            code: Type.Optional(Type.String({ maxLength: 100, description: 'Only with this reason' })),
            isIgnored: Type.Optional(Type.Boolean({ description: 'Only ignored ones, or only open ones' })),
            after: Type.Optional(Type.String({ maxLength: 500, description: 'The `nextAfter` of the page before' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: defaultLimit, description: 'Records at most' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(named(FailuresSchema), 'What failed') },
      },
    },
    ({ params: { sourceId }, query: { limit = defaultLimit, ...query } }) => app.services.failures.list(sourceId, { limit, ...query }),
  );

  app.post(
    '/api/sources/:sourceId/failures',
    {
      config,
      schema: {
        operationId: 'decideFailures',
        summary: 'Tries failed records again now, ignores them, or keeps a note with them',
        tags,
        params,
        body: named(DecideFailuresSchema),
        response: { 200: answer(named(DecidedFailuresSchema), 'Done; a retry begins now') },
      },
    },
    ({ params: { sourceId }, body }) => app.services.failures.decide(sourceId, body),
  );
};
