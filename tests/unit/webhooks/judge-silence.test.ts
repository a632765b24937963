import { judgeSilence } from '../../../api/src/webhooks/judge-silence.ts';

const hourMs = 3_600_000;
/** A Monday, 0:00 UTC. */
const monday = Math.floor(Date.UTC(2026, 10, 23) / hourMs);
const weekHours = 168;

/** `each` deliveries an hour from 8 to 18 on working days, for some weeks before that Monday and up to `hour` of it. */
const officeHours = (weeks: number, each: number, untilHour: number): Map<number, number> => {
  const hours = new Map<number, number>();
  for (let hour = monday - weeks * weekHours; hour < monday + untilHour; hour += 1) {
    const sinceMonday = (((hour - monday) % weekHours) + weekHours) % weekHours;
    const [day, time] = [Math.floor(sinceMonday / 24), sinceMonday % 24];
    if (day < 5 && time >= 8 && time < 18) hours.set(hour, each);
  }
  return hours;
};
const judge = (hours: ReadonlyMap<number, number>, lastHour: number, nowHour: number) =>
  judgeSilence({ hours, lastOnMs: (monday + lastHour) * hourMs, nowMs: (monday + nowHour) * hourMs });

describe('whether a webhook has been silent for too long', () => {
  it.each([
    ['an hour without a word on a busy morning', officeHours(5, 60, 10), 10, 11, true],
    ['ten minutes on a busy morning', officeHours(5, 600, 10), 10, 10 + 1 / 6, false],
    ['the night after a busy day', officeHours(5, 60, 18), 18, 31.9, false],
    ['the morning after such a night, once something should have come', officeHours(5, 60, 18), 18, 33, true],
    ['a weekend', officeHours(5, 60, 5 * 24), 4 * 24 + 18, 6 * 24 + 12, false],
    ['an hour where little comes', officeHours(5, 2, 10), 10, 11, false],
    ['a day where little comes', officeHours(5, 2, 10), 10, 18, true],
    ['weeks, whatever came before', officeHours(5, 1, 10), 10, 10 + weekHours, true],
    ['a morning in the first week, as pauses were longer before', officeHours(0.7, 60, 10), 10, 16, false],
    ['a webhook of which too little is known', new Map([[monday - 100, 5]]), -100, 900, false],
    ['one that is known since this morning', new Map([[monday + 8, 500]]), 9, 20, false],
    ['one that has never posted', new Map<number, number>(), Number.NEGATIVE_INFINITY, 10, false],
  ])('%s', (_what, hours, lastHour, nowHour, isUnusual) => {
    expect(judge(hours, lastHour, nowHour).isUnusual).toBe(isUnusual);
  });

  it('tells the longest pause that it knows, and none while nobody knows what is usual', () => {
    expect(judge(officeHours(5, 60, 10), 10, 11).usualPauseMs).toBe(63 * hourMs);
    expect(judge(new Map(), 0, 1).usualPauseMs).toBeNull();
  });
});
