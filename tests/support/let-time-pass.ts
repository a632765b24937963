import pg from 'pg';

/**
 * The queue takes a dead worker's job back after half a minute without a heartbeat (tests/store/jobs.test.ts waits for that), what it was
 * writing is taken for abandoned after a whole one, and its part of the CRM's budget is another's after twenty seconds. Here that time is
 * over at once, for all workers: what one has in hand that lives is taken over from it, as from one that hung.
 */
export const letTimePass = async (databaseUrl: string): Promise<void> => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(`
    update crm_sync_queue.job set state = 'retry', start_after = now(), heartbeat_on = null where state = 'active'`);
  await client.query(`update crm_sync.open_write set alive_on = alive_on - interval '1 hour'`);
  await client.query(`delete from crm_sync.crm_budget_member`);
  await client.end();
};
