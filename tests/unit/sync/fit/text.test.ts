import fc from 'fast-check';
import { truncateText } from '../../../../api/src/sync/fit/fit-text.ts';
import { fitter, refusalOf } from './column.ts';

describe('a text that goes into a column', () => {
  it('is cut at a whole character, never inside an emoji or off its accent', () => {
    expect(truncateText('ab👩‍👩‍👧‍👦', 5)).toBe('ab');
    expect(truncateText('cafe\u0301s', 4)).toBe('caf');
    expect(truncateText('cafe\u0301s', 5)).toBe('cafe\u0301');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, limit) => {
        const cut = truncateText(text, limit);
        expect(cut.length).toBeLessThanOrEqual(Math.max(limit, 0));
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed());
      }),
    );
  });

  it('may be truncated, left out or refused when it is too long, as the mapping says', () => {
    expect(fitter('String', { maxLength: 3 }, { whenTooLong: 'truncate' })('abcd')).toBe('abc');
    expect(fitter('String', { maxLength: 3 }, { whenTooLong: 'skip' })('abcd')).toBeUndefined();
    expect(refusalOf(() => fitter('Memo', { maxLength: 3 })('abcd'))).toEqual({
      code: 'mapping.value_too_long',
      message: 'The value for column has 4 characters; 3 fit',
    });
  });

  it('is also what a number or yes and no become in a text column, and never what a list or an object would', () => {
    expect(fitter('String')(12)).toBe('12');
    expect(fitter('String')(true)).toBe('true');
    expect(refusalOf(() => fitter('String')({ a: 1 })).message).toBe('The value for column cannot be a text');
  });
});
