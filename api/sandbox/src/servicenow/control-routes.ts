import type { FastifyInstance } from 'fastify';
import type { Instance } from './data/instance.ts';
import { findTable } from './data/tables.ts';
import { errors } from './errors.ts';
import type { SignIn } from './oauth/sign-in.ts';
import { readValues } from './rest/write-values.ts';

const massUpdateSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['table', 'count', 'values'],
  properties: {
    table: { type: 'string' },
    count: { type: 'integer', minimum: 1 },
    values: { type: 'object' },
    isSilent: { type: 'boolean' },
  },
} as const;

interface MassUpdate {
  readonly table: string;
  readonly count: number;
  readonly values: object;
  readonly isSilent?: boolean;
}

/** What happens on an instance without the API: jobs change thousands of rows in a second, and admins end sessions. */
export const addServiceNowControlRoutes = (
  app: FastifyInstance,
  { instance, signIn }: { readonly instance: Instance; readonly signIn: SignIn },
): void => {
  app.delete('/sandbox/sessions', (_request, reply) => {
    signIn.endAll();
    return reply.status(204).send();
  });

  /** The first rows by sys_id. `isSilent`: by a script that leaves the system fields alone and runs no business rule. */
  app.post<{ Body: MassUpdate }>('/sandbox/mass-update', { schema: { body: massUpdateSchema } }, (request) => {
    const { count, values, isSilent = false } = request.body;
    const table = findTable(request.body.table);
    if (!table?.isWritable) throw errors.noSuchTable(request.body.table);
    const rows = instance.rowsOf(table).slice(0, count);
    for (const row of rows) instance.update(table, row, readValues(table, values), { isSilent });
    return { updated: rows.length };
  });
};
