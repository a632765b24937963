/** The sandbox's own switches, beside the Web API and without sign-in: it listens on this machine only, and holds sample data. */
import type { FastifyInstance } from 'fastify';
import type { Environment, EnvironmentSettings } from '../environment.ts';
import type { KeyDefinition } from '../tables/definition.ts';
import { type FaultKind, faultKinds, type Faults } from './faults.ts';
import type { StatisticsRecorder } from './statistics.ts';

export interface Controls {
  readonly environment: Environment;
  readonly faults: Faults;
  readonly statistics: StatisticsRecorder;
  /** Everything as at start. */
  readonly reset: () => void;
}

interface FaultBody {
  readonly kind: FaultKind;
  readonly count: number;
  readonly retryAfterSeconds?: number;
  readonly path?: string;
}

const faultSchema = {
  body: {
    type: 'object',
    required: ['kind', 'count'],
    additionalProperties: false,
    properties: {
      kind: { enum: faultKinds },
      count: { type: 'integer', minimum: 1 },
      retryAfterSeconds: { type: 'number', minimum: 0 },
      path: { type: 'string', minLength: 1 },
    },
  },
} as const;

const keyIndexStatuses: readonly KeyDefinition['indexStatus'][] = ['Pending', 'InProgress', 'Active', 'Failed'];

const environmentSchema = {
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      isSolutionInstalled: { type: 'boolean' },
      keyIndexStatus: { enum: keyIndexStatuses },
      offersBulkMessages: { type: 'boolean' },
      isMicrosoftConnectorInstalled: { type: 'boolean' },
      sourceCrmChoices: {
        type: 'array',
        items: {
          type: 'object',
          required: ['value', 'label'],
          additionalProperties: false,
          properties: { value: { type: 'integer' }, label: { type: 'string', minLength: 1 } },
        },
      },
      keyIndexBuildMs: { type: 'integer', nullable: true, minimum: 0 },
    },
  },
} as const;

export function registerControlRoutes(app: FastifyInstance, { environment, faults, statistics, reset }: Controls): void {
  app.post<{ Body: FaultBody }>('/sandbox/faults', { schema: faultSchema }, async ({ body }) => {
    faults.order({ ...body, retryAfterSeconds: body.retryAfterSeconds ?? null, path: body.path ?? null });
    return { pending: faults.pending() };
  });
  app.delete('/sandbox/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/sandbox/statistics', async () => statistics.current);
  app.delete('/sandbox/statistics', async (_request, reply) => {
    statistics.reset();
    return reply.code(204).send();
  });
  app.get('/sandbox/environment', async () => environment.settings);
  app.post<{ Body: Partial<EnvironmentSettings> }>('/sandbox/environment', { schema: environmentSchema }, async ({ body }) => {
    environment.changeSettings(body);
    return environment.settings;
  });
  const keyIndexes = () =>
    environment.model.tables.flatMap(({ logicalName: table, keys }) =>
      keys.map(({ logicalName: key, indexStatus }) => ({ table, key, indexStatus })),
    );
  app.get('/sandbox/key-indexes', async () => ({ keyIndexes: keyIndexes() }));
  app.post('/sandbox/key-indexes/advance', async () => {
    environment.keyIndexes.advanceByOneStep();
    return { keyIndexes: keyIndexes() };
  });
  app.delete('/sandbox/rows', async (_request, reply) => {
    reset();
    return reply.code(204).send();
  });
}
