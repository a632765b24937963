import { ApplySetupSchema, SetupSchema } from '../../contract/setup.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { allowNoBody } from '../no-body.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const tags = ['setup'];

export const setupRoutes: Routes = async (app) => {
  app.get(
    '/api/setup',
    {
      config,
      schema: {
        operationId: 'getSetup',
        summary: 'Says what of our columns and keys the environment has, and what differs',
        tags,
        response: { 200: answer(named(SetupSchema), 'What is there now') },
      },
    },
    (_request, reply) => app.services.setup.inspect(clientGone(reply)),
  );

  app.post(
    '/api/setup',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        operationId: 'applySetup',
        summary: 'Makes the columns and keys that are missing; ask getSetup until the keys are active',
        tags,
        body: named(ApplySetupSchema),
        response: { 200: answer(named(SetupSchema), 'What was changed, and what differs still') },
      },
    },
    ({ body }, reply) => {
      const { setup } = app.services;
      return body.isDryRun === true ? setup.inspect(clientGone(reply)) : setup.apply(clientGone(reply));
    },
  );
};
