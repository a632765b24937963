import fc from 'fast-check';
import { compileRule, describeRule } from '../../../../api/src/runs/schedule/rule.ts';
import { compileSchedules } from '../../../../api/src/runs/schedule/schedules.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();
const vienna = compileRule({ cron: '30 2 * * *', timeZone: 'Europe/Vienna', jitter: '0s' }, 'a');

describe('when a schedule is due', () => {
  it('every so often: at the same distances for ever', () => {
    const rule = compileRule({ every: '15m', jitter: '0s' }, 'a');
    expect(iso(rule.latestAt(at('2026-11-26T10:14:59.999Z')))).toBe('2026-11-26T10:00:00.000Z');
    expect(iso(rule.latestAt(at('2026-11-26T10:15:00.000Z')))).toBe('2026-11-26T10:15:00.000Z');
    expect(iso(rule.nextAfter(at('2026-11-26T10:15:00.000Z')))).toBe('2026-11-26T10:30:00.000Z');
  });

  it('by the clock of its time zone, in summer and in winter', () => {
    expect(iso(vienna.latestAt(at('2026-07-01T12:00:00Z')))).toBe('2026-07-01T00:30:00.000Z');
    expect(iso(vienna.latestAt(at('2026-12-01T12:00:00Z')))).toBe('2026-12-01T01:30:00.000Z');
    expect(iso(vienna.latestAt(at('2026-12-01T01:30:00Z')))).toBe('2026-12-01T01:30:00.000Z');
    expect(iso(vienna.nextAfter(at('2026-12-01T01:30:00Z')))).toBe('2026-12-02T01:30:00.000Z');
  });

  it('once on the day without that hour, and once on the day that has it twice', () => {
    const dueOn = (day: string): number => {
      let count = 0;
      let momentMs = at(`${day}T00:00:00Z`) - 6 * 3_600_000;
      const endMs = momentMs + 24 * 3_600_000;
      for (momentMs = vienna.nextAfter(momentMs); momentMs < endMs; momentMs = vienna.nextAfter(momentMs)) count += 1;
      return count;
    };
    expect([dueOn('2026-03-29'), dueOn('2026-10-25')]).toEqual([1, 1]);
  });

  it('is told the same by every process: the last moment is not after now, the next is, and nothing is between', () => {
    const rules = fc.oneof(
      fc.record({ every: fc.constantFrom('90s', '15m', '7h', '1d'), jitter: fc.constantFrom('0s', '1m', '2h') }),
      fc.record({ cron: fc.constantFrom('*/20 * * * *', '5 4 * * 1', '0 0 31 * *'), timeZone: fc.constantFrom('UTC', 'America/New_York') }),
    );
    fc.assert(
      fc.property(rules, fc.string(), fc.integer({ min: at('2020-01-01'), max: at('2035-01-01') }), (rule, name, nowMs) => {
        const [compiled, again] = [compileRule(rule, name), compileRule(rule, name)];
        const [latestMs, nextMs] = [compiled.latestAt(nowMs), compiled.nextAfter(nowMs)];
        expect(latestMs).toBeLessThanOrEqual(nowMs);
        expect(nextMs).toBeGreaterThan(nowMs);
        expect(compiled.nextAfter(latestMs)).toBe(nextMs);
        expect(compiled.latestAt(nextMs)).toBe(nextMs);
        expect(again.latestAt(nowMs)).toBe(latestMs);
      }),
      { numRuns: 60 },
    );
  });

  it('sources with the same rule do not all start in the same second, and none later than the jitter', () => {
    const startMs = at('2026-11-26T10:00:00Z');
    const offsets = Array.from(
      { length: 40 },
      (_, index) => compileRule({ every: '1h' }, `source-${index}`).nextAfter(startMs - 1) - startMs,
    );
    expect(new Set(offsets).size).toBeGreaterThan(30);
    expect(Math.max(...offsets)).toBeLessThan(60_000);
  });

  it('is said in words, and a rule that makes no sense stops the start', () => {
    expect(describeRule({ every: '15m' })).toBe('every 15m');
    expect(describeRule({ cron: '0 3 * * 0' })).toBe('0 3 * * 0 (UTC)');
    for (const wrong of [{ cron: '61 3 * * 0' }, { cron: 'every day at 3' }, { cron: '0 3 * * 0', timeZone: 'Europe/Wien' }]) {
      const sources = [{ sourceId: 'northwind', schedules: [{ mode: 'full' as const, ...wrong }] }];
      expect(() => compileSchedules('crm-sync.yaml', sources)).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    }
  });
});
