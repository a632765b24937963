import fc from 'fast-check';
import type { ColumnDescription } from '../../../api/src/dataverse/types.ts';
import { compileFitter, truncateText } from '../../../api/src/sync/fit-value.ts';

const column = (type: string, maxLength: number | null = null): ColumnDescription => ({
  logicalName: 'lastname',
  type,
  maxLength,
  displayName: 'Last Name',
  isValidForCreate: true,
  isValidForUpdate: true,
});

describe('a value that goes into a column', () => {
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
    expect(compileFitter(column('String', 3), 'truncate')('abcd')).toBe('abc');
    expect(compileFitter(column('String', 3), 'skip')('abcd')).toBeUndefined();
    expect(() => compileFitter(column('String', 3), 'reject')('abcd')).toThrow('The value for lastname has 4 characters; 3 fit');
  });

  it('is never named in the error that refuses it', () => {
    expect(() => compileFitter(column('String', 3), 'reject')('Secret Name')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('Secret') }),
    );
    expect(() => compileFitter(column('Integer'), 'reject')('Secret Name')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('Secret') }),
    );
  });

  it.each([
    ['Integer', '12', 12],
    ['Integer', 12, 12],
    ['Money', '12.50', 12.5],
    ['Boolean', 'true', true],
    ['String', 12, '12'],
    ['DateTime', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
  ])('of a %s column is written as it wants: %j', (type, value, fitted) =>
    expect(compileFitter(column(type), 'reject')(value)).toBe(fitted),
  );

  it.each([
    ['Integer', '12.5'],
    ['Integer', 'twelve'],
    ['Boolean', 'perhaps'],
    ['DateTime', 'yesterday'],
    ['String', { a: 1 }],
  ])('is refused by a %s column when it is %j', (type, value) =>
    expect(() => compileFitter(column(type), 'reject')(value)).toThrow('cannot be'),
  );

  it('cannot be aimed at a lookup', () => expect(() => compileFitter(column('Lookup'), 'reject')).toThrow('cannot be a Lookup'));
});
