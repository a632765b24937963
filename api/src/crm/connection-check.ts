import { AppError } from '../errors/app-error.ts';
import { compileCondition } from './expression/compile.ts';
import type { CrmClock } from './http/crm-clock.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { ConnectionParts } from './reader/connection-parts.ts';
import { compileRequest } from './reader/request-builder.ts';
import type { SourceConnector, TableReader } from './types.ts';

/** “Test connection”: the manifest's probe, or else the first page of the first table. */
export const createCheck = (options: {
  readonly manifest: Manifest;
  readonly connection: ConnectionParts;
  readonly firstTable: TableReader | undefined;
  readonly crmClock: CrmClock;
  readonly nowMs: () => number;
}): SourceConnector['check'] => {
  const { manifest, connection, firstTable, crmClock, nowMs } = options;
  const { probe } = manifest;
  const ask = async (signal: AbortSignal): Promise<void> => {
    if (probe === undefined) {
      for await (const _page of firstTable?.listAll(null, signal) ?? []) return;
      return;
    }
    const what = `the probe (${probe.method ?? 'GET'} ${probe.path})`;
    const source = connection.sourceId;
    const request = compileRequest({ request: probe, ...connection })({});
    const answer = await connection.http.send({ ...request, what, missingStatuses: new Set(), isUrgent: true }, signal);
    if (answer.meaning === 'missing') throw new AppError('crm.refused', { source, what, status: answer.status });
    if (probe.expect !== undefined && !compileCondition(probe.expect)(answer.body)) {
      throw new AppError('crm.bad_answer', { source, what, problem: `“${probe.expect}” does not hold` });
    }
  };
  return async (signal) => {
    const startedMs = nowMs();
    await ask(signal);
    return { isReachable: true, clockSkewMs: crmClock.skewMs(), tookMs: nowMs() - startedMs };
  };
};
