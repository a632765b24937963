/** Changes every table of the store again and again, and says the number of each round once all of it is committed. Ends only by being killed. */
import { openStore } from '../../../api/src/store/open-store.ts';
import { failureOf, linkOf, noCounts, pageOf, sourceId } from '../samples.ts';
import { givenOptions } from './options.ts';

const linksPerRound = 40;

const store = await openStore(givenOptions());
const { id: runId } = await store.runs.create({ sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' }, 1);
await store.runs.start(runId, 1);
await store.runs.startPartition(runId, 'contact', { fromMs: 0, toMs: 1 });
await store.sweeps.begin(sourceId, 'contact', runId, 1);
for (let round = 0; ; round += 1) {
  const links = Array.from({ length: linksPerRound }, (_, index) => linkOf(`${round}-${index}`));
  const ids = links.map(({ recordId }) => recordId);
  const { id: openWriteId } = await store.records.beginWrite(sourceId, 'contact', ids);
  const counts = { ...noCounts, read: linksPerRound + 2, written: linksPerRound, failed: 1, withheld: 1 };
  const checkpoint = { runId, cursor: round, counts, isComplete: false };
  const [failures, removals] = [[failureOf(`failed-${round}`)], [`removed-${round}`]];
  await store.records.commitPage(pageOf({ links, failures, removals, openWriteId, checkpoint }));
  await store.inbox.put({
    deliveryKey: String(round),
    sourceId,
    receivedOnMs: round,
    events: [{ table: 'contact', recordIds: [`${round}-0`], action: 'upsert' }],
  });
  await store.sweeps.addPage({ sourceId, table: 'contact', runId, ids, cursor: round });
  await store.runs.saveWatermark(sourceId, 'contact', { readUpToMs: round, completedOnMs: round });
  process.stdout.write(`${round}\n`);
}
