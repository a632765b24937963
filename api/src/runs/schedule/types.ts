import type { TableName } from '../../crm/types.ts';
import type { RunMode } from '../../store/runs/types.ts';

/** As configured. */
export type ScheduleRule = { readonly jitter?: string } & (
  | { readonly every: string }
  | { readonly cron: string /** IANA name; UTC when left out. */; readonly timeZone?: string }
);

export type Schedule = ScheduleRule & {
  readonly mode: RunMode;
  readonly tables?: readonly TableName[];
};

export interface SourceSchedules {
  readonly sourceId: string;
  readonly schedules: readonly Schedule[];
}
