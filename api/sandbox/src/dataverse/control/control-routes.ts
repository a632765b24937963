/** The sandbox's own switches, beside the Web API and without sign-in: it listens on this machine only, and holds sample data. */
import type { FastifyInstance } from 'fastify';
import type { Environment, EnvironmentSettings } from '../environment.ts';
import type { SandboxClock } from '../limits/clock.ts';
import type { Traffic } from '../limits/traffic.ts';
import type { KeyDefinition } from '../tables/definition.ts';
import { type FaultOrder, faultOrderSchema, type Faults } from './faults.ts';
import { registerLimitRoutes } from './limit-routes.ts';
import type { StatisticsRecorder } from './statistics.ts';

export interface Controls {
  readonly environment: Environment;
  readonly faults: Faults;
  readonly statistics: StatisticsRecorder;
  readonly traffic: Traffic;
  readonly clock: SandboxClock;
  /** Everything as at start. */
  readonly reset: () => void;
}

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
      securedColumns: { type: 'array', items: { type: 'string', pattern: '^[a-z_]+\\.[a-z0-9_]+$' } },
      requestWebhook: {
        type: 'object',
        nullable: true,
        required: ['url', 'key'],
        additionalProperties: false,
        properties: { url: { type: 'string', pattern: '^http://127\\.0\\.0\\.1:' }, key: { type: 'string', minLength: 1 } },
      },
      keyIndexBuildMs: { type: 'integer', nullable: true, minimum: 0 },
    },
  },
} as const;

export function registerControlRoutes(app: FastifyInstance, controls: Controls): void {
  const { environment, faults, statistics, traffic, clock, reset } = controls;
  registerLimitRoutes(app, { traffic, clock });
  app.get('/sandbox/faults', async () => ({ pending: faults.pending() }));
  app.post<{ Body: FaultOrder }>('/sandbox/faults', { schema: { body: faultOrderSchema } }, async ({ body }) => {
    faults.order(body);
    return { pending: faults.pending() };
  });
  app.delete('/sandbox/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/sandbox/statistics', async () => ({
    ...statistics.current,
    ...statistics.totals,
    elapsedMs: clock.nowMs() - statistics.startedAtMs,
    byUserAndServer: traffic.counts,
  }));
  app.delete('/sandbox/statistics', async (_request, reply) => {
    statistics.reset();
    traffic.clearCounts();
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
