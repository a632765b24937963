import Type from 'typebox';
import { BrowserSignInSchema, FinishSignInSchema, SignedInSchema } from '../../contract/sign-in.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const pageOf = (text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>CRM Sync</title><body><p>${text}</p></body></html>`;
const done = pageOf('The source is signed in. You can close this window.');
const declined = pageOf('The CRM did not let us in. Begin again with <code>crm-sync sources connect</code>.');

export const signInRoutes: Routes = async (app) => {
  app.post(
    '/api/sources/:sourceId/sign-in',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'beginSignIn',
        summary: 'Begins the sign-in of a source that needs a browser, and gives the address to open',
        tags: ['sources'],
        params: Type.Object({ sourceId: SourceIdSchema }),
        response: { 200: answer(named(BrowserSignInSchema), 'Open the address within 15 minutes') },
      },
    },
    (request) => app.services.signIns.begin(request.params.sourceId),
  );

  app.post(
    '/api/sign-in',
    {
      config: { access: forAdmins },
      schema: {
        operationId: 'finishSignIn',
        summary: 'Ends a sign-in with the code that the browser came back with, where the CRM cannot send it here',
        tags: ['sources'],
        body: named(FinishSignInSchema),
        response: { 200: answer(named(SignedInSchema), 'The source is signed in') },
      },
    },
    (request, reply) => app.services.signIns.finish(request.body, clientGone(reply)),
  );

  // The browser has no token of ours: the state, which only whoever began knows, is the proof. It works once.
  app.get(
    '/api/sign-in/return',
    {
      config: { access: 'everyone' },
      schema: {
        hide: true,
        querystring: Type.Object({
          state: Type.Optional(Type.String({ maxLength: 200 })),
          code: Type.Optional(Type.String({ maxLength: 4000 })),
          error: Type.Optional(Type.String({ maxLength: 1000 })),
        }),
      },
    },
    async (request, reply) => {
      const { state, code } = request.query;
      void reply.type('text/html; charset=utf-8').header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
      if (state === undefined || code === undefined) return reply.code(400).send(declined);
      await app.services.signIns.finish({ state, code }, clientGone(reply));
      return reply.send(done);
    },
  );
};
