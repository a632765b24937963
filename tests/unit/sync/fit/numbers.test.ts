import fc from 'fast-check';
import { roundDecimal } from '../../../../api/src/sync/fit/round-decimal.ts';
import { fitter, refusalOf, written } from './column.ts';

const digits = fc.stringMatching(/^-?\d{1,18}\.\d{1,12}$/);

describe('rounding to a column’s places', () => {
  it.each([
    ['1.005', 2, '1.01'],
    ['-1.005', 2, '-1.01'],
    ['0.004', 2, '0'],
    ['-0.004', 2, '0'],
    ['999.995', 2, '1000'],
    ['9.5', 0, '10'],
    ['.5', 0, '1'],
    ['007.10', 2, '7.1'],
    ['1e3', 2, '1000'],
    ['12e-1', 0, '1'],
    ['1.5e-7', 7, '0.0000002'],
    ['123456789012345678.125', 2, '123456789012345678.13'],
  ])('makes of %s at %i places %s', (text, places, rounded) => expect(roundDecimal(text, places)).toBe(rounded));

  it.each(['', '.', '-', 'e5', '.e0', '1,234', '1.2.3', '0x10', 'NaN', 'Infinity', '1 2'])('takes %j for no number', (text) =>
    expect(roundDecimal(text, 2)).toBeNull(),
  );

  it('moves a number by no more than half of the last place, and a rounded one not at all', () => {
    fc.assert(
      fc.property(digits, fc.nat(10), (text, places) => {
        const rounded = roundDecimal(text, places) ?? '';
        expect(roundDecimal(rounded, places)).toBe(rounded);
        // As whole numbers of the twelfth place and one more, so that the law is judged without binary fractions.
        const scaled = (number: string): bigint => {
          const [whole = '', fraction = ''] = number.split('.');
          return BigInt(`${whole === '-' ? '-0' : whole}${fraction.padEnd(13, '0')}`);
        };
        const difference = scaled(text) - scaled(rounded);
        const half = 5n * 10n ** BigInt(12 - places);
        expect(difference <= half && difference >= -half).toBe(true);
      }),
    );
  });

  it('keeps order: of two numbers the larger never becomes the smaller', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }), (left, right) => {
        const [small, large] = [left, right].sort((one, other) => one - other).map((number) => Number(roundDecimal(String(number), 2)));
        expect(small).toBeLessThanOrEqual(large ?? Number.NaN);
      }),
    );
  });
});

describe('an amount', () => {
  const fit = fitter('Money', { precision: 2, range: { min: 0, max: 1e14 } });

  it.each([
    ['12.50', '12.5'],
    [12.345, '12.35'],
    [' 7 ', '7'],
    ['99999999999999.99', '99999999999999.99'],
    [1e-7, '0'],
  ])('of %j is written as %s', (value, json) => expect(written(fit(value))).toBe(json));

  it('outside of the column’s limits is refused with the limits and never the value', () => {
    expect(refusalOf(() => fit(-5_551_234)).message).toBe('The value for column is not between 0 and 100000000000000');
    expect(refusalOf(() => fit('100000000000000.01'))).toMatchObject({ code: 'mapping.value_out_of_range' });
  });

  it.each(['1,234', 'twelve', true, { a: 1 }])('cannot be made of %j', (value) =>
    expect(refusalOf(() => fit(value)).message).toBe('The value for column cannot be a number'),
  );

  it('reaches Dataverse with every digit, where a JavaScript number would lose some', () =>
    expect(written(fitter('Decimal', { precision: 10 })('123456789012.1234567891'))).toBe('123456789012.1234567891'));

  it('is the same whether the CRM sends a number or its text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 0, max: 1e14 }), (number) => {
        expect(written(fit(String(number)))).toBe(written(fit(number)));
      }),
    );
  });
});

describe('a whole number', () => {
  const fit = fitter('Integer', { range: { min: 0, max: 1_000_000_000 } });

  it.each([
    ['12', 12],
    [12, 12],
    ['12.0', 12],
    ['+7', 7],
  ])('of %j is written as %j', (value, number) => expect(fit(value)).toBe(number));

  it.each(['12.5', 12.5, 'twelve', '1e3'])('cannot be made of %j', (value) =>
    expect(refusalOf(() => fit(value)).code).toBe('mapping.value_refused'),
  );

  it('outside of the limits is refused', () => {
    expect(refusalOf(() => fit(-1)).message).toBe('The value for column is not between 0 and 1000000000');
    expect(refusalOf(() => fitter('Integer')(2_147_483_648)).code).toBe('mapping.value_out_of_range');
  });

  it('beyond 2^53 goes into a big column digit by digit', () => {
    const big = fitter('BigInt');
    expect(written(big('9007199254740993'))).toBe('9007199254740993');
    expect(written(big('-9223372036854775808'))).toBe('-9223372036854775808');
    expect(big(12)).toBe(12);
    expect(refusalOf(() => big('9223372036854775808')).code).toBe('mapping.value_out_of_range');
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (whole) => written(big(String(whole))) === String(whole)));
  });

  it('that a JavaScript number no longer holds exactly is refused: its digits are lost already', () =>
    expect(refusalOf(() => fitter('BigInt')(2 ** 60)).code).toBe('mapping.value_refused'));
});
