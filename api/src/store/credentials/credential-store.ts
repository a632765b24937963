import type { CredentialStore } from '../../crm/sign-in/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { SqlDatabase } from '../database/types.ts';
import type { Seal } from './seal.ts';

interface CredentialRow {
  readonly sealed: string | null;
}

export const createCredentialStore = (database: SqlDatabase, schema: string, seal: Seal): CredentialStore => {
  const contextOf = (sourceId: string, name: string): string => `${sourceId}.${name}`;

  const readSealed = async (sourceId: string, name: string): Promise<string | null> => {
    const text = `select sealed from ${schema}.credential where source_id = $1 and name = $2`;
    return (await database.query<CredentialRow>(text, [sourceId, name])).rows[0]?.sealed ?? null;
  };

  const open = (sourceId: string, name: string, sealed: string | null): string | null => {
    if (sealed === null) return null;
    const value = seal.open(sealed, contextOf(sourceId, name));
    if (value === null) throw new AppError('store.credential_unreadable', { source: sourceId });
    return value;
  };

  return {
    read: async (sourceId, name) => open(sourceId, name, await readSealed(sourceId, name)),

    replace: async (sourceId, name, before, value) => {
      // Sealing the same text twice gives two texts, so what is compared is what is stored, not what it says.
      const sealedBefore = await readSealed(sourceId, name);
      if (open(sourceId, name, sealedBefore) !== before) return false;
      const text = `
        insert into ${schema}.credential as stored (source_id, name, sealed) values ($1, $2, $3)
        on conflict (source_id, name) do update set sealed = excluded.sealed, changed_on = now()
        where stored.sealed is not distinct from $4::text`;
      return (await database.query(text, [sourceId, name, seal.seal(value, contextOf(sourceId, name)), sealedBefore])).rowCount > 0;
    },

    claim: async (sourceId, name, holder, forMs) => {
      // The database's clock, since the holders' own may differ.
      const text = `
        insert into ${schema}.credential as stored (source_id, name, holder, held_until)
        values ($1, $2, $3, now() + make_interval(secs => $4::double precision / 1000))
        on conflict (source_id, name) do update set holder = excluded.holder, held_until = excluded.held_until
        where stored.held_until is null or stored.held_until < now()`;
      return (await database.query(text, [sourceId, name, holder, forMs])).rowCount > 0;
    },

    release: async (sourceId, name, holder) => {
      const text = `update ${schema}.credential set holder = null, held_until = null where source_id = $1 and name = $2 and holder = $3`;
      await database.query(text, [sourceId, name, holder]);
    },
  };
};
