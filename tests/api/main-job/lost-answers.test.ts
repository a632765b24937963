import { fileURLToPath } from 'node:url';
import { loadManifest } from '../../../api/src/crm/manifest/load-manifest.ts';
import { openConnector } from '../../../api/src/crm/open-connector.ts';
import type { TableName } from '../../../api/src/crm/types.ts';
import { openDataverse } from '../../../api/src/dataverse/open-dataverse.ts';
import { createTokenSource } from '../../../api/src/dataverse/sign-in/token-source.ts';
import { isAppError } from '../../../api/src/errors/app-error.ts';
import { createNullRecordStore } from '../../../api/src/store/records/null-record-store.ts';
import type { Counts } from '../../../api/src/store/records/types.ts';
import { addCounts, countsAddUp, noCounts } from '../../../api/src/sync/counts.ts';
import { openTableSync } from '../../../api/src/sync/open-table-sync.ts';
import { createRecordLocks } from '../../../api/src/sync/record-locks.ts';
import { syncRecords } from '../../../api/src/sync/sync-records.ts';
import { requestJson } from '../../support/http-json.ts';
import { type Sandbox, applicationUser, crmApiKey, startSandbox, tenantId } from '../../support/sandbox.ts';

const never = new AbortController().signal;
const clock = { nowMs: () => Date.now() };
const lostAnswers = 1_000;

describe('answers that are lost after Dataverse has committed', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ accounts: 500, contacts: 14_000 });
  });
  afterAll(() => sandbox.stop());

  it('1,000 of them at random double no row, lose no row, and leave the equation whole', async () => {
    await requestJson(`${sandbox.dataverseUrl}/sandbox/faults`, {
      method: 'POST',
      body: { kind: 'answerLost', probability: 0.42, seed: 20_261_126, writesOnly: true },
    });
    let lost = 0;
    const dataverse = openDataverse({
      url: sandbox.dataverseUrl,
      users: [
        {
          clientId: applicationUser.clientId,
          credential: createTokenSource(
            { authority: sandbox.issuerUrl, tenantId, resource: sandbox.dataverseUrl, ...applicationUser },
            { clock },
          ),
        },
      ],
      clock,
      // Few rows in a request, so that there are many answers to lose; and no waiting between the tries.
      batchSize: 10,
      maxConcurrency: 8,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      log: { warn: (_details, message) => void (lost += message.startsWith('No answer') ? 1 : 0), debug: () => undefined },
    });
    const connector = openConnector({
      manifest: await loadManifest(fileURLToPath(new URL('../../../api/connectors/northwind/manifest.yaml', import.meta.url))),
      source: { id: 'northwind', settings: { baseUrl: sandbox.crmUrl, apiKey: crmApiKey }, allowPrivateNetwork: true },
      clock,
    });
    const dependencies = { dataverse, records: createNullRecordStore(), locks: createRecordLocks(), clock };
    const syncTable = async (table: TableName): Promise<Counts> => {
      const sync = await openTableSync({ id: 'northwind', name: 'Northwind', connector }, table, dependencies, never);
      const pages = syncRecords(sync, { kind: 'all', resumeFrom: null }, { signal: never, lane: 'bulk', runId: null, isDryRun: false });
      let counts = noCounts;
      for await (const page of pages) counts = addCounts(counts, page.counts);
      return counts;
    };
    /** One request in six thousand loses ten answers in a row and ends the run; it is started again, as a person would. */
    const untilThrough = async (table: TableName): Promise<Counts> => {
      for (;;) {
        try {
          return await syncTable(table);
        } catch (error) {
          if (!isAppError(error, 'dataverse.unreachable')) throw error;
        }
      }
    };
    let counts = noCounts;
    try {
      for (const table of connector.tables) counts = addCounts(counts, await untilThrough(table));
    } finally {
      await dataverse.close();
    }

    expect(lost).toBeGreaterThanOrEqual(lostAnswers);
    expect(countsAddUp(counts)).toBe(true);
    expect(counts).toMatchObject({ read: 500 + 14_000 + 84, failed: 0 });
    for (const [set, expected] of [
      ['accounts', 542],
      ['contacts', 14_042],
    ] as const) {
      const rows = await sandbox.dataverse.rows(set, '$select=ccsync_sourcekey');
      expect(rows).toHaveLength(expected);
      expect(new Set(rows.map(({ ccsync_sourcekey: key }) => key)).size).toBe(expected);
    }
  }, 180_000);
});
