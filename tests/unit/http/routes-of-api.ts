import { fastify, type RouteOptions } from 'fastify';
import { addApi } from '../../../api/src/http/api.ts';

/** All routes of the API, as they are registered. */
export const routesOfApi = async (): Promise<readonly RouteOptions[]> => {
  const routes: RouteOptions[] = [];
  const app = fastify({ logger: false, exposeHeadRoutes: false });
  app.addHook('onRoute', (route) => void routes.push(route));
  await addApi(app);
  await app.ready();
  await app.close();
  return routes;
};
