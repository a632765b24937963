import Type from 'typebox';
import { RunDetailSchema, RunListSchema, RunSchema, StartRunSchema } from '../../contract/runs.ts';
import { nameOfCaller } from '../../identity/caller.ts';
import { callerOf, forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { RunIdSchema, SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['runs'];
const defaultLimit = 50;
const RunAddressSchema = Type.Object({ runId: RunIdSchema });

export const runRoutes: Routes = async (app) => {
  app.post(
    '/api/runs',
    {
      config,
      schema: {
        operationId: 'startRun',
        summary: 'Starts a run, or joins the queue behind the one that is running',
        tags,
        body: named(StartRunSchema),
        response: {
          202: {
            ...answer(named(RunSchema), 'Accepted'),
            headers: { Location: { type: 'string', description: 'Address of the run' } },
          },
        },
      },
    },
    async (request, reply) => {
      const run = await app.services.runs.start(request.body, nameOfCaller(callerOf(request)));
      return reply
        .code(202)
        .header('location', `/api/runs/${encodeURIComponent(run.id)}`)
        .send(run);
    },
  );

  app.get(
    '/api/runs',
    {
      config,
      schema: {
        operationId: 'listRuns',
        summary: 'Lists runs, the newest first',
        tags,
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: defaultLimit, description: 'How many at most' })),
            sourceId: Type.Optional(SourceIdSchema),
          },
          { additionalProperties: false },
        ),
        response: { 200: answer(named(RunListSchema), 'The runs') },
      },
    },
    async ({ query: { limit = defaultLimit, ...filter } }) => ({ runs: [...(await app.services.runs.list({ limit, ...filter }))] }),
  );

  app.get(
    '/api/runs/:runId',
    {
      config,
      schema: {
        operationId: 'getRun',
        summary: 'Gives a run, its counts and the records that failed',
        tags,
        params: RunAddressSchema,
        response: { 200: answer(named(RunDetailSchema), 'The run') },
      },
    },
    (request) => app.services.runs.get(request.params.runId),
  );

  app.post(
    '/api/runs/:runId/cancel',
    {
      config,
      schema: {
        operationId: 'cancelRun',
        summary: 'Asks a run to stop after the page that it is at',
        tags,
        params: RunAddressSchema,
        response: { 200: answer(named(RunSchema), 'The run as it is now') },
      },
    },
    (request) => app.services.runs.cancel(request.params.runId),
  );

  app.post(
    '/api/runs/:runId/pause',
    {
      config,
      schema: {
        operationId: 'pauseRun',
        summary: 'Lets a run wait, after the pages that it is at, until it is resumed',
        tags,
        params: RunAddressSchema,
        response: { 200: answer(named(RunSchema), 'The run as it is now') },
      },
    },
    (request) => app.services.runs.pause(request.params.runId),
  );

  app.post(
    '/api/runs/:runId/resume',
    {
      config,
      schema: {
        operationId: 'resumeRun',
        summary: 'Lets a paused run go on from where it stands',
        tags,
        params: RunAddressSchema,
        response: { 200: answer(named(RunSchema), 'The run as it is now') },
      },
    },
    (request) => app.services.runs.resume(request.params.runId),
  );
};
