import type { FastifyInstance } from 'fastify';
import { type ObjectRoutesOptions, readScopes } from './object-routes.ts';
import { represent } from './represent.ts';
import { compileSearch, compileSort } from './search-filter.ts';
import { type SearchBody, pageWanted, searchSchema } from './search-query.ts';
import type { Settings } from '../crm-kit/settings-routes.ts';
import type { HubSpotSettings } from './settings.ts';
import type { CrmObject } from './types.ts';

interface SearchRoutesOptions extends ObjectRoutesOptions {
  readonly settings: Settings<HubSpotSettings>;
}

/** https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm. Archived records are never found. */
export const addSearchRoutes = (app: FastifyInstance, { portal, type, settings }: SearchRoutesOptions): void => {
  const { definition, index } = portal.room(type);
  const config = { ...readScopes(type), isHubSpotSearch: true };

  app.post<{ Body: SearchBody }>('/search', { config, schema: { body: searchSchema } }, ({ body }) => {
    const { start, limit } = pageWanted(body);
    const isFound = compileSearch({ portal, type: definition }, body);
    const inOrder = compileSort({ portal, type: definition }, body);
    const matches: CrmObject[] = [];
    for (const object of index.seen(settings.current.searchLagMs).live) if (isFound(object)) matches.push(object);
    const sorted = inOrder ? matches.toSorted(inOrder) : matches;
    const page = sorted.slice(start, start + limit);
    const end = start + page.length;
    return {
      total: matches.length,
      results: page.map((object) => represent(portal, definition, object, { properties: body.properties ?? [], isSearch: true })),
      ...(end < matches.length ? { paging: { next: { after: String(end) } } } : {}),
    };
  });
};
