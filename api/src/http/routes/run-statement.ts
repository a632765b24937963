import Type from 'typebox';
import { VerifyStatementSchema } from '../../contract/statement.ts';
import { describeStatement } from '../../contract/statement-text.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { RunIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['runs'];
const params = Type.Object({ runId: RunIdSchema });

export const runStatementRoutes: Routes = async (app) => {
  app.get(
    '/api/runs/:runId/statement',
    {
      config,
      schema: {
        operationId: 'getStatement',
        summary: 'Gives what a verification ended with: both totals, where they went, and a digest of each side',
        tags,
        params,
        response: { 200: answer(named(VerifyStatementSchema), 'The statement') },
      },
    },
    (request) => app.services.runs.statement(request.params.runId),
  );

  app.get(
    '/api/runs/:runId/statement.txt',
    {
      config,
      schema: {
        operationId: 'getStatementText',
        summary: 'Gives the same as a person reads it',
        tags,
        params,
        response: {
          200: { description: 'The statement', content: { 'text/plain': { schema: Type.Unsafe<string>({ type: 'string' }) } } },
        },
      },
    },
    async (request, reply) => {
      const statement = await app.services.runs.statement(request.params.runId);
      return reply.type('text/plain; charset=utf-8').send(describeStatement(statement));
    },
  );
};
