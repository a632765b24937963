import type { StoreOptions } from '../../../api/src/store/open-store.ts';

/** What can be said to another process. */
export type ChildOptions = Omit<StoreOptions, 'clock' | 'log'>;

/** Of the process that runs one of these scripts. */
export const givenOptions = (): StoreOptions => ({
  ...(JSON.parse(process.argv[2] ?? '{}') as ChildOptions),
  clock: { nowMs: () => Date.now() },
});
