import type { SqlDatabase } from '../database/types.ts';
import type { Upkeep } from '../records/upkeep.ts';
import { createVerifyStore } from '../verify/verify-store.ts';
import { createAfterPages } from './after-pages.ts';
import { createPartitions } from './partitions.ts';
import { createRunLifecycle } from './run-lifecycle.ts';
import type { RunStore } from './types.ts';
import { createWatermarks } from './watermarks.ts';

export interface RunStoreDependencies {
  readonly database: SqlDatabase;
  readonly schema: string;
  readonly upkeep: Upkeep;
}

export const createRunStore = ({ database, schema, upkeep }: RunStoreDependencies): RunStore => ({
  ...createRunLifecycle(database, schema, upkeep),
  ...createPartitions(database, schema),
  ...createWatermarks(database, schema),
  ...createAfterPages(database, schema),
  verify: createVerifyStore(database, schema),
});
