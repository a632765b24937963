import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Services } from '../contract/services.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What the routes call. Absent while only the OpenAPI documents are made, when no route is called. */
    services: Services;
  }
}

/** A resource of the API: its schemas and its calls. */
export type Routes = FastifyPluginAsyncTypebox;
