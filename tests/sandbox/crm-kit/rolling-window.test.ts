import fc from 'fast-check';
import { RollingWindow } from '../../../api/sandbox/src/crm-kit/rolling-window.ts';

describe('a limit of so many requests in so long', () => {
  it('is never exceeded in any stretch of that length, and never refuses while there is room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }), (limit, pausesMs) => {
        let nowMs = 1_000_000;
        const window = new RollingWindow({ intervalMs: 1_000, now: () => new Date(nowMs) });
        const takenAtMs: number[] = [];
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          const inWindow = takenAtMs.filter((atMs) => atMs > nowMs - 1_000).length;
          expect(window.remaining(limit)).toBe(limit - inWindow);
          const isTaken = window.take(limit);
          expect(isTaken).toBe(inWindow < limit);
          if (isTaken) takenAtMs.push(nowMs);
        }
      }),
    );
  });
});
