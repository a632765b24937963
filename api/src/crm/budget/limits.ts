import type { RateLimit } from '../http/rate-window.ts';

/** One of a CRM's limits, as processes share it: so many at once (`perMs` 0), or in so long. */
export interface SharedLimit {
  /** Those who name it alike share it. It is its own meaning, so a newer manifest with another limit shares that with its like. */
  readonly name: string;
  readonly size: number;
  readonly perMs: number;
  /** The kinds of request that it counts; all when left out. */
  readonly on?: readonly string[];
}

/** The order in which a gate counts them: requests under way first, then each rate. */
export const sharedLimits = (concurrency: number, rates: readonly RateLimit[]): readonly SharedLimit[] => [
  { name: 'atOnce', size: concurrency, perMs: 0 },
  ...rates.map(({ requests, perMs, on }) => ({
    name: `${requests}/${perMs}${on === undefined ? '' : ` ${[...on].toSorted().join(' ')}`}`,
    size: requests,
    perMs,
    ...(on === undefined ? {} : { on }),
  })),
];
