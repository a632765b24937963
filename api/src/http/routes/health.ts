import Type from 'typebox';
import { errorRegistry } from '../../errors/registry.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { answer } from '../references.ts';

const LiveSchema = Type.Object({ isAlive: Type.Boolean() });

const ReadySchema = Type.Object({
  isReady: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      name: Type.String({ description: 'What was looked at' }),
      isReady: Type.Boolean(),
      problem: Type.Optional(Type.String({ description: 'Code from the error registry' })),
    }),
  ),
});

/** Everyone may ask, so only a code is told; the log has the rest. */
const problemCode = (problem: string): string => (Object.hasOwn(errorRegistry, problem) ? problem : 'internal');

export const healthRoutes: Routes = async (app) => {
  app.get(
    '/health/live',
    {
      logLevel: 'warn',
      config: { access: 'everyone' },
      schema: {
        operationId: 'isAlive',
        summary: 'Answers while the process runs',
        tags: ['health'],
        response: { 200: answer(LiveSchema, 'It runs') },
      },
    },
    async () => ({ isAlive: true }),
  );

  app.get(
    '/health/ready',
    {
      logLevel: 'warn',
      config: { access: 'everyone' },
      schema: {
        operationId: 'isReady',
        summary: 'Says whether the store and Dataverse can be used',
        tags: ['health'],
        response: { 200: answer(ReadySchema, 'All can be used'), 503: answer(ReadySchema, 'Something cannot be used') },
      },
    },
    async (_request, reply) => {
      const { isReady, checks } = await app.services.readiness(clientGone(reply));
      const body = {
        isReady,
        checks: checks.map(({ problem, ...check }) => (problem === undefined ? check : { ...check, problem: problemCode(problem) })),
      };
      return reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(body);
    },
  );
};
