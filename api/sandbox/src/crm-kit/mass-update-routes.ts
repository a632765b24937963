import type { FastifyInstance } from 'fastify';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['table', 'count'],
  properties: { table: { enum: ['accounts', 'contacts'] }, count: { type: 'integer', minimum: 1 } },
} as const;

export interface MassUpdate {
  readonly table: 'accounts' | 'contacts';
  readonly count: number;
}

/** `POST /sandbox/mass-update`: a bulk edit, as a person makes it in the CRM. More records share one moment than a page holds. */
export const addMassUpdateRoutes = (app: FastifyInstance, update: (wanted: MassUpdate) => number): void => {
  app.post<{ Body: MassUpdate }>('/sandbox/mass-update', { schema: { body: schema } }, ({ body }) => ({ updated: update(body) }));
};
