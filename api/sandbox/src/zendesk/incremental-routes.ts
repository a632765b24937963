import type { FastifyInstance } from 'fastify';
import { textIn } from '../crm-kit/query.ts';
import { badRequest, invalidValue } from './errors.ts';
import type { ChangePoint } from './record-store.ts';
import { organizationJson, userJson } from './represent.ts';
import { secondOf } from './types.ts';
import type { RoutesOptions } from './user-routes.ts';

/** "Any items that were created or changed within the minute prior to your request are excluded." */
const excludedMs = 60_000;
const pageLimit = 1_000;
const sampleLimit = 50;

const secondsOf = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Opaque to everybody else: where the last page ended. */
const encodePoint = ({ updatedAt, id }: ChangePoint): string => Buffer.from(`${secondsOf(updatedAt)}.0||${id}`).toString('base64');

const decodePoint = (cursor: string): ChangePoint => {
  const parts = /^(\d+)\.0\|\|(\d*)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!parts) throw badRequest('InvalidCursor', 'The cursor is invalid.');
  return { updatedAt: secondOf(new Date(Number(parts[1]) * 1000)), id: parts[2] ?? '' };
};

/**
 * Changes since a moment, the oldest first, deleted users included.
 * https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 */
export const addIncrementalRoutes = (app: FastifyInstance, { directory, baseUrl }: RoutesOptions): void => {
  const until = (): string => secondOf(new Date(directory.now().getTime() - excludedMs));
  const startOf = (query: unknown): string => {
    const text = textIn(query, 'start_time');
    if (text === undefined) throw badRequest('BadRequest', 'start_time is required');
    if (!/^\d{1,11}$/.test(text)) throw invalidValue('start_time must be a Unix epoch time in seconds');
    const start = secondOf(new Date(Number(text) * 1000));
    if (start > until()) throw invalidValue('Too recent start_time. Use a start_time older than 1 minute');
    return start;
  };
  const limitOf = (query: unknown): number => {
    const text = textIn(query, 'per_page') ?? String(pageLimit);
    if (!/^\d+$/.test(text) || Number(text) < 1) throw invalidValue('per_page must be an integer from 1 on');
    return Math.min(Number(text), pageLimit);
  };

  const users = { config: { zendeskResource: 'users', zendeskExport: 'full', isForAdmins: true } } as const;
  app.get('/incremental/users/cursor', users, ({ query }) => {
    const cursor = textIn(query, 'cursor');
    const limit = limitOf(query);
    const start = cursor === undefined ? startOf(query) : decodePoint(cursor);
    const changes = directory.users.changes(start, { until: until(), limit: limit + 1 });
    const page = changes.slice(0, limit);
    const last = page.at(-1);
    // The cursor outlives the end of the stream: the next export goes on from it.
    const at = last ? encodePoint(last) : (cursor ?? encodePoint({ updatedAt: startOf(query), id: '' }));
    return {
      users: page.map((user) => userJson(user, baseUrl())),
      after_url: `${baseUrl()}/api/v2/incremental/users/cursor.json?per_page=${limit}&cursor=${encodeURIComponent(at)}`,
      after_cursor: at,
      before_url: null,
      before_cursor: null,
      end_of_stream: changes.length <= limit,
    };
  });

  /**
   * By time, not by cursor: the next page begins with the second that this one ended with, so its records come twice; and when
   * more share one second than a page holds, the next page is this one again.
   */
  const byTime = (query: unknown, limit: number, path: string): object => {
    const start = startOf(query);
    const changes = directory.organizations.changes(start, { until: until(), limit: limit + 1 });
    const page = changes.slice(0, limit);
    const isEnd = changes.length <= limit;
    const end = secondsOf(page.at(-1)?.updatedAt ?? start);
    return {
      organizations: page.map((organization) => organizationJson(organization, baseUrl())),
      count: page.length,
      end_time: end,
      next_page: `${baseUrl()}/api/v2/incremental/${path}.json?per_page=${limit}&start_time=${end}`,
      end_of_stream: isEnd,
    };
  };
  const organizations = { zendeskResource: 'organizations', isForAdmins: true } as const;
  app.get('/incremental/organizations', { config: { ...organizations, zendeskExport: 'full' } }, ({ query }) =>
    byTime(query, limitOf(query), 'organizations'),
  );
  app.get('/incremental/organizations/sample', { config: { ...organizations, zendeskExport: 'sample' } }, ({ query }) =>
    byTime(query, sampleLimit, 'organizations/sample'),
  );
};
