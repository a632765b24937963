import type { Dataverse, DataverseIdentity, Patience } from '../dataverse/types.ts';
import { AppError } from '../errors/app-error.ts';
import type { EnvironmentStore } from '../store/types.ts';

/**
 * Dataverse, refused when the store's bookkeeping speaks of another environment: its hashes would call every record unchanged,
 * and the new environment would stay empty. Every door describes a table before it does anything else, so this is where it is
 * asked: once, and not at start, when Dataverse may be down. Throws `store.other_environment`.
 */
export const requireSameEnvironment = (dataverse: Dataverse, environment: EnvironmentStore): Dataverse => {
  let isSame = false;
  const whoAmI = async (signal: AbortSignal, patience?: Patience): Promise<DataverseIdentity> => {
    const identity = await dataverse.whoAmI(signal, patience);
    if (!isSame) {
      const known = await environment.claim(identity.organizationId);
      if (known !== identity.organizationId) throw new AppError('store.other_environment', { known, found: identity.organizationId });
      isSame = true;
    }
    return identity;
  };
  return {
    ...dataverse,
    whoAmI,
    async describeTable(table, signal, patience) {
      if (!isSame) await whoAmI(signal, patience);
      return dataverse.describeTable(table, signal, patience);
    },
  };
};
