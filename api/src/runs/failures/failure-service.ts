import type { OpenFailureBody } from '../../contract/failures.ts';
import type { FailureService } from '../../contract/services.ts';
import { isTableName } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { helpFor } from '../../errors/help-for.ts';
import type { FailurePosition, FailureStore, ManagedFailure } from '../../store/failures/types.ts';
import type { Jobs } from '../../store/jobs/types.ts';
import type { Sources } from '../../sync/sources.ts';
import type { Clock } from '../../sync/types.ts';
import { nextRetryOnMs } from './retry-delays.ts';

export interface FailureServiceDependencies {
  readonly sources: Sources;
  readonly failures: FailureStore;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly clock: Clock;
}

const instant = (ms: number): string => new Date(ms).toISOString();

const toBody = (failure: ManagedFailure): OpenFailureBody => {
  const { firstSeenOnMs, lastSeenOnMs, note, ...rest } = failure;
  const nextMs = failure.isIgnored ? null : nextRetryOnMs(failure);
  return {
    ...rest,
    help: helpFor(failure.code),
    firstSeenOn: instant(firstSeenOnMs),
    lastSeenOn: instant(lastSeenOnMs),
    ...(nextMs === null ? {} : { nextRetryOn: instant(nextMs) }),
    ...(note === null ? {} : { note }),
  };
};

/** Table and id as one text; a table's name holds no ~. */
const writePosition = ({ table, recordId }: FailurePosition): string => `${table}~${recordId}`;
const readPosition = (text: string): FailurePosition => {
  const at = text.indexOf('~');
  const table = text.slice(0, Math.max(at, 0));
  if (!isTableName(table)) throw new AppError('request.invalid', { problem: '“after” is none that a page before has given' });
  return { table, recordId: text.slice(at + 1) };
};

export const createFailureService = ({ sources, failures, jobs, clock }: FailureServiceDependencies): FailureService => ({
  async list(sourceId, { after, limit, ...filter }) {
    sources.get(sourceId);
    const position = after === undefined ? null : readPosition(after);
    const [groups, records] = await Promise.all([
      failures.groups(sourceId),
      failures.list(sourceId, { ...filter, after: position, limit }),
    ]);
    const last = records.length === limit ? records.at(-1) : undefined;
    return {
      sourceId,
      groups: groups.map((group) => ({ ...group, help: helpFor(group.code) })),
      records: records.map(toBody),
      ...(last === undefined ? {} : { nextAfter: writePosition(last) }),
    };
  },

  async decide(sourceId, { action, note, ...filter }) {
    const { connector } = sources.get(sourceId);
    if (filter.recordIds !== undefined && filter.table === undefined)
      throw new AppError('request.invalid', { problem: '“recordIds” needs “table”: ids are unique within one table only' });
    if (action === 'ignore') return { decided: await failures.ignore(sourceId, filter) };
    if (action === 'annotate') return { decided: await failures.annotate(sourceId, filter, note ?? null) };
    if (filter.table !== undefined && connector.table(filter.table).readCarried !== undefined)
      throw new AppError('record.push_only', { source: sourceId, table: filter.table });
    const decided = await failures.askForRetry(sourceId, filter, clock.nowMs());
    if (decided === 0) return { decided };
    for (const table of connector.tables) {
      if (filter.table === undefined || filter.table === table)
        await jobs.send('failures', { sourceId, table }, { singletonKey: `${sourceId} ${table}` });
    }
    return { decided };
  },
});
