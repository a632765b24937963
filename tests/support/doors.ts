/** The ways by which a hand-made process comes to write a record. */
import type { TableName } from '../../api/src/crm/types.ts';
import type { WebhookAction } from '../../api/src/crm/webhook/types.ts';
import { executeRun } from '../../api/src/runs/execute-run.ts';
import type { RunMode } from '../../api/src/store/runs/types.ts';
import { mendOpenWrites } from '../../api/src/sync/mend-open-writes.ts';
import { openTableSync } from '../../api/src/sync/open-table-sync.ts';
import { syncNamedRecords } from '../../api/src/sync/sync-named-records.ts';
import { drainInbox } from '../../api/src/webhooks/drain-inbox.ts';
import { systemClock } from './databases.ts';
import type { HandMadeProcess } from './hand-made-process.ts';
import { waitFor } from './wait-for.ts';

const never = new AbortController().signal;

/** An agent asks for an account. */
export const click = async (process: HandMadeProcess, recordId: string): Promise<void> => {
  const sync = await openTableSync(process.source, 'account', process, never);
  await syncNamedRecords(sync, process.source, [recordId], process, { signal: never, isDryRun: false });
};

let deliveries = 0;

/** The CRM tells of records, and that is stored. Gives the delivery's key. */
export const deliver = async (
  { inbox, source }: Pick<HandMadeProcess, 'inbox' | 'source'>,
  table: TableName,
  recordIds: readonly string[],
  action: WebhookAction = 'upsert',
): Promise<string> => {
  deliveries += 1;
  const deliveryKey = `d${deliveries}`;
  await inbox.put({ deliveryKey, sourceId: source.id, receivedOnMs: systemClock.nowMs(), events: [{ table, recordIds, action }] });
  return deliveryKey;
};

/** The CRM tells of an account, and this process takes what is stored. */
export const webhook = async (process: HandMadeProcess, recordId: string, action: WebhookAction = 'upsert'): Promise<void> => {
  await deliver(process, 'account', [recordId], action);
  await drainInbox(process.source.id, process, never);
};

/** A run that waits for a worker. Gives its id. */
export const createRun = async (
  { runs, source }: Pick<HandMadeProcess, 'runs' | 'source'>,
  mode: RunMode,
  tables: readonly TableName[],
): Promise<string> => (await runs.create({ sourceId: source.id, mode, isDryRun: false, tables, requestedBy: 'cli' }, 1)).id;

/** A run of the accounts from its beginning to its end. Gives its id. */
export const run = async (process: HandMadeProcess): Promise<string> => {
  const runId = await createRun(process, 'incremental', ['account']);
  await executeRun(runId, process, never);
  return runId;
};

/** What a process left open is read again, if its time is over. Gives how many records that were. */
export const mend = (process: HandMadeProcess): Promise<number> => mendOpenWrites(process.source, process, never);

/** Until that time is over. */
export const mended = (process: HandMadeProcess): Promise<number> =>
  waitFor(
    () => mend(process),
    (records) => records > 0,
  );
