import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type EpisodeResult, playEpisode, readAllAgain } from './episode.ts';
import { type Formation, formationOf } from './plan.ts';
import { type World, startWorld } from './world.ts';

/**
 * `CRM_SYNC_CHAOS_SEED=17` plays this one alone; `CRM_SYNC_CHAOS_SEEDS=1000` so many, from `CRM_SYNC_CHAOS_FIRST=50` on. One costs some
 * five seconds of computing.
 */
const { CRM_SYNC_CHAOS_SEED: only, CRM_SYNC_CHAOS_SEEDS: count = '50', CRM_SYNC_CHAOS_FIRST: from = '0' } = process.env;
const seeds = only === undefined ? Array.from({ length: Number(count) }, (_, index) => Number(from) + index) : [Number(only)];

/** Side by side, each one world after the other. Two keep two processors busy, and have about as much to do. */
const lanes: readonly (readonly Formation[])[] = [['pair'], ['embedded', 'server']];
const seedsPerWorld = 25;
/** What is told here; all of it is in a file. */
const endOfALog = 3_000;

jest.setTimeout(180_000 + seeds.length * 60_000);

/** At once, in a file: of a thousand seeds the last is played an hour later. */
const withLog = (seed: number, problems: readonly string[], log: string): readonly string[] => {
  const file = join(tmpdir(), `crm-sync-chaos-seed-${seed}.log`);
  writeFileSync(file, `${problems.join('\n')}\n\n${log}`);
  return [...problems, `${log.slice(-endOfALog)}\n(the whole log: ${file})`];
};

const replayOf = (seed: number): string =>
  `replay with: CRM_SYNC_CHAOS_SEED=${seed} node .house/run.mjs jest --testPathPatterns tests/chaos`;

describe('API processes that are killed while everything goes on', () => {
  const results = new Map<number, EpisodeResult>();
  /** What is wrong after the store was lost, by seed. */
  const afterLoss = new Map<number, readonly string[]>();

  const playIn = async (world: World, own: readonly number[]): Promise<void> => {
    for (const seed of own) {
      try {
        const result = await playEpisode(world, seed);
        const log = world.takeOutput();
        results.set(seed, result.problems.length === 0 ? result : { ...result, problems: withLog(seed, result.problems, log) });
      } catch (error) {
        const problems = withLog(seed, [`could not be played to its end: ${String(error)}`], world.takeOutput());
        results.set(seed, { problems, kills: 0, repeatedPages: 0 });
        throw error;
      }
    }
  };
  const playAllOf = async (formation: Formation): Promise<void> => {
    const own = seeds.filter((seed) => formationOf(seed) === formation);
    for (let first = 0; first < own.length; first += seedsPerWorld) {
      const part = own.slice(first, first + seedsPerWorld);
      const world = await startWorld(formation, part);
      try {
        await playIn(world, part);
        const last = part.at(-1);
        if (formation === 'embedded' && last !== undefined) {
          await world.loseStore();
          afterLoss.set(last, await readAllAgain(world, world.sourceOf(last)));
        }
      } finally {
        await world.stop();
      }
    }
  };

  const playLane = async (formations: (typeof lanes)[number]): Promise<void> => {
    for (const formation of formations) await playAllOf(formation);
  };

  it('leave Dataverse equal to the CRM field by field, no row doubled, every equation whole, and little work repeated', async () => {
    const ends = await Promise.allSettled(lanes.map(playLane));
    const failed = [...results].filter(([, { problems }]) => problems.length > 0);
    const told = failed.map(
      ([seed, { problems }]) => `seed ${seed} (${formationOf(seed)}):\n  ${problems.join('\n  ')}\n  ${replayOf(seed)}`,
    );
    expect(told).toEqual([]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    expect([...results.keys()].toSorted((left, right) => left - right)).toEqual(seeds);
    for (const [seed, { kills }] of results) expect([seed, kills > 0]).toEqual([seed, true]);
  });

  it('and whose store is deleted altogether double no row and lose none: the next full run ends with the right ones', () => {
    for (const [seed, problems] of afterLoss) expect([seed, problems]).toEqual([seed, []]);
    if (only === undefined) expect(afterLoss.size).toBeGreaterThan(0);
  });
});
