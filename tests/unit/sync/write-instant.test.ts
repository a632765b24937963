import fc from 'fast-check';
import { writeInstant } from '../../../api/src/sync/write-instant.ts';

describe('writing a moment', () => {
  it('gives what Date gives, for every moment that Dataverse can hold', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1753-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (date) => {
          expect(writeInstant(date.getTime())).toBe(date.toISOString());
        },
      ),
    );
  });

  it('refuses what is no moment', () => {
    expect(() => writeInstant(Number.NaN)).toThrow(RangeError);
    expect(() => writeInstant(1e17)).toThrow(RangeError);
  });
});
