import { formatCount, formatDuration, formatPercent } from '../../api/control-panel/src/format/numbers.ts';
import { runDurationMs } from '../../api/control-panel/src/format/times.ts';
import { localeFor, wordsFor } from '../../api/control-panel/src/words/index.ts';
import { en } from '../../api/control-panel/src/words/en.ts';

describe('numbers', () => {
  it('have separators', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
  });

  it('never claim 100 % before it is', () => {
    expect([0, 0.614, 0.999, 1].map(formatPercent)).toEqual(['0%', '61%', '99%', '100%']);
  });

  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [2_440, '2.4 sec'],
    [45_000, '45 sec'],
    [120_000, '2 min'],
    [185_000, '3 min 5 sec'],
    [59_999, '1 min'],
    [7_800_000, '2 hr 10 min'],
  ])('%i ms are %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('how long a run took', () => {
  const startedOn = '2026-11-22T08:00:00.000Z';
  it('is until it ended, or until now', () => {
    expect(runDurationMs({ startedOn, finishedOn: '2026-11-22T08:01:00.000Z' }, 0)).toBe(60_000);
    expect(runDurationMs({ startedOn }, Date.parse('2026-11-22T08:00:05.000Z'))).toBe(5_000);
    expect(runDurationMs({}, 0)).toBeUndefined();
  });

  it('is never negative when the clocks differ', () => {
    expect(runDurationMs({ startedOn }, Date.parse('2026-11-22T07:59:00.000Z'))).toBe(0);
  });
});

describe('the language', () => {
  it('is the first of the reader’s that there is, else English', () => {
    expect(wordsFor(['xx-YY', 'en-GB'])).toBe(en);
    expect(wordsFor([])).toBe(en);
  });

  it('is written as in the reader’s region', () => {
    expect(localeFor(en, ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB');
    expect(localeFor(en, ['de-DE'])).toBe('en');
  });
});
