import type { SqlDatabase } from './database/types.ts';
import type { EnvironmentStore } from './types.ts';

export const createEnvironmentStore = (database: SqlDatabase, schema: string): EnvironmentStore => ({
  async claim(organizationId) {
    // A store that holds nothing yet may change its mind: somebody has corrected the address after the first start.
    const claimText = `
      insert into ${schema}.environment (organization_id) values ($1)
      on conflict (only_row) do update set organization_id = excluded.organization_id
      where not exists (select from ${schema}.link) and not exists (select from ${schema}.watermark)`;
    await database.query(claimText, [organizationId]);
    const { rows } = await database.query<{ organization_id: string }>(`select organization_id from ${schema}.environment`);
    return rows[0]?.organization_id ?? organizationId;
  },
});
