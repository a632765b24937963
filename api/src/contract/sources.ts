import Type, { type Static } from 'typebox';
import { WebhookHealthSchema } from './deliveries.ts';
import { TableNameSchema, count, instant } from './parts.ts';
import { RunModeSchema, RunSchema } from './runs.ts';

export const RequestBudgetSchema = Type.Object(
  {
    day: Type.String({ format: 'date', description: 'Days end at midnight UTC' }),
    requestsToday: count('By all processes'),
    processes: count('That ask this CRM at present, and share its limits'),
    limits: Type.Array(
      Type.Object({
        requests: count('That may be made'),
        perSeconds: Type.Optional(Type.Number({ minimum: 0, description: 'In so long; absent: at the same time' })),
        on: Type.Optional(Type.Array(Type.String(), { description: 'The kinds of request that count; all when absent' })),
        used: count('Of them, by all processes'),
      }),
      { description: 'What the connector keeps to' },
    ),
    told: Type.Array(
      Type.Object({
        header: Type.String(),
        used: Type.Optional(count('As the CRM counts, whoever asked')),
        limit: Type.Optional(count('In all')),
        remaining: Type.Optional(count('Still to be had')),
      }),
      { description: 'What the CRM itself says of its budgets' },
    ),
    toldOn: Type.Optional(instant('When it said so')),
    restsSeconds: count('The CRM takes no request for so long; 0: it does'),
    keptSeconds: count('For so long what is left is kept for what a person waits for; 0: it is not'),
  },
  { description: 'How much of the CRM’s request budget is used' },
);

export const SourceSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    connector: Type.String(),
    tables: Type.Array(TableNameSchema),
    schedules: Type.Array(
      Type.Object({
        mode: RunModeSchema,
        tables: Type.Optional(Type.Array(TableNameSchema, { description: 'All of the source when absent' })),
        rule: Type.String({ description: 'As a person reads it, such as “every 15m”' }),
        nextOn: instant('When it is due next'),
      }),
      { description: 'Runs that start by themselves' },
    ),
    lastRun: Type.Optional(RunSchema),
    webhooks: Type.Optional(WebhookHealthSchema),
    budget: Type.Optional(RequestBudgetSchema),
  },
  { $id: 'Source' },
);
export const SourceListSchema = Type.Object({ sources: Type.Array(SourceSchema) }, { $id: 'SourceList' });
export const SourceCheckSchema = Type.Object(
  {
    sourceId: Type.String(),
    isReachable: Type.Boolean(),
    tookMilliseconds: Type.Number(),
    clockSkewMilliseconds: Type.Optional(Type.Number()),
    unadoptedTables: Type.Optional(
      Type.Array(TableNameSchema, { description: 'Tables with rows that Microsoft’s flows made and that wait for adoption' }),
    ),
    notes: Type.Optional(Type.Array(Type.String(), { description: 'What the admin should know, such as that the vendor ends something' })),
  },
  { $id: 'SourceCheck' },
);

export type RequestBudgetBody = Static<typeof RequestBudgetSchema>;
export type SourceBody = Static<typeof SourceSchema>;
export type SourceCheckBody = Static<typeof SourceCheckSchema>;
