import type { CredentialStore } from '../../../../api/src/crm/sign-in/types.ts';

/** What the store does, without a database. */
export const createMemoryCredentials = (): CredentialStore => {
  const values = new Map<string, string>();
  const holders = new Map<string, string>();
  const keyOf = (sourceId: string, name: string): string => `${sourceId}.${name}`;
  return {
    read: async (sourceId, name) => values.get(keyOf(sourceId, name)) ?? null,
    replace: async (sourceId, name, before, value) => {
      if ((values.get(keyOf(sourceId, name)) ?? null) !== before) return false;
      values.set(keyOf(sourceId, name), value);
      return true;
    },
    claim: async (sourceId, name, holder) => {
      if (holders.has(keyOf(sourceId, name))) return false;
      holders.set(keyOf(sourceId, name), holder);
      return true;
    },
    release: async (sourceId, name, holder) => {
      if (holders.get(keyOf(sourceId, name)) === holder) holders.delete(keyOf(sourceId, name));
    },
  };
};
