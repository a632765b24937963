import type { FastifyInstance } from 'fastify';
import { findObject } from './data/objects.ts';
import type { Org } from './data/org.ts';
import type { SObject } from './data/sobject.ts';
import { SalesforceError, errors } from './errors.ts';
import type { JwtBearer } from './oauth/jwt-bearer.ts';
import type { Sessions } from './oauth/sessions.ts';
import { readValues } from './rest/read-values.ts';
import type { DeleteLog } from './rest/replication-routes.ts';

const text = { type: 'string' } as const;

const mergeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['masterId', 'loserIds'],
  properties: { masterId: text, loserIds: { type: 'array', items: text, minItems: 1, maxItems: 2 } },
} as const;

const massUpdateSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['object', 'count'],
  properties: { object: text, count: { type: 'integer', minimum: 1 }, values: { type: 'object' }, isBySystem: { type: 'boolean' } },
} as const;

interface MassUpdate {
  readonly object: string;
  readonly count: number;
  readonly values?: object;
  readonly isBySystem?: boolean;
}

export interface ControlOptions {
  readonly org: Org;
  readonly sessions: Sessions;
  readonly jwtBearer: JwtBearer;
  readonly deleteLog: DeleteLog;
  readonly now: () => Date;
}

/** What happens in an organisation without the REST API: people merge, admins empty bins, jobs change thousands of records at once. */
export const addSalesforceControlRoutes = (app: FastifyInstance, { org, sessions, jwtBearer, deleteLog, now }: ControlOptions): void => {
  app.delete('/sandbox/sessions', (_request, reply) => {
    sessions.endAll();
    return reply.status(204).send();
  });

  app.get('/sandbox/certificate', () => jwtBearer.keyPair());
  app.put<{ Body: { publicKey: string } }>(
    '/sandbox/certificate',
    { schema: { body: { type: 'object', required: ['publicKey'], properties: { publicKey: text } } } },
    async (request, reply) => {
      const isKey = await jwtBearer.register(request.body.publicKey).then(
        () => true,
        () => false,
      );
      if (!isKey) throw new SalesforceError(400, 'INVALID_CERTIFICATE', 'publicKey must be a public RSA key in PEM.');
      return reply.status(204).send();
    },
  );

  app.post<{ Body: { masterId: string; loserIds: readonly string[] } }>(
    '/sandbox/merge',
    { schema: { body: mergeSchema } },
    (request, reply) => {
      const find = (id: string): { readonly object: string; readonly record: SObject } => {
        const object = id.startsWith('001') ? 'Account' : 'Contact';
        const record = org.get(object, id);
        if (!record || record.IsDeleted) throw errors.noSuchResource();
        return { object, record };
      };
      const master = find(request.body.masterId);
      const losers = request.body.loserIds.map(find);
      if (losers.some(({ object, record }) => object !== master.object || record.Id === master.record.Id)) {
        throw new SalesforceError(400, 'INVALID_ID_FIELD', 'The losers must be other records of the master’s object.');
      }
      org.merge(
        master.object,
        master.record,
        losers.map(({ record }) => record),
      );
      return reply.status(204).send();
    },
  );

  /** One transaction: all get the same SystemModstamp. */
  app.post<{ Body: MassUpdate }>('/sandbox/mass-update', { schema: { body: massUpdateSchema } }, (request) => {
    const { count, values = {}, isBySystem = false } = request.body;
    const object = findObject(request.body.object);
    if (!object?.isWritable) throw errors.invalidType(request.body.object);
    const records = org
      .all(object.name)
      .filter((record) => !record.IsDeleted)
      .slice(0, count);
    org.update(object.name, records, readValues(org, object, values), { isBySystem });
    return { updated: records.length };
  });

  app.delete('/sandbox/recycle-bin', (_request, reply) => {
    org.emptyBin();
    return reply.status(204).send();
  });

  /** As when the log grew too long: getDeleted knows nothing from before now. */
  app.delete('/sandbox/delete-log', (_request, reply) => {
    deleteLog.purgedUntil = now().toISOString();
    return reply.status(204).send();
  });
};
