import Type from 'typebox';
import { AdoptionSchema, StartAdoptionSchema } from '../../contract/adoption.ts';
import { SourceCheckSchema, SourceListSchema } from '../../contract/sources.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { allowNoBody } from '../no-body.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

export const sourceRoutes: Routes = async (app) => {
  app.get(
    '/api/sources',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'listSources',
        summary: 'Lists the configured sources, each with its last run',
        tags: ['sources'],
        response: { 200: answer(named(SourceListSchema), 'The sources') },
      },
    },
    async () => ({ sources: [...(await app.services.sources.list())] }),
  );

  app.post(
    '/api/sources/:sourceId/check',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'checkSource',
        summary: 'Signs in to the CRM of a source and says whether it answers',
        tags: ['sources'],
        params: Type.Object({ sourceId: SourceIdSchema }),
        response: { 200: answer(named(SourceCheckSchema), 'It answers') },
      },
    },
    (request, reply) => app.services.sources.check(request.params.sourceId, clientGone(reply)),
  );

  app.post(
    '/api/sources/:sourceId/adoption',
    {
      config: { access: forAdmins },
      preValidation: allowNoBody,
      schema: {
        operationId: 'adoptRows',
        summary: 'Takes over the rows that Microsoft’s flows made for this source; answers when all are done, and may be repeated',
        tags: ['sources'],
        params: Type.Object({ sourceId: SourceIdSchema }),
        body: named(StartAdoptionSchema),
        response: { 200: answer(named(AdoptionSchema), 'What became of the rows, or in a dry run would') },
      },
    },
    ({ params, body }, reply) => app.services.adoption.adopt(params.sourceId, body, { signal: clientGone(reply) }),
  );
};
