import type { FastifyInstance } from 'fastify';

/** What an admin of the CRM could set, and what only a test would. Read at each use, so a change counts from the next request on. */
export interface Settings<Values extends object> {
  current: Readonly<Values>;
}

interface SettingsRoutesOptions<Values extends object> {
  readonly settings: Settings<Values>;
  /** A JSON schema per setting. */
  readonly properties: Readonly<Record<keyof Values, object>>;
}

/** `GET` and `PATCH /sandbox/settings`. */
export const addSettingsRoutes = <Values extends object>(
  app: FastifyInstance,
  { settings, properties }: SettingsRoutesOptions<Values>,
): void => {
  const body = { type: 'object', additionalProperties: false, properties };
  app.get('/sandbox/settings', () => settings.current);
  app.patch<{ Body: Partial<Values> }>('/sandbox/settings', { schema: { body } }, (request) => {
    settings.current = Object.assign({}, settings.current, request.body);
    return settings.current;
  });
};
