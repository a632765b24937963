/** Chance that comes out the same for the same seed, on every machine. */
export interface Random {
  /** From 0 up to, not including, `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  chance(probability: number): boolean;
  /** Each `#` becomes a digit. */
  digits(pattern: string): string;
}

const constants = { step: 0x6d2b79f5, range: 2 ** 32 } as const;

/** Mulberry32 (public domain): 32 bits of state are plenty for sample data, and it takes 5 ns. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + constants.step) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / constants.range;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    chance: (probability) => next() < probability,
    digits: (pattern) => pattern.replaceAll('#', () => String(below(10))),
  };
};
