import '../../api/src/keep-garbage-young.ts';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadManifest } from '../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../api/src/crm/open-connector.ts';
import { openDataverse } from '../../api/src/dataverse/open-dataverse.ts';
import { createNullRecordStore } from '../../api/src/store/records/null-record-store.ts';
import { openTableSync } from '../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../api/src/sync/sync-records.ts';

/** The product's own five steps with a store that remembers nothing: what the pipeline itself costs beyond the bare loop. */
const { values } = parseArgs({ options: { 'crm-url': { type: 'string', default: '' }, 'dataverse-url': { type: 'string', default: '' } } });
const clock = { nowMs: () => Date.now() };
const signal = new AbortController().signal;

const connector = openConnector({
  manifest: await loadManifest(fileURLToPath(new URL('../../api/connectors/northwind/manifest.yaml', import.meta.url))),
  source: { id: 'null', settings: { baseUrl: values['crm-url'], apiKey: 'northwind-sandbox-key' }, allowPrivateNetwork: true },
  clock,
});
const dataverse = openDataverse({
  url: values['dataverse-url'],
  users: [{ clientId: 'null', credential: { getToken: async () => 'null', invalidate: () => undefined } }],
  clock,
});

// What is asked of Dataverse before the first record is no cost of a record.
const dependencies = { dataverse, records: createNullRecordStore(), locks: createRecordLocks(), clock };
const source = { id: 'null', name: 'Null CRM', connector };
const tables = await Promise.all(connector.tables.map((table) => openTableSync(source, table, dependencies, signal)));

const syncAll = async (): Promise<number> => {
  let records = 0;
  for (const sync of tables) {
    const pages = syncRecords(sync, { kind: 'all', resumeFrom: null }, { signal, lane: 'bulk', runId: null, isDryRun: false });
    for await (const { counts } of pages) {
      if (counts.written !== counts.read) throw new Error(`wrote ${counts.written} of ${counts.read} records`);
      records += counts.read;
    }
  }
  return records;
};

// The first time warms the process up, as in the bare loop.
await syncAll();
const startedMs = performance.now();
const startedCpu = process.threadCpuUsage();
const records = await syncAll();
const { user, system } = process.threadCpuUsage(startedCpu);
process.stdout.write(
  `${JSON.stringify({ ready: true, records, elapsedMs: performance.now() - startedMs, cpuMs: (user + system) / 1000 })}\n`,
);
await dataverse.close();
