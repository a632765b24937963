import fc from 'fast-check';
import type { DateBehaviour } from '../../../../api/src/dataverse/types.ts';
import type { FittingRule } from '../../../../api/src/sync/fit/column-fitter.ts';
import { fitter, refusalOf } from './column.ts';

const dates = (dateBehaviour: DateBehaviour, rule: Partial<FittingRule> = {}) => fitter('DateTime', { dateBehaviour }, rule);

describe('a date', () => {
  it.each<[DateBehaviour, string, string]>([
    ['DateOnly', '1990-05-04', '1990-05-04'],
    ['DateOnly', '1990-05-04T00:00:00+02:00', '1990-05-04'],
    ['DateOnly', '1990-05-04T23:30:00-0500', '1990-05-04'],
    ['DateOnly', '1990-05-04 10:00:00', '1990-05-04'],
    ['UserLocal', '2026-05-01T09:00:00Z', '2026-05-01T09:00:00Z'],
    ['UserLocal', '2026-05-01T09:00:00.789+02:00', '2026-05-01T07:00:00Z'],
    ['UserLocal', '2026-05-01T09:00:00', '2026-05-01T09:00:00Z'],
    ['UserLocal', '2026-05-01 09:00:00', '2026-05-01T09:00:00Z'],
    ['UserLocal', '2026-05-01', '2026-05-01T00:00:00Z'],
    ['TimeZoneIndependent', '2026-05-01T09:00:00+02:00', '2026-05-01T09:00:00Z'],
    ['TimeZoneIndependent', '2026-05-01T09:00', '2026-05-01T09:00:00Z'],
  ])('of a %s column: %s is written as %s', (behaviour, value, written) => expect(dates(behaviour)(value)).toBe(written));

  it('is the moment itself in a column of moments, in whatever zone it is written, to the second', () => {
    const fit = dates('UserLocal');
    const moments = fc.date({ min: new Date('1753-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, offsetMinutes) => {
        const clock = new Date(moment.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
        const zone = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.abs(offsetMinutes) / 60)}:${two(Math.abs(offsetMinutes) % 60)}`;
        expect(fit(`${clock}${zone}`)).toBe(new Date(Math.floor(moment.getTime() / 1_000) * 1_000).toISOString().replace('.000Z', 'Z'));
      }),
    );
  });

  it('is the day that is written in a column of days, in whatever zone', () => {
    const fit = dates('DateOnly');
    const day = fc.date({ min: new Date('1753-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom('', 'T00:00:00', 'T23:59:59Z', 'T00:00:00+14:00', 'T23:59:59.999-1200'), (moment, rest) => {
        const text = moment.toISOString().slice(0, 10);
        expect(fit(`${text}${rest}`)).toBe(text);
      }),
    );
  });

  it('before 1753 is refused before Dataverse would refuse it, also those that mean “never”', () => {
    for (const value of ['1752-12-31', '0001-01-01T00:00:00', '0099-12-31']) {
      expect(refusalOf(() => dates('DateOnly')(value)).message).toBe('The value for column is not between 1753-01-01 and 9999-12-31');
    }
    expect(dates('DateOnly')('1753-01-01')).toBe('1753-01-01');
  });

  it.each(['yesterday', '2026-02-30', '0000-00-00', '04/05/1990', '', 20260101, true])('cannot be made of %j', (value) =>
    expect(refusalOf(() => dates('UserLocal')(value)).message).toBe('The value for column cannot be a date'),
  );

  it('may be a number when the mapping says what it counts; nothing is guessed', () => {
    expect(dates('UserLocal', { epoch: 'seconds' })(1_767_225_600)).toBe('2026-01-01T00:00:00Z');
    expect(dates('UserLocal', { epoch: 'milliseconds' })('1767225600123')).toBe('2026-01-01T00:00:00Z');
    expect(dates('DateOnly', { epoch: 'milliseconds' })(-86_400_000)).toBe('1969-12-31');
    expect(dates('DateOnly', { epoch: 'seconds' })('2026-01-01')).toBe('2026-01-01');
  });
});
