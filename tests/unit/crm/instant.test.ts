import fc from 'fast-check';
import { compileDatePattern } from '../../../api/src/crm/value/date-pattern.ts';
import { compileInstantReader } from '../../../api/src/crm/value/instant.ts';
import { readIsoTime } from '../../../api/src/crm/value/iso-time.ts';

const utc = (wallClockMs: number): number => wallClockMs;
const read = (value: string | number | null, formats: string[] = ['iso'], timezone = 'UTC'): number | null =>
  compileInstantReader({ formats, timezone })(value);
const instant = fc.date({ min: new Date('1971-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true });

describe('a time in ISO 8601', () => {
  it('is read as it was written, for any instant and any offset', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offsetMinutes) => {
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const hours = String(Math.floor(Math.abs(offsetMinutes) / 60)).padStart(2, '0');
        const minutes = String(Math.abs(offsetMinutes) % 60).padStart(2, '0');
        const sign = offsetMinutes < 0 ? '-' : '+';
        for (const zone of [`${sign}${hours}:${minutes}`, `${sign}${hours}${minutes}`])
          expect(readIsoTime(local + zone, utc)).toBe(date.getTime());
        expect(readIsoTime(date.toISOString(), utc)).toBe(date.getTime());
      }),
    );
  });

  it('cuts what is finer than a millisecond, and never rounds up', () => {
    expect(read('2026-01-02T03:04:05.6789999Z')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    expect(read('2026-01-02T03:04:05.5Z')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 500));
  });

  it('takes what CRMs write beside the standard', () => {
    expect(read('2026-01-02 03:04:05')).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(read('2026-01-02')).toBe(Date.UTC(2026, 0, 2));
    expect(read('2026-01-02T03:04Z')).toBe(Date.UTC(2026, 0, 2, 3, 4));
    expect(read('2026-01-02T03:04:05+05')).toBe(Date.UTC(2026, 0, 1, 22, 4, 5));
  });

  it.each([
    'yesterday',
    '2026-13-01',
    '2026-02-30',
    '2026-01-02T25:00:00Z',
    '2026-01-02T03:04:05x',
    '02/01/2026',
    '2026-1-2',
    '2026-01-02T03:04:05.Z',
    '20260102',
    '١٢٣٤-01-01',
  ])('is not found in “%s”', (text) => {
    expect(read(text)).toBeNaN();
  });

  it('without a zone is read in the zone that the manifest names, summer and winter', () => {
    expect(read('2026-01-02T12:00:00', ['iso'], 'Europe/Vienna')).toBe(Date.UTC(2026, 0, 2, 11));
    expect(read('2026-07-02T12:00:00', ['iso'], 'Europe/Vienna')).toBe(Date.UTC(2026, 6, 2, 10));
    expect(read('2026-07-02T12:00:00Z', ['iso'], 'Europe/Vienna')).toBe(Date.UTC(2026, 6, 2, 12));
    expect(read('2026-01-02T12:00:00', ['iso'], 'Asia/Kathmandu')).toBe(Date.UTC(2026, 0, 2, 6, 15));
  });

  it('that a clock shows twice is the earlier one, because reading again costs less than missing', () => {
    expect(read('2026-10-25T02:30:00', ['iso'], 'Europe/Vienna')).toBe(Date.UTC(2026, 9, 25, 0, 30));
  });
});

describe('a time in another format', () => {
  it('is null when the CRM says nothing', () => {
    expect(read(null)).toBeNull();
    expect(read('')).toBeNull();
  });

  it('may be seconds or milliseconds since 1970, as number or text', () => {
    expect(read(1_767_323_045, ['epochSeconds'])).toBe(1_767_323_045_000);
    expect(read('1767323045678', ['epochMs'])).toBe(1_767_323_045_678);
    expect(read('17x', ['epochMs'])).toBeNaN();
  });

  it('is tried format by format', () => {
    expect(read('02.01.2026 03:04', ['iso', 'dd.MM.yyyy HH:mm'])).toBe(Date.UTC(2026, 0, 2, 3, 4));
  });

  it('comes back the same after being written by its pattern', () => {
    const pattern = compileDatePattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    fc.assert(fc.property(instant, (date) => expect(pattern.read(pattern.write(date.getTime()), utc)).toBe(date.getTime())));
  });

  it.each(['MM-dd', 'yyyy-QQ', 'XXX yyyy', 'yyyy hh'])('refuses the pattern %s', (pattern) => {
    expect(() => compileDatePattern(pattern)).toThrow();
  });
});
