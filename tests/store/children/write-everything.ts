/**
 * Opens the store, says what it finds there, and then changes every table again and again. Says before each step where it is, and after each
 * round its key, once all of it is committed. Ends only by being killed. Its arguments after the options: which life of the folder this
 * is, and the keys that earlier ones have said.
 */
import { flushCompileCache } from 'node:module';
import { openStore } from '../../../api/src/store/open-store.ts';
import type { Store } from '../../../api/src/store/types.ts';
import { failureOf, linkOf, noCounts, pageOf, sourceId } from '../samples.ts';
import { type FoundStore, type Said, linksPerRound } from './everything.ts';
import { givenOptions } from './options.ts';

const [life = '0', ...acknowledged] = process.argv.slice(3);
const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

/** Of those that were acknowledged: what has no delivery or no link, or is still noted as being written. */
const lostOf = async ({ inbox, records }: Store): Promise<readonly string[]> => {
  const firstLinks = acknowledged.map((key) => `${key}-0`);
  const delivered = new Set((await inbox.pending(sourceId, 100_000)).map(({ deliveryKey }) => deliveryKey));
  const linked = await records.linkedIds(sourceId, 'contact', firstLinks);
  const open = await records.openElsewhere(sourceId, 'contact', firstLinks);
  return acknowledged.filter((key) => !delivered.has(key) || !linked.has(`${key}-0`) || open.has(`${key}-0`));
};

const lookAt = async (store: Store): Promise<FoundStore> => {
  const [run] = await store.runs.list({ limit: 1, sourceId });
  const partition = run?.partitions[0];
  const [failures] = await store.failures.groups(sourceId);
  return {
    rounds: typeof partition?.cursor === 'number' ? partition.cursor + 1 : 0,
    read: partition?.counts.read ?? 0,
    written: partition?.counts.written ?? 0,
    failed: partition?.counts.failed ?? 0,
    links: await store.runs.linkedCount(sourceId, 'contact'),
    failures: failures?.count ?? 0,
    removals: await store.runs.pendingRemovalCount(sourceId, 'contact'),
    deliveries: (await store.inbox.pending(sourceId, 100_000)).length,
    readUpToMs: (await store.runs.watermark(sourceId, 'contact'))?.readUpToMs ?? -1,
    lost: await lostOf(store),
  };
};

const store = await openStore(givenOptions());
// Whoever is killed never comes to where Node keeps what it has compiled, and the next one would compile all of it again.
flushCompileCache();
const found = await lookAt(store);
say({ found });

const [known] = await store.runs.list({ limit: 1, sourceId });
const asked = { sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' } as const;
const { id: runId } = known ?? (await store.runs.create(asked, 1));
if (known === undefined) {
  await store.runs.start(runId, 1);
  await store.runs.startPartition(runId, 'contact', { fromMs: 0, toMs: 1 });
  await store.sweeps.begin(sourceId, 'contact', runId, 1);
}
for (let round = found.rounds; ; round += 1) {
  const key = `${life}.${round}`;
  const links = Array.from({ length: linksPerRound }, (_, index) => linkOf(`${key}-${index}`));
  const ids = links.map(({ recordId }) => recordId);
  say({ at: 'note' });
  const { id: openWriteId } = await store.records.beginWrite(sourceId, 'contact', ids);
  say({ at: 'page' });
  const counts = { ...noCounts, read: linksPerRound + 2, written: linksPerRound, failed: 1, withheld: 1 };
  const checkpoint = { runId, cursor: round, counts, isComplete: false };
  const [failures, removals] = [[failureOf(`failed-${key}`)], [`removed-${key}`]];
  await store.records.commitPage(pageOf({ links, failures, removals, openWriteId, checkpoint }));
  say({ at: 'delivery' });
  await store.inbox.put({
    deliveryKey: key,
    sourceId,
    receivedOnMs: round,
    events: [{ table: 'contact', recordIds: [`${key}-0`], action: 'upsert' }],
  });
  say({ at: 'sweep' });
  await store.sweeps.addPage({ sourceId, table: 'contact', runId, ids, cursor: round });
  say({ at: 'watermark' });
  await store.runs.saveWatermark(sourceId, 'contact', { readUpToMs: round, completedOnMs: round });
  say({ done: key });
}
