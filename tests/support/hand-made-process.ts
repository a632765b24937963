import { setTimeout as delay } from 'node:timers/promises';
import type { Dataverse } from '../../api/src/dataverse/types.ts';
import type { RunDependencies } from '../../api/src/runs/execute-run.ts';
import type { InboxStore } from '../../api/src/store/inbox/types.ts';
import type { Store } from '../../api/src/store/types.ts';
import { createRecordLocks } from '../../api/src/sync/record-locks.ts';
import { createSources } from '../../api/src/sync/sources.ts';
import type { Source } from '../../api/src/sync/types.ts';
import type { InboxDependencies } from '../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from './databases.ts';

/** All that a run, a click or a drain of the inbox works with, as compose.ts wires it. */
export type HandMadeProcess = RunDependencies & InboxDependencies & { readonly source: Source; readonly inbox: InboxStore };

export interface ProcessParts {
  /** Two on one database are two processes. */
  readonly store: Store;
  readonly source: Source;
  readonly dataverse: Dataverse;
}

/** One process of ours: its locks are its own, and nobody but the test calls it. Other parts are put in their place by whoever needs them. */
export const makeProcess = ({ store, source, dataverse }: ProcessParts): HandMadeProcess => ({
  source,
  dataverse,
  locks: createRecordLocks(),
  clock: systemClock,
  sources: createSources([source]),
  records: store.records,
  runs: store.runs,
  sweeps: store.sweeps,
  inbox: store.inbox,
  erasures: store.erasures,
  jobs: { send: async () => undefined },
  log: { info: () => undefined, error: () => undefined },
  adoption: { requireAdopted: async () => undefined },
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
});
