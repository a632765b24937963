import { waitForKeys } from '../../../api/src/cli/wait-for-keys.ts';
import type { SetupBody } from '../../../api/src/contract/setup.ts';

type Problem = SetupBody['findings'][number]['problem'];
const state = (problem: Problem | null): SetupBody => ({
  isReady: problem === null,
  isSolutionInstalled: false,
  changes: [],
  findings:
    problem === null ? [] : [{ component: 'key', table: 'contact', name: 'ccsync_sourcekey', problem, remedy: 'wait', expected: '' }],
});

/** A clock that goes on when somebody sleeps. */
const waiting = (states: readonly (Problem | null)[], limitMs = 60_000) => {
  let nowMs = 0;
  const slept: number[] = [];
  const left = [...states];
  const said: number[] = [];
  const done = waitForKeys(state('keyBuilding'), {
    setup: { inspect: async () => state(left.length === 0 ? 'keyBuilding' : (left.shift() ?? null)) },
    clock: { nowMs: () => nowMs },
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
    limitMs,
    signal: new AbortController().signal,
    onWaiting: (_tables, waitedMs) => said.push(waitedMs),
  });
  return { done, slept, said };
};

describe('waiting for a key', () => {
  it('ends when its index is active, and says meanwhile how long it has been', async () => {
    const { done, slept, said } = waiting(['keyBuilding', 'keyBuilding', null]);
    expect(await done).toMatchObject({ isReady: true });
    expect(slept).toEqual([1_000, 2_000, 4_000]);
    expect(said).toEqual([0, 1_000, 3_000]);
  });

  it('ends at the limit, names the table, and tells that Dataverse goes on', async () => {
    const { done, slept } = waiting([], 120_000);
    await expect(done).rejects.toMatchObject({
      code: 'setup.key_slow',
      message: expect.stringContaining('contact after 2 minutes'),
      help: expect.stringContaining('goes on by itself'),
    });
    expect(Math.max(...slept)).toBe(15_000);
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(120_000);
  });

  it('ends when the index fails, as waiting would not help', async () => {
    await expect(waiting(['keyBuilding', 'keyFailed']).done).rejects.toMatchObject({ code: 'setup.key_failed' });
  });
});
