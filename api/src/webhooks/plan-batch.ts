import type { JsonValue, TableName } from '../crm/types.ts';
import type { InboxDelivery } from '../store/inbox/types.ts';

/** A record that came along with a delivery, or the news that it is gone; oldest first. */
export interface CarriedRecord {
  readonly recordIds: readonly string[];
  readonly occurredOnMs: number | null;
  /** deleted: nothing came along. lost: it did, and cannot be read any more. */
  readonly what: { readonly record: JsonValue } | 'deleted' | 'lost';
}

/** What a batch of deliveries asks for in one table: many deliveries about one record are one look at it. */
export interface TablePlan {
  readonly readIds: ReadonlySet<string>;
  readonly eraseIds: ReadonlySet<string>;
  readonly carried: readonly CarriedRecord[];
}

interface GrowingPlan {
  readonly readIds: Set<string>;
  readonly eraseIds: Set<string>;
  readonly carried: CarriedRecord[];
}

/** After these a batch is settled: what a crash repeats, and what waits for the rest of a mass change, is no more. */
const recordsPerBatch = 2_000;

/** As many of the first deliveries as are about few enough records; one that alone is about more is a batch of its own. */
export const batchOf = (deliveries: readonly InboxDelivery[]): readonly InboxDelivery[] => {
  const records = new Set<string>();
  const tooMany = deliveries.findIndex(({ events }, position) => {
    for (const { table, recordIds } of events) for (const recordId of recordIds) records.add(`${table} ${recordId}`);
    return position > 0 && records.size > recordsPerBatch;
  });
  return tooMany < 0 ? deliveries : deliveries.slice(0, tooMany);
};

/** `isPushed`: the records of that table cannot be asked for. */
export const planBatch = (
  deliveries: readonly InboxDelivery[],
  isPushed: (table: TableName) => boolean,
): ReadonlyMap<TableName, TablePlan> => {
  const plans = new Map<TableName, GrowingPlan>();
  for (const { events } of deliveries) {
    for (const { table, recordIds, action, carried, occurredOnMs = null } of events) {
      const plan = plans.get(table) ?? { readIds: new Set(), eraseIds: new Set(), carried: [] };
      plans.set(table, plan);
      const what = carried === undefined ? (action === 'delete' ? 'deleted' : 'lost') : { record: carried };
      if (action === 'erase') for (const recordId of recordIds) plan.eraseIds.add(recordId);
      else if (isPushed(table)) plan.carried.push({ recordIds, occurredOnMs, what });
      else for (const recordId of recordIds) plan.readIds.add(recordId);
    }
  }
  for (const { readIds, eraseIds } of plans.values()) for (const recordId of eraseIds) readIds.delete(recordId);
  return plans;
};
