/** Takes a job, says `taken`, and works on it for ever. */
import { openStore } from '../../../api/src/store/open-store.ts';
import { givenOptions } from './options.ts';

const store = await openStore(givenOptions());
await store.jobs.start();
await store.jobs.work('run', async ({ runId }) => {
  process.stdout.write(`taken ${runId}\n`);
  await new Promise(() => undefined);
});
await store.jobs.send('run', { runId: 'the run' });
