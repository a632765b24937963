import { jest } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { newStoreFolder } from '../support/databases.ts';
import { createRandom } from '../support/random.ts';
import { type Child, nextLine, startChild } from './children/child.ts';
import { type FoundStore, type Said, linksPerRound, stepsPerRound } from './children/everything.ts';

/** `CRM_SYNC_STORE_KILLS=1000`: so many. `CRM_SYNC_STORE_SEED=3` plays one folder's alone. Each kill costs a second of computing: opening a database. */
const { CRM_SYNC_STORE_KILLS: wanted = '40', CRM_SYNC_STORE_SEED: only } = process.env;
const killsPerFolder = 20;
const kills = only === undefined ? Number(wanted) : killsPerFolder;
const seeds = only === undefined ? Array.from({ length: Math.ceil(kills / killsPerFolder) }, (_, seed) => seed) : [Number(only)];
/** Two keep two processors busy. */
const lanes = 2;
const mostRoundsPerLife = 2;
/** Turns of our event loop; a commit of the child takes some thousand of them. */
const mostTurns = 2_000;

jest.setTimeout(120_000 + kills * 10_000);

const read = async (child: Child): Promise<Said> => JSON.parse(await nextLine(child)) as Said;

/** What one life of the folder has said. */
interface Life {
  readonly found: FoundStore;
  readonly done: readonly string[];
  readonly isKilledInStep: boolean;
}

describe('the embedded database of a process that is killed in mid-write', () => {
  /** Killed at the seed's step of the seed's round, and some way into it. */
  const liveAndDie = async (folder: string, life: number, acknowledged: readonly string[], seed: number): Promise<Life> => {
    const random = createRandom(seed * killsPerFolder + life);
    const child = startChild('write-everything.ts', { folder }, String(life), ...acknowledged);
    try {
      const first = await read(child);
      if (!('found' in first)) throw new Error('the child did not say what it found');
      const done: string[] = [];
      let last: Said = first;
      const take = (said: Said): void => {
        last = said;
        if ('done' in said) done.push(said.done);
      };
      for (let steps = 1 + random.below(mostRoundsPerLife * stepsPerRound); steps > 0; ) {
        take(await read(child));
        if ('at' in last) steps -= 1;
      }
      for (let turns = random.below(mostTurns); turns > 0; turns -= 1) await nextTurn();
      await child.kill();
      // What it said before it died, and we had not heard yet.
      for (let line = await child.lines.next(); line.done !== true; line = await child.lines.next()) take(JSON.parse(line.value) as Said);
      return { found: first.found, done, isKilledInStep: 'at' in last };
    } finally {
      await child.kill();
    }
  };

  /** A page is there with all that belongs to it, or not at all; what came after it, unless it was acknowledged, may be missing. */
  const problemsOf = (found: FoundStore, before: Life | null, acknowledged: readonly string[]): readonly string[] => {
    const { rounds, lost } = found;
    const least = (before?.found.rounds ?? 0) + (before?.done.length ?? 0);
    const whole = {
      read: rounds * (linksPerRound + 2),
      written: rounds * linksPerRound,
      failed: rounds,
      links: rounds * linksPerRound,
      failures: rounds,
      removals: rounds,
    };
    const torn = Object.entries(whole).filter(([name, count]) => Object.entries(found).some(([key, is]) => key === name && is !== count));
    const lastDone = Number(acknowledged.at(-1)?.split('.')[1] ?? -1);
    return [
      ...(rounds === least || rounds === least + 1 ? [] : [`${rounds} pages are there after ${least} that were acknowledged`]),
      ...torn.map(([name, count]) => `${name} is not ${count}: ${JSON.stringify(found)}`),
      ...(found.deliveries >= acknowledged.length && found.deliveries <= rounds ? [] : [`there are ${found.deliveries} deliveries`]),
      ...(found.readUpToMs >= lastDone ? [] : [`the watermark is ${found.readUpToMs} after ${lastDone}`]),
      ...lost.map((key) => `${key} was acknowledged and is not there`),
    ];
  };

  /** One folder, from a fresh database through as many deaths as belong to it. Gives in how many of them something was being written. */
  const playFolder = async (seed: number, deaths: number): Promise<number> => {
    const folder = await newStoreFolder();
    const acknowledged: string[] = [];
    let before: Life | null = null;
    let inStep = 0;
    try {
      for (let life = 0; life <= deaths; life += 1) {
        const now: Life = await liveAndDie(folder, life, acknowledged, seed);
        const problems = problemsOf(now.found, before, acknowledged);
        const replay = `replay with: CRM_SYNC_STORE_SEED=${seed} node .house/run.mjs jest --testPathPatterns embedded-kills`;
        expect({ seed, life, problems, replay }).toEqual({ seed, life, problems: [], replay });
        acknowledged.push(...now.done);
        if (now.isKilledInStep && life < deaths) inStep += 1;
        before = now;
      }
      return inStep;
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it(`opens after each of ${kills} kills at moments of chance, with all that was acknowledged, every table whole`, async () => {
    const waiting = seeds.map((seed, index) => ({ seed, deaths: Math.min(killsPerFolder, kills - index * killsPerFolder) }));
    let inStep = 0;
    const playLane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const more = await playFolder(next.seed, next.deaths);
        inStep += more;
      }
    };
    await Promise.all(Array.from({ length: lanes }, playLane));
    // Between two lines that it says one after the other it writes nothing; that is hardly ever.
    expect(inStep).toBeGreaterThan(kills * 0.9);
  });
});
