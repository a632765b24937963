import type { SourceService } from '../contract/services.ts';
import type { SourceBody } from '../contract/schemas.ts';
import type { Sources } from './sources.ts';

export interface SourceServiceDependencies {
  readonly sources: Sources;
  /** The source's newest run as the API shows it; undefined when there was none. */
  readonly lastRun: (sourceId: string) => Promise<SourceBody['lastRun']>;
}

export const createSourceService = ({ sources, lastRun }: SourceServiceDependencies): SourceService => ({
  async list() {
    return Promise.all(
      sources.all().map(async ({ id, name, connector }) => ({
        id,
        name,
        connector: connector.connectorId,
        tables: [...connector.tables],
        lastRun: await lastRun(id),
      })),
    );
  },

  async check(sourceId, signal) {
    const { connector } = sources.get(sourceId);
    const { tookMs, clockSkewMs, notes } = await connector.check(signal);
    return {
      sourceId,
      isReachable: true,
      tookMilliseconds: Math.round(tookMs),
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
      ...(clockSkewMs === null ? {} : { clockSkewMilliseconds: Math.round(clockSkewMs) }),
    };
  },
});
