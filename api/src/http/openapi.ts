import { fastify } from 'fastify';
import { addApi } from './api.ts';

export interface OpenApiDocuments {
  /** OpenAPI 3.0.3: what the typed client is generated from. */
  readonly openapi: object;
  /** OpenAPI 2.0: what a Power Platform custom connector is made from. */
  readonly swagger: object;
}

/** Made from the routes' schemas without starting anything; the same text every time. */
export const buildOpenApiDocuments = async (): Promise<OpenApiDocuments> => {
  const app = fastify({ logger: false, exposeHeadRoutes: false });
  try {
    await addApi(app);
    await app.ready();
    return { openapi: app.swagger(), swagger: app.swagger2() };
  } finally {
    await app.close();
  }
};
