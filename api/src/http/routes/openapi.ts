import type { Routes } from '../app.ts';

/** The API's own description, in both versions. */
export const openApiRoutes: Routes = async (app) => {
  const options = { config: { access: 'everyone' }, schema: { hide: true } } as const;
  app.get('/openapi.json', options, async () => app.swagger());

  // A custom connector takes its host from the document: the address by which its maker fetched it is the one that works.
  app.get('/swagger.json', options, async (request) => ({ ...app.swagger2(), host: request.host, schemes: [request.protocol] }));
};
