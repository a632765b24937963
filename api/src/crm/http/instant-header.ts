import type { instantWays } from '../manifest/schema/http.ts';

export type InstantWay = (typeof instantWays)[number];

const readNumber = (text: string): number => (/^\s*\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN);

/** How long to wait, in ms, from what a header or a body says; null when it cannot be read so. Times in the past are no wait. */
export const readWaitMs = (value: string | number | null | undefined, as: InstantWay, nowMs: number): number | null => {
  if (value === null || value === undefined || value === '') return null;
  const text = String(value);
  const number = readNumber(text);
  const waitMs = {
    seconds: () => number * 1000,
    ms: () => number,
    epochSeconds: () => number * 1000 - nowMs,
    epochMs: () => number - nowMs,
    date: () => Date.parse(text) - nowMs,
  }[as]();
  return Number.isNaN(waitMs) ? null : Math.max(0, Math.ceil(waitMs));
};
