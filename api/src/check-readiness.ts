import type { Readiness } from './contract/services.ts';
import type { Dataverse } from './dataverse/types.ts';
import { isAppError } from './errors/app-error.ts';
import type { Store } from './store/types.ts';

/** Whether the store and Dataverse answer; each is asked once. */
export const checkReadiness = async (store: Store, dataverse: Dataverse, signal: AbortSignal): Promise<Readiness> => {
  const look = async (name: 'store' | 'dataverse', work: () => Promise<unknown>): Promise<Readiness['checks'][number]> => {
    try {
      await work();
      return { name, isReady: true };
    } catch (error) {
      return { name, isReady: false, problem: isAppError(error) ? error.code : 'internal' };
    }
  };
  const checks = await Promise.all([look('store', () => store.ping()), look('dataverse', () => dataverse.whoAmI(signal))]);
  return { isReady: checks.every(({ isReady }) => isReady), checks };
};
