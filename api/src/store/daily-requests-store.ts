import type { SqlDatabase } from './database/types.ts';
import type { DailyRequestsStore } from './types.ts';

export const createDailyRequestsStore = (database: SqlDatabase, schema: string): DailyRequestsStore => ({
  async add(day, requests) {
    const text = `
      insert into ${schema}.daily_requests (day, requests) values ($1::date, $2::bigint)
      on conflict (day) do update set requests = ${schema}.daily_requests.requests + excluded.requests
      returning requests::text`;
    const { rows } = await database.query<{ requests: string }>(text, [day, requests]);
    return Number(rows[0]?.requests ?? requests);
  },
});
