/** Commits page after page of a run, and says the number of each once it is committed. Ends only by being killed. */
import { openStore } from '../../../api/src/store/open-store.ts';
import { linkOf, noCounts, pageOf, sourceId } from '../samples.ts';
import { givenOptions } from './options.ts';

const rowsPerPage = 100;
const store = await openStore(givenOptions());
const [unfinished] = await store.runs.list({ limit: 1, sourceId });
const run =
  unfinished ?? (await store.runs.create({ sourceId, mode: 'full', isDryRun: false, tables: ['contact'], requestedBy: 'cli' }, 1));
await store.runs.start(run.id, 1);
const partition = await store.runs.startPartition(run.id, 'contact', null);
for (let page = typeof partition.cursor === 'number' ? partition.cursor + 1 : 0; ; page += 1) {
  const links = Array.from({ length: rowsPerPage }, (_, index) => linkOf(`${page}-${index}`));
  const counts = { ...noCounts, read: rowsPerPage, written: rowsPerPage };
  await store.records.commitPage(pageOf({ links, checkpoint: { runId: run.id, cursor: page, counts, isComplete: false } }));
  process.stdout.write(`${page}\n`);
}
