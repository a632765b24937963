import { createServerClock } from '../../../api/src/dataverse/http/server-clock.ts';

const noonMs = Date.UTC(2026, 10, 26, 12);

describe('Dataverse’s own time', () => {
  it('is ours until an answer has told it, or where none tells', () => {
    const clock = createServerClock(() => noonMs);
    expect(clock.nowMs()).toBe(noonMs);
    clock.observe(undefined);
    clock.observe('yesterday');
    expect(clock.nowMs()).toBe(noonMs);
  });

  it.each([-3_600_000, -180_000, 180_000, 3_600_000])('is learnt from its answers to the second, where our clock is %d ms off', (offMs) => {
    let oursMs = noonMs + offMs;
    const clock = createServerClock(() => oursMs);
    clock.observe(new Date(noonMs).toUTCString());
    expect(Math.abs(clock.nowMs() - noonMs)).toBeLessThan(1000);
    oursMs += 90_000;
    expect(Math.abs(clock.nowMs() - noonMs - 90_000)).toBeLessThan(1000);
  });
});
