import type { SourceService } from '../contract/services.ts';
import type { SourceBody } from '../contract/sources.ts';
import { isAppError } from '../errors/app-error.ts';
import type { TableName } from '../crm/types.ts';
import type { RunMode } from '../store/runs/types.ts';
import type { Sources } from './sources.ts';
import type { Source } from './types.ts';

export interface NextRun {
  readonly mode: RunMode;
  readonly tables: readonly TableName[] | undefined;
  /** As a person reads it. */
  readonly rule: string;
  readonly nextMs: number;
}

export interface SourceServiceDependencies {
  readonly sources: Sources;
  /** The source's newest run as the API shows it; undefined when there was none. */
  readonly schedulesOf: (sourceId: string) => readonly NextRun[];
  readonly lastRun: (sourceId: string) => Promise<SourceBody['lastRun']>;
  /** null where the source has no webhook. */
  readonly webhookHealth: (source: Source) => Promise<SourceBody['webhooks'] | null>;
  /** How much of the CRM’s request budget is used. */
  readonly budgetOf: (sourceId: string) => Promise<SourceBody['budget']>;
  /** Tables with rows that wait for adoption. */
  readonly unadoptedTables: (source: Source, signal: AbortSignal) => Promise<TableName[]>;
}

export const createSourceService = ({
  sources,
  schedulesOf,
  lastRun,
  webhookHealth,
  budgetOf,
  unadoptedTables,
}: SourceServiceDependencies): SourceService => ({
  async list() {
    return Promise.all(
      sources.all().map(async (source) => {
        const { id, name, connector } = source;
        const webhooks = await webhookHealth(source);
        return {
          id,
          name,
          connector: connector.connectorId,
          tables: [...connector.tables],
          schedules: schedulesOf(id).map(({ mode, tables, rule, nextMs }) => ({
            mode,
            rule,
            nextOn: new Date(nextMs).toISOString(),
            ...(tables === undefined ? {} : { tables: [...tables] }),
          })),
          lastRun: await lastRun(id),
          budget: await budgetOf(id),
          ...(webhooks == null ? {} : { webhooks }),
        };
      }),
    );
  },

  async check(sourceId, signal) {
    const source = sources.get(sourceId);
    const { tookMs, clockSkewMs, notes } = await source.connector.check(signal);
    // The check is about the CRM: that Dataverse does not answer, or lacks our columns, is told elsewhere.
    const waiting = await unadoptedTables(source, signal).catch((error: unknown): TableName[] => {
      if (isAppError(error) && error.code.startsWith('dataverse.')) return [];
      throw error;
    });
    return {
      sourceId,
      isReachable: true,
      tookMilliseconds: Math.round(tookMs),
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
      ...(clockSkewMs === null ? {} : { clockSkewMilliseconds: Math.round(clockSkewMs) }),
      ...(waiting.length === 0 ? {} : { unadoptedTables: waiting }),
    };
  },
});
