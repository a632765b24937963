/** What was asked of this Dataverse and what it wrote: how a test proves "0 writes" and a bench counts requests. */
import type { RowWrite } from '../store/database.ts';
import { isBatch } from '../web-api/resource-path.ts';

export interface Statistics {
  /** HTTP requests to the Web API, refused ones included; a batch is one. */
  requests: number;
  batches: number;
  /** Requests that came inside of batches. */
  batchParts: number;
  /** Answered 429, by a limit or by a fault. */
  throttled: number;
  /** Rows that an upsert (PATCH or UpsertMultiple) wrote. */
  rowsUpserted: number;
  /** By kind, whether they came alone or inside of a batch: retrieve, query, create, upsert, upsertMultiple, … */
  readonly operationsByKind: Record<string, number>;
  /** Requests that a fault struck. */
  readonly faultsByKind: Record<string, number>;
  /** Committed row writes: a rolled back one is none. */
  readonly writesByTable: Record<string, number>;
  readonly writes: Record<string, Record<RowWrite['kind'], number>>;
}

/** Of all tables. */
export interface Totals {
  readonly rowsCreated: number;
  readonly rowsUpdated: number;
  readonly rowsDeleted: number;
}

export interface StatisticsRecorder {
  readonly current: Statistics;
  readonly totals: Totals;
  /** Simulated epoch milliseconds of the start or the last reset. */
  readonly startedAtMs: number;
  /** Gives back the kind that it was counted as. */
  countOperation(method: string, path: string): string;
  countFault(kind: string): void;
  countWrites(writes: readonly RowWrite[]): void;
  reset(): void;
}

export function createStatistics(tables: readonly string[], nowMs: () => number): StatisticsRecorder {
  let current = empty(tables);
  let startedAtMs = nowMs();
  const total = (kind: RowWrite['kind']) => Object.values(current.writes).reduce((sum, byKind) => sum + byKind[kind], 0);
  return {
    get current() {
      return current;
    },
    get totals() {
      return { rowsCreated: total('created'), rowsUpdated: total('updated'), rowsDeleted: total('deleted') };
    },
    get startedAtMs() {
      return startedAtMs;
    },
    countOperation(method, path) {
      const kind = operationKind(method, path);
      current.operationsByKind[kind] = (current.operationsByKind[kind] ?? 0) + 1;
      return kind;
    },
    countFault(kind) {
      current.faultsByKind[kind] = (current.faultsByKind[kind] ?? 0) + 1;
    },
    countWrites(writes) {
      for (const { table, kind } of writes) {
        current.writesByTable[table] = (current.writesByTable[table] ?? 0) + 1;
        const byKind = current.writes[table];
        if (byKind !== undefined) byKind[kind] += 1;
      }
    },
    reset() {
      current = empty(tables);
      startedAtMs = nowMs();
    },
  };
}

function empty(tables: readonly string[]): Statistics {
  return {
    requests: 0,
    batches: 0,
    batchParts: 0,
    throttled: 0,
    rowsUpserted: 0,
    operationsByKind: {},
    faultsByKind: {},
    writesByTable: Object.fromEntries(tables.map((table) => [table, 0])),
    writes: Object.fromEntries(tables.map((table) => [table, { created: 0, updated: 0, deleted: 0 }])),
  };
}

function operationKind(method: string, path: string): string {
  if (isBatch(path)) return 'batch';
  if (/^(Entity|Relationship|GlobalOptionSet)Definitions/.test(path)) return 'metadata';
  if (path.startsWith('WhoAmI')) return 'whoAmI';
  const bulk = /\/Microsoft\.Dynamics\.CRM\.(\w+)$/.exec(path)?.[1];
  if (bulk !== undefined) return bulk.charAt(0).toLowerCase() + bulk.slice(1);
  if (method === 'GET') return path.includes('(') ? 'retrieve' : 'query';
  const kinds: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'upsert', PUT: 'update', DELETE: 'delete' };
  return kinds[method] ?? 'other';
}
