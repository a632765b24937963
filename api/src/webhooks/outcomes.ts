import type { TableName } from '../crm/types.ts';
import type { DeliveryOutcome, InboxDelivery, RecordOutcome } from '../store/inbox/types.ts';
import type { NamedRecordsResult } from '../sync/sync-named-records.ts';

/** What became of the records of one table, by id. */
export type TableOutcomes = Map<string, RecordOutcome>;

/** Of records that were read, or came along, together. What nothing else is said of was older than what is there. */
export const outcomesOf = (recordIds: Iterable<string>, { page, failures }: NamedRecordsResult): TableOutcomes => {
  const outcomes: TableOutcomes = new Map();
  for (const recordId of recordIds) outcomes.set(recordId, 'stale');
  const { compared } = page;
  for (const { row } of compared.toWrite) outcomes.set(row.record.id, 'written');
  for (const recordId of compared.unchangedIds) outcomes.set(recordId, 'unchanged');
  for (const recordId of compared.filteredIds) outcomes.set(recordId, 'filtered');
  for (const recordId of compared.removals) outcomes.set(recordId, 'removed');
  for (const { recordId } of failures) outcomes.set(recordId, 'failed');
  return outcomes;
};

/** A delivery's own share of what became of a batch. */
export const outcomeOfDelivery = (
  { events }: Pick<InboxDelivery, 'events'>,
  byTable: ReadonlyMap<TableName, ReadonlyMap<string, RecordOutcome>>,
): DeliveryOutcome => {
  const counts: Partial<Record<RecordOutcome, number>> = {};
  const seen = new Set<string>();
  for (const { table, recordIds } of events) {
    for (const recordId of recordIds) {
      const outcome = byTable.get(table)?.get(recordId);
      const name = `${table} ${recordId}`;
      if (outcome === undefined || seen.has(name)) continue;
      seen.add(name);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  }
  return counts;
};
