import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { TokenVerifier } from '../identity/caller.ts';
import { addAccess } from './access.ts';
import { addDocuments } from './documents.ts';
import { namedSchemas } from './references.ts';
import { clientConfigurationRoutes } from './routes/client-configuration.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { failureRoutes } from './routes/failures.ts';
import { hookSetupRoutes } from './routes/hook-setup.ts';
import { healthRoutes } from './routes/health.ts';
import { removalRoutes } from './routes/removals.ts';
import { recordRoutes } from './routes/records.ts';
import { runEventRoutes } from './routes/run-events.ts';
import { runStatementRoutes } from './routes/run-statement.ts';
import { runRoutes } from './routes/runs.ts';
import { dataverseRoutes } from './routes/dataverse.ts';
import { setupRoutes } from './routes/setup.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { sourceRoutes } from './routes/sources.ts';
import { syncRequestRoutes } from './routes/sync-requests.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createSerializerCompiler } from './serialisation.ts';
import { createValidatorCompiler } from './validation.ts';

const resources = [
  sourceRoutes,
  dataverseRoutes,
  setupRoutes,
  signInRoutes,
  runRoutes,
  runEventRoutes,
  runStatementRoutes,
  failureRoutes,
  removalRoutes,
  recordRoutes,
  webhookRoutes,
  deliveryRoutes,
  hookSetupRoutes,
  syncRequestRoutes,
  healthRoutes,
  clientConfigurationRoutes,
];

/** The whole API with its description. Without a verifier it can be described but not called. */
export const addApi = async (app: FastifyInstance, verifier?: TokenVerifier): Promise<void> => {
  app.setValidatorCompiler(createValidatorCompiler());
  app.setSerializerCompiler(createSerializerCompiler());
  for (const schema of namedSchemas()) app.addSchema(schema);
  await addDocuments(app);
  addAccess(app, verifier);
  for (const resource of resources) await app.withTypeProvider<TypeBoxTypeProvider>().register(resource);
};
