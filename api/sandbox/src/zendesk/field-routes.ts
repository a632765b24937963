import { type FastifyInstance } from 'fastify';
import { type CustomField, organizationFields, userFields } from './custom-fields.ts';

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

/** Which custom fields the account has. https://developer.zendesk.com/api-reference/ticketing/users/user_fields/ */
export const addFieldRoutes = (app: FastifyInstance): void => {
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
};
