import { createHash } from 'node:crypto';
import type { TenantStore } from '../../crm/types.ts';
import type { SqlDatabase } from '../database/types.ts';

export const createTenantStore = (database: SqlDatabase, schema: string): TenantStore => ({
  async pin(sourceId, tenant) {
    const hash = createHash('sha256').update(`${sourceId}\n${tenant}`).digest('hex');
    await database.query(`insert into ${schema}.tenant (source_id, tenant_hash) values ($1, $2) on conflict do nothing`, [sourceId, hash]);
    const text = `select tenant_hash from ${schema}.tenant where source_id = $1`;
    const { rows } = await database.query<{ tenant_hash: string }>(text, [sourceId]);
    return { isSame: rows[0]?.tenant_hash === hash };
  },
});
