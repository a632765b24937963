import { createHash } from 'node:crypto';
import type * as CronParser from 'cron-parser';
import { durationMs } from '../../crm/value/duration.ts';
import { loadWhenNeeded } from '../../load-when-needed.ts';
import type { ScheduleRule } from './types.ts';

/** When a schedule is due. Moments are epoch milliseconds. */
export interface CompiledRule {
  /** The last moment that was due by then. */
  latestAt(nowMs: number): number;
  /** The first one after it. */
  nextAfter(nowMs: number): number;
}

/** Most that two sources with the same rule are kept apart, unless the rule says otherwise. */
const usualJitterMs = 60_000;

const cron = loadWhenNeeded<typeof CronParser>('cron-parser');

/** The same for a schedule at every start and in every process: which of its moments are due must not depend on who asks. */
const jitterOf = (name: string, jitterMs: number): number =>
  jitterMs === 0 ? 0 : createHash('sha256').update(name).digest().readUInt32BE() % jitterMs;

const compileEvery = (everyMs: number, offsetMs: number): CompiledRule => {
  const latestAt = (nowMs: number): number => Math.floor((nowMs - offsetMs) / everyMs) * everyMs + offsetMs;
  return { latestAt, nextAfter: (nowMs) => latestAt(nowMs) + everyMs };
};

/**
 * Five fields, in the time zone of the rule. A moment that does not exist when clocks go forward is the one an hour later; one that
 * comes twice when they go back is due once.
 */
const compileCron = (expression: string, timeZone: string, offsetMs: number): CompiledRule => {
  const from = (nowMs: number) => cron().CronExpressionParser.parse(expression, { tz: timeZone, currentDate: new Date(nowMs) });
  // Throws here, not at its first use, when there is no such expression or time zone.
  from(0).next();
  return {
    // `prev` looks strictly before.
    latestAt: (nowMs) =>
      from(nowMs - offsetMs + 1)
        .prev()
        .getTime() + offsetMs,
    nextAfter: (nowMs) =>
      from(nowMs - offsetMs)
        .next()
        .getTime() + offsetMs,
  };
};

/** Throws when its cron expression or time zone is none. `name` keeps schedules of several sources apart. */
export const compileRule = (rule: ScheduleRule, name: string): CompiledRule => {
  const jitterMs = rule.jitter === undefined ? usualJitterMs : durationMs(rule.jitter);
  if ('every' in rule) {
    const everyMs = durationMs(rule.every);
    return compileEvery(everyMs, jitterOf(name, Math.min(everyMs, jitterMs)));
  }
  return compileCron(rule.cron, rule.timeZone ?? 'UTC', jitterOf(name, jitterMs));
};

/** As a person reads it. */
export const describeRule = (rule: ScheduleRule): string =>
  'every' in rule ? `every ${rule.every}` : `${rule.cron} (${rule.timeZone ?? 'UTC'})`;
