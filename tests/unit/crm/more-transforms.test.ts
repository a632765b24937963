import fc from 'fast-check';
import { compileColumnRules } from '../../../api/src/crm/value/column-rules.ts';
import { compileTransform } from '../../../api/src/crm/value/transforms/registry.ts';

const apply = (written: unknown, value: string | number | readonly string[]) => compileTransform(written).apply(value);

describe('transforms for the traps of real CRMs', () => {
  it.each<readonly [unknown, string | number | readonly string[], unknown]>([
    [{ countryName: 'en' }, 'AUT', 'Austria'],
    ['countryName', 'gb', 'United Kingdom'],
    ['countryName', 'Wonderland', 'Wonderland'],
    [{ countryName: 'de' }, 'AT', 'Österreich'],
    ['countryCode', 'United States', 'US'],
    ['countryCode', 'USA', 'US'],
    ['countryCode', 'uk', 'GB'],
    ['countryCode', 'Cote d’Ivoire', 'CI'],
    [{ countryCode: ['de', 'en'] }, 'oesterreich', undefined],
    [{ countryCode: ['de', 'en'] }, 'Österreich', 'AT'],
    ['countryCode', 'Wonderland', undefined],
    [{ phone: 'AT' }, '01 234 56 78', '+4312345678'],
    ['phone', '+1 (425) 555-0100 ext. 12', '+14255550100 ext. 12'],
    ['phone', 'ask for Maria', 'ask for Maria'],
    [{ truncate: 3 }, 'a👩‍👩‍👧b!', 'a👩‍👩‍👧b'],
    [{ truncate: 5 }, 'abcdefgh', 'abcde'],
    [{ split: ';' }, 'a; b;;c', ['a', 'b', 'c']],
    [{ element: 0 }, ['a', 'b'], 'a'],
    [{ element: 5 }, ['a', 'b'], null],
    [{ replace: { '&': 'and', $1: 'x' } }, 'a & $1', 'a and x'],
    ['boolean', 'Yes', true],
    ['boolean', '0', false],
    ['boolean', 'perhaps', undefined],
    [{ date: { format: 'dd.MM.yyyy', only: true } }, '24.12.2026', '2026-12-24'],
    [{ date: { timezone: 'Europe/Vienna' } }, '2026-06-01 12:00:00', '2026-06-01T10:00:00Z'],
    ['date', 'tomorrow', undefined],
    [{ lastName: { particles: ['y'] } }, 'José Ortega y Gasset', 'y Gasset'],
    ['lastName', 'van Beethoven, Ludwig', 'van Beethoven'],
  ])('%j of %j is %j', (written, value, expected) => {
    expect(apply(written, value)).toEqual(expected);
  });

  it('truncate never cuts a character as people see it, and never gives more than asked for', () => {
    const segments = (text: string) =>
      [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, count) => {
        const cut = apply({ truncate: count }, text);
        expect(segments(text).slice(0, count).join('').trimEnd()).toBe(segments(text).length <= count ? text.trimEnd() : cut);
      }),
    );
  });

  it('default fills what is empty, and leaves alone what the CRM did not send', () => {
    const [rule] = compileColumnRules([{ to: 'name', from: 'name', via: ['trim', { default: 'unknown' }] }]);
    expect([{ name: null }, { name: '  ' }, { name: ' A ' }, {}].map((fields) => rule?.read(fields))).toEqual([
      'unknown',
      'unknown',
      'A',
      undefined,
    ]);
  });

  it.each([
    [{ truncate: 0 }],
    [{ phone: 'Austria' }],
    [{ split: '' }],
    [{ replace: {} }],
    [{ date: { zone: 'x' } }],
    [{ countryName: 7 }],
    [{ default: [] }],
    [{ lastName: 'van' }],
  ])('%j is refused in the manifest itself', (written) => {
    expect(() => compileTransform(written)).toThrow('cannot be used like this');
  });
});
