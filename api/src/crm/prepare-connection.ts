import { AppError } from '../errors/app-error.ts';
import { compileCondition, compilePath } from './expression/compile.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { OperationName } from './manifest/schema/parts.ts';
import type { RequestBody } from './manifest/schema/request.ts';
import type { ConnectionParts, Prepared } from './reader/connection-parts.ts';
import { compileRequest } from './reader/request-builder.ts';
import type { TenantGuard } from './tenant-guard.ts';
import type { JsonValue } from './types.ts';

type Connection = Omit<ConnectionParts, 'prepare'>;

const noStatuses: ReadonlySet<number> = new Set();

const ask = async (
  connection: Connection,
  request: RequestBody,
  name: OperationName,
  what: string,
  signal: AbortSignal,
): Promise<JsonValue> => {
  const { http, sourceId: source } = connection;
  const built = compileRequest({ request, ...connection })({});
  const answer = await http.send({ ...built, operation: name, what, missingStatuses: noStatuses, urgency: 'person' }, signal);
  if (answer.meaning === 'missing') throw new AppError('crm.refused', { source, what, status: answer.status });
  return answer.body;
};

/** Asks the manifest’s probe and looks whose data it is; null where the manifest does not say how to tell. */
export const createProbe = (manifest: Manifest, connection: Connection, guard: TenantGuard | null) => {
  const { probe } = manifest;
  if (probe === undefined) return null;
  const what = `the probe (${probe.method ?? 'GET'} ${probe.path})`;
  const holds = probe.expect === undefined ? null : compileCondition(probe.expect);
  return async (signal: AbortSignal): Promise<string | null> => {
    const body = await ask(connection, probe, 'probe', what, signal);
    if (holds !== null && !holds(body))
      throw new AppError('crm.bad_answer', { source: connection.sourceId, what, problem: `“${String(probe.expect)}” does not hold` });
    return guard === null ? null : guard.look(body);
  };
};

/** Runs once for all who ask at the same time; again after a failure. */
const shared = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let underWay: Promise<Value> | null = null;
  return () => {
    underWay ??= work().finally(() => {
      underWay = null;
    });
    return underWay;
  };
};

/** What has to be known before anything is read: whose data it is, and the values that are looked up once. */
export const createPreparation = (options: {
  readonly manifest: Manifest;
  readonly connection: Connection;
  readonly guard: TenantGuard | null;
}): ConnectionParts['prepare'] => {
  const { manifest, connection, guard } = options;
  const never = new AbortController().signal;
  const probe = createProbe(manifest, connection, guard);
  const lookUps = Object.entries(manifest.discover ?? {});
  let prepared: Prepared | null = lookUps.length === 0 ? { found: {} } : null;

  const lookUp = async (): Promise<Prepared> => {
    const found: Record<string, JsonValue> = {};
    for (const [name, request] of lookUps) {
      const what = `the look-up of ${name} (${request.method ?? 'GET'} ${request.path})`;
      const value = compilePath(request.value)(await ask(connection, request, 'discover', what, never));
      if (value === undefined || value === null)
        throw new AppError('crm.bad_answer', { source: connection.sourceId, what, problem: `there is nothing at “${request.value}”` });
      found[name] = value;
    }
    return { found };
  };
  const lookUpOnce = shared(lookUp);
  const probeOnce = shared(async () => probe?.(never));

  return async (signal) => {
    if (guard !== null && !guard.isSure()) await probeOnce();
    prepared ??= await lookUpOnce();
    signal.throwIfAborted();
    return prepared;
  };
};
