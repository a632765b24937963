import { locale } from '../words/index.ts';

const countFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const percentFormat = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const unitFormat = (unit: string, maximumFractionDigits = 0) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits });

export const formatCount = (count: number): string => countFormat.format(count);
/** `share` from 0 to 1. Never says 100 % before it is. */
export const formatPercent = (share: number): string => percentFormat.format(share < 1 ? Math.min(share, 0.99) : 1);

const inUnit = {
  millisecond: unitFormat('millisecond'),
  second: unitFormat('second'),
  secondTenths: unitFormat('second', 1),
  minute: unitFormat('minute'),
  hour: unitFormat('hour'),
};

/** Two units at most: 840 ms, 2.4 s, 45 s, 3 min 5 s, 2 hr 10 min. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs < 1000) return inUnit.millisecond.format(Math.max(0, Math.round(durationMs)));
  if (durationMs < 10_000) return inUnit.secondTenths.format(durationMs / 1000);
  const seconds = Math.round(durationMs / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${inUnit.hour.format(hours)} ${inUnit.minute.format(minutes)}`;
  if (minutes > 0) return rest > 0 ? `${inUnit.minute.format(minutes)} ${inUnit.second.format(rest)}` : inUnit.minute.format(minutes);
  return inUnit.second.format(rest);
};
