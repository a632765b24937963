/** What the request that is being worked on costs: its price is added up while the Web API works. */
import type { Random } from '../../random.ts';
import type { ExecutionTimes } from './settings.ts';

export interface Work {
  /** Whole simulated milliseconds, with jitter. */
  readonly executionMs: number;
  /** Committed. */
  readonly rowsWritten: number;
}

export interface ExecutionMeter {
  /** Another request. The Web API works on one at a time and without a pause, so one meter serves all. */
  start(): void;
  /** The request itself, or a part of its batch. */
  operation(kind: string, options: { readonly isBatchPart: boolean }): void;
  /** Rows that the operation handled: written, be it in vain, or given out. */
  rows(count: number): void;
  committed(rows: number): void;
  read(options: { readonly slowdown: number }): Work;
}

export function createExecutionMeter({
  times,
  jitter,
  random,
}: {
  readonly times: ExecutionTimes;
  readonly jitter: number;
  readonly random: Random;
}): ExecutionMeter {
  let priceMs = 0;
  let rowMs = 0;
  let rowsWritten = 0;
  return {
    start() {
      priceMs = times.requestMs;
      rowMs = 0;
      rowsWritten = 0;
    },
    operation(kind, { isBatchPart }) {
      priceMs += (isBatchPart ? times.batchPartMs : 0) + (times.operationMs[kind] ?? 0);
      rowMs = times.rowMs[kind] ?? 0;
    },
    rows(count) {
      priceMs += count * rowMs;
    },
    committed(rows) {
      rowsWritten += rows;
    },
    read({ slowdown }) {
      const chance = random.below(2 ** 32) / 2 ** 31 - 1;
      return { executionMs: Math.round(priceMs * slowdown * (1 + jitter * chance)), rowsWritten };
    },
  };
}
