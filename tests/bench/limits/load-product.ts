import '../../../api/src/keep-garbage-young.ts';
import { fileURLToPath } from 'node:url';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import type { SourcePage, TableReader } from '../../../api/src/crm/types.ts';
import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { createNullRecordStore } from '../../../api/src/store/records/null-record-store.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import { dataverseUsers, loadOptions, sayReady, untilStopped } from './load-options.ts';
import { scaledTime } from './scaled-time.ts';

/** The product's five steps, loading accounts without end until it is stopped. */
const { clock, sleep } = scaledTime(loadOptions.speed);
const stopped = untilStopped();
const never = new AbortController().signal;

const connector = openConnector({
  manifest: await loadManifest(fileURLToPath(new URL('../../../api/connectors/northwind/manifest.yaml', import.meta.url))),
  source: { id: 'null', settings: { baseUrl: loadOptions.crmUrl, apiKey: 'northwind-sandbox-key' }, allowPrivateNetwork: true },
  clock,
});
const dataverse = openDataverse({ url: loadOptions.dataverseUrl, users: dataverseUsers(), clock, sleep });

/** The CRM's list again and again: as if it had no end, so that no end of a list is measured. */
const withoutEnd = (reader: TableReader): TableReader => ({
  ...reader,
  async *listAll(_resumeFrom, signal): AsyncGenerator<SourcePage> {
    while (!stopped.aborted) {
      for await (const page of reader.listAll(null, signal)) {
        yield { ...page, next: page.next ?? 'again' };
        if (stopped.aborted) return;
      }
    }
  },
});

const dependencies = { dataverse, records: createNullRecordStore(), locks: createRecordLocks(), clock };
const sync = await openTableSync({ id: 'null', name: 'Null CRM', connector }, 'account', dependencies, never);
sayReady();
const pages = syncRecords(
  { ...sync, reader: withoutEnd(sync.reader) },
  { kind: 'all', resumeFrom: null },
  { signal: never, lane: 'bulk', runId: null, isDryRun: false },
);
for await (const { counts, failures } of pages) {
  if (counts.written !== counts.read) throw new Error(`wrote ${counts.written} of ${counts.read} records: ${failures[0]?.reason ?? ''}`);
}
await dataverse.close();
