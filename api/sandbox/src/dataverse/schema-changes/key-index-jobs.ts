/**
 * The background jobs that build the indexes of new alternate keys (define-alternate-keys-entity.md, "Monitor index creation"): Pending,
 * InProgress, then Active, or Failed when rows hold the same values. No timer runs: a job is as far as the clock says when somebody looks.
 */
import type { KeyDefinition } from '../tables/definition.ts';

export type KeyIndexStatus = KeyDefinition['indexStatus'];

export interface KeyAddress {
  readonly table: string;
  readonly key: string;
}

export interface KeyIndexJobs {
  /** Puts the key to Pending. */
  start(address: KeyAddress): void;
  cancel(isCancelled: (address: KeyAddress) => boolean): void;
  /** To where the clock says. */
  advanceToNow(): void;
  /** Every job by one state, whatever the clock says: for tests that want to see each. */
  advanceByOneStep(): void;
}

export interface KeyIndexHost {
  nowMs(): number;
  /** How long a job takes, half of it Pending; null: it waits for `advanceByOneStep`. */
  buildMs(): number | null;
  statusOf(address: KeyAddress): KeyIndexStatus | null;
  setStatus(address: KeyAddress, status: KeyIndexStatus): void;
  hasDuplicates(address: KeyAddress): boolean;
}

export function createKeyIndexJobs(host: KeyIndexHost): KeyIndexJobs {
  let jobs: readonly (KeyAddress & { readonly startedAtMs: number })[] = [];
  const isSame = (a: KeyAddress, b: KeyAddress) => a.table === b.table && a.key === b.key;

  function finish(address: KeyAddress): void {
    jobs = jobs.filter((job) => !isSame(job, address));
    host.setStatus(address, host.hasDuplicates(address) ? 'Failed' : 'Active');
  }

  return {
    start(address) {
      jobs = [...jobs.filter((job) => !isSame(job, address)), { ...address, startedAtMs: host.nowMs() }];
      host.setStatus(address, 'Pending');
    },
    cancel(isCancelled) {
      jobs = jobs.filter((job) => !isCancelled(job));
    },
    advanceToNow() {
      const buildMs = host.buildMs();
      if (buildMs === null) return;
      for (const job of jobs) {
        const elapsedMs = host.nowMs() - job.startedAtMs;
        if (elapsedMs >= buildMs) finish(job);
        else if (elapsedMs >= buildMs / 2 && host.statusOf(job) === 'Pending') host.setStatus(job, 'InProgress');
      }
    },
    advanceByOneStep() {
      for (const job of jobs) {
        if (host.statusOf(job) === 'Pending') host.setStatus(job, 'InProgress');
        else finish(job);
      }
    },
  };
}
