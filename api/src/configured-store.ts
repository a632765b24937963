import type { Logger } from 'pino';
import type { Config } from './config/load-config.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/types.ts';
import type { Clock } from './sync/types.ts';

/** The store with its queue begun. What was opened is closed again when that fails: its thread would keep the process alive. */
export const openStoreOf = async (config: Config, clock: Clock, log: Logger): Promise<Store> => {
  const { databaseUrl, folder } = config.store;
  const store = await openStore({
    ...(databaseUrl === null ? { folder } : { databaseUrl }),
    addressForOthers: config.api.publicUrl,
    sealKeys: config.sealKeys,
    clock,
    isClockShared: true,
    log: log.child({ part: 'store' }),
  });
  try {
    await store.jobs.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
};
