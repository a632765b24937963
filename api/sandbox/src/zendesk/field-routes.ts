import type { FastifyInstance } from 'fastify';
import type { Settings } from '../crm-kit/settings-routes.ts';
import { type CustomField, organizationFields, userFields } from './custom-fields.ts';
import type { ZendeskSettings } from './settings.ts';

const fieldJson = ({ id, key, title, type }: CustomField, index: number): object => ({
  id,
  key,
  type,
  title,
  raw_title: title,
  description: '',
  position: index,
  active: true,
  system: false,
  regexp_for_validation: null,
  created_at: '2024-12-01T09:00:00Z',
  updated_at: '2024-12-01T09:00:00Z',
});

/** In the order of their ids, as the system made them with the account. */
const ticketFields = [
  ['subject', 'Subject'],
  ['description', 'Description'],
  ['status', 'Status'],
  ['priority', 'Priority'],
] as const;

/**
 * Which custom fields the account has. https://developer.zendesk.com/api-reference/ticketing/users/user_fields/
 * And which fields tickets have, all at once unless asked for pages: …/ticketing/tickets/ticket_fields/
 */
export const addFieldRoutes = (app: FastifyInstance, settings: Settings<ZendeskSettings>): void => {
  const lists = {
    user_fields: { fields: userFields, resource: 'users' },
    organization_fields: { fields: organizationFields, resource: 'organizations' },
  } as const;
  for (const [name, { fields, resource }] of Object.entries(lists)) {
    app.get(`/${name}`, { config: { zendeskResource: resource } }, () => ({
      [name]: fields.map(fieldJson),
      next_page: null,
      previous_page: null,
      count: fields.length,
    }));
  }
  app.get('/ticket_fields', () => ({
    ticket_fields: ticketFields.map(([type, title], index) => ({
      id: settings.current.systemFieldsFrom + index,
      type,
      title,
      raw_title: title,
      description: title,
      position: index,
      active: true,
      required: false,
      removable: false,
      tag: null,
      created_at: '2024-12-01T09:00:00Z',
      updated_at: '2024-12-01T09:00:00Z',
    })),
    next_page: null,
    previous_page: null,
    count: ticketFields.length,
  }));
};
