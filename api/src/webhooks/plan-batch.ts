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
