import type { TableName } from '../crm/types.ts';
import { isAppError } from '../errors/app-error.ts';
import type { InboxDelivery, InboxStore } from '../store/inbox/types.ts';
import type { Sources } from '../sync/sources.ts';
import type { Source } from '../sync/types.ts';
import { outcomeOfDelivery, type TableOutcomes } from './outcomes.ts';
import { batchOf, planBatch } from './plan-batch.ts';
import { eraseDue, type SyncDeliveriesDependencies, syncDeliveries } from './sync-deliveries.ts';

const deliveriesPerBatch = 500;
/** There are few workers, and a source that is told of changes without an end must leave one to the others now and then. */
const usualBatchesPerTurn = 20;
/**
 * Who finds the next deliveries waiting already lets them gather for so long: a record that changes a hundred times in a second is then read
 * and written a few times. Whoever comes alone is handled at once.
 */
const gatherMs = 500;

export interface InboxDependencies extends SyncDeliveriesDependencies {
  readonly sources: Sources;
  readonly inbox: Pick<InboxStore, 'pending' | 'settle' | 'noteProblem'>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Settles the deliveries whose tables all went well. Of the others the reason is noted, and told by their tables. */
const drainBatch = async (
  source: Source,
  deliveries: readonly InboxDelivery[],
  dependencies: InboxDependencies,
  signal: AbortSignal,
): Promise<ReadonlyMap<TableName, unknown>> => {
  const { inbox, clock } = dependencies;
  const { connector } = source;
  const isPushed = (table: TableName): boolean => connector.tables.includes(table) && connector.table(table).readCarried !== undefined;
  const plans = planBatch(deliveries, isPushed);
  const outcomes = new Map<TableName, TableOutcomes>();
  const errors = new Map<TableName, unknown>();
  // The connector's order: a contact that comes with its account finds it there.
  for (const table of connector.tables) {
    const plan = plans.get(table);
    if (plan === undefined) continue;
    try {
      outcomes.set(table, await syncDeliveries(source, table, plan, dependencies, signal));
    } catch (error) {
      signal.throwIfAborted();
      errors.set(table, error);
    }
  }
  const waits = ({ events }: InboxDelivery): boolean => events.some(({ table }) => errors.has(table));
  const done = deliveries.filter((delivery) => !waits(delivery));
  await inbox.settle(
    source.id,
    done.map((delivery) => ({ deliveryKey: delivery.deliveryKey, outcome: outcomeOfDelivery(delivery, outcomes) })),
    clock.nowMs(),
  );
  for (const [table, error] of errors) {
    const keys = deliveries.filter(({ events }) => events.some((event) => event.table === table)).map(({ deliveryKey }) => deliveryKey);
    await inbox.noteProblem(source.id, keys, isAppError(error) ? error.code : 'internal');
  }
  return errors;
};

/**
 * Brings Dataverse to what the stored deliveries of a source tell, and settles them when that is recorded. Repeats until none is left, or
 * its turn is over: then the answer is `more`, and it is for whoever asked to ask again, behind the other sources.
 *
 * A table that cannot be synced now keeps its own deliveries waiting, however many, and no other table's; its error is thrown in the end.
 * So do those of a table that the manifest no longer has: they wait until it is back, as those of a source that was taken out do.
 */
export const drainInbox = async (
  sourceId: string,
  dependencies: InboxDependencies,
  signal: AbortSignal,
  batchesPerTurn = usualBatchesPerTurn,
): Promise<'done' | 'more'> => {
  const { sources, inbox, sleep } = dependencies;
  const source = sources.all().find(({ id }) => id === sourceId);
  // Taken out of the configuration: its deliveries wait until it is back, and its job is not tried for ever.
  if (source === undefined) return 'done';
  const stuck = new Map<TableName, unknown>();
  const canGoOn = (): readonly TableName[] => source.connector.tables.filter((table) => !stuck.has(table));
  let batches = 0;
  for (; batches < batchesPerTurn; batches += 1) {
    let deliveries = await inbox.pending(sourceId, deliveriesPerBatch, canGoOn());
    if (deliveries.length === 0) break;
    if (batches > 0 && deliveries.length < deliveriesPerBatch) {
      await sleep(gatherMs, signal);
      deliveries = await inbox.pending(sourceId, deliveriesPerBatch, canGoOn());
    }
    for (const [table, error] of await drainBatch(source, batchOf(deliveries), dependencies, signal)) stuck.set(table, error);
  }
  for (const table of canGoOn()) await eraseDue(source, table, dependencies, signal);
  for (const error of stuck.values()) throw error;
  return batches < batchesPerTurn ? 'done' : 'more';
};
