import Type from 'typebox';
import {
  HookChangesSchema,
  HookGuideSchema,
  HookNameSchema,
  HookStatesSchema,
  HookTrialSchema,
  InstallHookSchema,
  RemoveHookSchema,
  TestHookSchema,
} from '../../contract/hooks.ts';
import { forAdmins } from '../access.ts';
import type { Routes } from '../app.ts';
import { clientGone } from '../client-gone.ts';
import { allowNoBody } from '../no-body.ts';
import { SourceIdSchema } from '../parameters.ts';
import { answer, named } from '../references.ts';

const config = { access: forAdmins };
const ofHook = { querystring: Type.Object({ hook: Type.Optional(HookNameSchema) }) };
const shared = { tags: ['webhooks'], params: Type.Object({ sourceId: SourceIdSchema }) };

export const hookSetupRoutes: Routes = async (app) => {
  app.get(
    '/api/sources/:sourceId/webhook/guide',
    {
      config,
      schema: {
        ...shared,
        ...ofHook,
        operationId: 'getHookGuide',
        summary: 'Says how the CRM of a source is brought to post what changes, with the files for it',
        response: { 200: answer(named(HookGuideSchema), 'Steps and files, without a secret') },
      },
    },
    ({ params, query }) => app.services.hookSetup.guide(params.sourceId, query),
  );

  app.get(
    '/api/sources/:sourceId/webhook',
    {
      config,
      schema: {
        ...shared,
        ...ofHook,
        operationId: 'getHook',
        summary: 'Asks the CRM what of the webhook is there',
        response: { 200: answer(named(HookStatesSchema), 'What is there') },
      },
    },
    ({ params, query }, reply) => app.services.hookSetup.list(params.sourceId, query, clientGone(reply)),
  );

  app.post(
    '/api/sources/:sourceId/webhook/install',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        ...shared,
        operationId: 'installHook',
        summary: 'Makes the webhook over the CRM’s API, or mends it; may be repeated',
        body: named(InstallHookSchema),
        response: { 200: answer(named(HookChangesSchema), 'What was changed in the CRM') },
      },
    },
    ({ params, body }, reply) => app.services.hookSetup.install(params.sourceId, body, clientGone(reply)),
  );

  app.post(
    '/api/sources/:sourceId/webhook/remove',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        ...shared,
        operationId: 'removeHook',
        summary: 'Takes the webhook out of the CRM again; what is not ours stays',
        body: named(RemoveHookSchema),
        response: { 200: answer(named(HookChangesSchema), 'What was changed in the CRM') },
      },
    },
    ({ params, body }, reply) => app.services.hookSetup.remove(params.sourceId, body, clientGone(reply)),
  );

  app.post(
    '/api/sources/:sourceId/webhook/test',
    {
      config,
      preValidation: allowNoBody,
      schema: {
        ...shared,
        operationId: 'testHook',
        summary: 'Sends a signed sample the whole way, from the public address to the row, and says how each step went',
        body: named(TestHookSchema),
        response: { 200: answer(named(HookTrialSchema), 'How it went') },
      },
    },
    ({ params, body }, reply) => app.services.hookSetup.test(params.sourceId, body, clientGone(reply)),
  );
};
