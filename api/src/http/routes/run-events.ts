import type { Readable } from 'node:stream';
import Type from 'typebox';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { RunIdSchema } from '../parameters.ts';
import { createRunEvents } from '../run-events.ts';

export const runEventRoutes: Routes = async (app) => {
  const runEvents = createRunEvents();
  // An open stream would keep the server from closing.
  app.addHook('preClose', async () => runEvents.endAll());

  app.get(
    '/api/runs/:runId/events',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'watchRun',
        summary: 'Streams a run as it moves, until it is over (server-sent events)',
        description: 'Each event is called `run` and its data is a Run; an event `problem` with a Problem ends a stream that broke.',
        tags: ['runs'],
        params: Type.Object({ runId: RunIdSchema }),
        response: {
          200: {
            description: 'Events until the run is over',
            content: { 'text/event-stream': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const stream = await runEvents.open({
        watch: (signal) => app.services.runs.watch(request.params.runId, signal),
        request,
        reply,
      });
      return reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store, no-transform')
        .header('x-accel-buffering', 'no')
        .send(stream);
    },
  );
};
