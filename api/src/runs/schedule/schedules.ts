import { AppError } from '../../errors/app-error.ts';
import { type CompiledRule, compileRule, describeRule } from './rule.ts';
import type { Schedule, SourceSchedules } from './types.ts';

export interface ReadySchedule {
  readonly sourceId: string;
  readonly schedule: Schedule;
  /** The same as long as the admin does not change it: what the store remembers of it is found by this. */
  readonly key: string;
  readonly text: string;
  readonly rule: CompiledRule;
}

const keyOf = (schedule: Schedule): string => `${schedule.mode} ${describeRule(schedule)} ${(schedule.tables ?? []).join(',')}`;

const compile = (file: string, sourceId: string, schedule: Schedule): ReadySchedule => {
  const key = keyOf(schedule);
  try {
    return { sourceId, schedule, key, text: describeRule(schedule), rule: compileRule(schedule, `${sourceId} ${key}`) };
  } catch (error) {
    const problem = `the schedule “${describeRule(schedule)}” of ${sourceId} cannot be read; a cron expression has five fields (minute hour day month weekday), a time zone is a name such as Europe/Vienna`;
    throw new AppError('config.unreadable', { file, problem }, error);
  }
};

/** Throws `config.unreadable` for the first that makes no sense. Full runs come first: what they read, an incremental one need not. */
export const compileSchedules = (file: string, sources: readonly SourceSchedules[]): readonly ReadySchedule[] =>
  sources
    .flatMap(({ sourceId, schedules }) => schedules.map((schedule) => compile(file, sourceId, schedule)))
    .sort((one, other) => Number(other.schedule.mode === 'full') - Number(one.schedule.mode === 'full'));
