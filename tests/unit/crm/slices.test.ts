import fc from 'fast-check';
import type { RangeSlice } from '../../../api/src/crm/reader/slices.ts';
import { cutHex, cutRange, cutWindow } from '../../../api/src/crm/reader/slices.ts';

const holds = ({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: RangeSlice, value: number): boolean =>
  value >= from && value < to;
const hour = 3_600_000;

describe('a range that workers share', () => {
  it('has every value in exactly one slice, also those that come below and above it meanwhile', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: -2_000, max: 2_100_000_000 }),
        (lowest, length, into, step, value) => {
          const slices = cutRange(lowest, lowest + length, into, step);
          expect(slices.length === 0 || slices.filter((slice) => holds(slice, value)).length === 1).toBe(true);
          expect(slices.length).toBeLessThanOrEqual(into);
        },
      ),
    );
  });

  it('is cut into equal parts, open at both ends', () => {
    expect(cutRange(0, 100, 4)).toEqual([{ to: 25 }, { from: 25, to: 50 }, { from: 50, to: 75 }, { from: 75 }]);
  });

  it('is not shared when there is nothing to share', () => {
    expect(cutRange(5, 5, 8)).toEqual([]);
    expect(cutRange(0, 100, 1)).toEqual([]);
  });
});

describe('ids at random that workers share', () => {
  it('are in exactly one slice each, also those that somebody has made up, and every slice has about as many', () => {
    const holdsId = ({ from = '', to }: ReturnType<typeof cutHex>[number], id: string): boolean =>
      id >= from && (to === undefined || id < to);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.oneof(fc.uuid(), fc.string()), (into, id) => {
        const slices = cutHex(into);
        expect(slices).toHaveLength(into);
        expect(slices.filter((slice) => holdsId(slice, id))).toHaveLength(1);
      }),
    );
    expect(cutHex(4)).toEqual([{ to: '4000' }, { from: '4000', to: '8000' }, { from: '8000', to: 'c000' }, { from: 'c000' }]);
  });
});

describe('a window of changes that workers share', () => {
  const changes = { mode: 'window', path: '/people', slices: {} } as const;

  it('is cut at whole steps of the CRM’s time, into no slice that is shorter than asked for', () => {
    const slices = cutWindow({ fromMs: 500, toMs: 24 * hour }, { ...changes, slices: { atLeast: '8h' } });
    expect(slices).toHaveLength(2);
    expect(((slices[1]?.from ?? 0) - 500) % 1_000).toBe(0);
  });

  it('stays whole when it is short, or the manifest shares none', () => {
    expect(cutWindow({ fromMs: 0, toMs: 11 * hour }, changes)).toEqual([]);
    expect(cutWindow({ fromMs: 0, toMs: 1_000 * hour }, { mode: 'window', path: '/people' })).toEqual([]);
  });
});
