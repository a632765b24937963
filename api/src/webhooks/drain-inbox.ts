import type { TableName } from '../crm/types.ts';
import type { InboxDelivery, InboxStore } from '../store/types.ts';
import type { AdoptionGuard } from '../sync/adopt/unadopted.ts';
import { openTableSync } from '../sync/open-table-sync.ts';
import type { Sources } from '../sync/sources.ts';
import { type NamedRecordsDependencies, syncNamedRecords } from '../sync/sync-named-records.ts';

const deliveriesPerDrain = 200;

export interface InboxDependencies extends NamedRecordsDependencies {
  readonly sources: Sources;
  readonly inbox: InboxStore;
  readonly adoption: AdoptionGuard;
}

/** Many deliveries about one record are one look at it. */
const idsByTable = (deliveries: readonly InboxDelivery[]): ReadonlyMap<TableName, ReadonlySet<string>> => {
  const wanted = new Map<TableName, Set<string>>();
  for (const { table, recordIds } of deliveries.flatMap(({ events }) => events)) {
    const ids = wanted.get(table) ?? new Set();
    for (const recordId of recordIds) ids.add(recordId);
    wanted.set(table, ids);
  }
  return wanted;
};

/** Reads again what the stored deliveries of a source name, and settles them when that is recorded. Repeats until none is left. */
export const drainInbox = async (sourceId: string, dependencies: InboxDependencies, signal: AbortSignal): Promise<void> => {
  const { sources, inbox, clock } = dependencies;
  const source = sources.all().find(({ id }) => id === sourceId);
  // Taken out of the configuration: its deliveries wait until it is back, and its job is not tried for ever.
  if (source === undefined) return;
  for (;;) {
    const deliveries = await inbox.pending(sourceId, deliveriesPerDrain);
    if (deliveries.length === 0) return;
    const wanted = idsByTable(deliveries);
    // The connector's order: a contact that comes with its account finds it there.
    for (const table of source.connector.tables) {
      const ids = wanted.get(table);
      if (ids === undefined) continue;
      // The deliveries stay in the inbox until then, as they do while Dataverse is down.
      await dependencies.adoption.requireAdopted(source, table, { isNews: false, signal });
      const sync = await openTableSync(source, table, dependencies, signal, 'webhook');
      await syncNamedRecords(sync, source, [...ids], dependencies, { signal, isDryRun: false });
    }
    await inbox.settle(
      sourceId,
      deliveries.map(({ deliveryKey }) => deliveryKey),
      clock.nowMs(),
    );
  }
};
