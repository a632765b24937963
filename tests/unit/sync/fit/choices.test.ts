import fc from 'fast-check';
import { compileFitter } from '../../../../api/src/sync/fit/fit-value.ts';
import { foldLabel } from '../../../../api/src/sync/fit/fold-label.ts';
import { column, fitter, refusalOf } from './column.ts';

const option = (value: number, ...labels: string[]) => ({ value, labels, label: labels[0] ?? '' });
const options = [option(1, 'Preferred Customer', 'Bevorzugter Kunde', 'Client privilégié'), option(2, 'Standard'), option(3, '2024')];

describe('a choice', () => {
  const fit = fitter('Picklist', { options });

  it.each([
    ['its label', 'Preferred Customer', 1],
    ['small letters and more space', '  preferred   customer ', 1],
    ['another language', 'BEVORZUGTER KUNDE', 1],
    ['a label without its accents', 'client privilegie', 1],
    ['its value', 2, 2],
    ['its value in digits', '2', 2],
    ['a label that is a number', '2024', 3],
  ])('is found by %s', (_by, value, found) => expect(fit(value)).toBe(found));

  it('that the column does not have is refused, with the column’s name and never the value', () => {
    for (const value of ['Secret segment', 99, '99', true, { a: 1 }]) {
      expect(refusalOf(() => fit(value))).toEqual({
        code: 'mapping.choice_unknown',
        message: 'The value for column is none of its choices',
      });
    }
  });

  it('may be named in the CRM’s own words by the mapping, which come before labels', () => {
    const mapped = fitter('Picklist', { options }, { choices: { 'A-Kunde': 'Preferred Customer', Standard: 3, 7: 2 } });
    expect(mapped('a-kunde')).toBe(1);
    expect(mapped('standard')).toBe(3);
    expect(mapped('7')).toBe(2);
    expect(mapped('Bevorzugter Kunde')).toBe(1);
  });

  it('that the mapping names and the column does not have stops the sync before any record', () =>
    expect(() => fitter('Picklist', { options }, { choices: { gold: 'Golden' } })).toThrow(
      '“choices” names Golden, and the column has no such option',
    ));

  it('whose label two options bear is none: a guess would be right half of the time', () => {
    const twins = fitter('Picklist', { options: [option(1, 'Other'), option(2, 'OTHER'), option(3, 'Third')] });
    expect(refusalOf(() => twins('Other')).code).toBe('mapping.choice_unknown');
    expect(twins('third')).toBe(3);
    expect(twins(2)).toBe(2);
  });

  it('is found by any label, however a person writes it', () => {
    const labels = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
      minLength: 1,
      maxLength: 12,
      selector: foldLabel,
    });
    const spelling = fc.constantFrom<((text: string) => string)[]>(
      (text) => text,
      (text) => text.toLowerCase(),
      (text) => ` ${text}  `,
      (text) => text.normalize('NFD'),
      (text) => text.replaceAll(' ', '   '),
    );
    fc.assert(
      fc.property(labels, spelling, (names, spell) => {
        // 1,000 and on, so that no label is another option's value.
        const fitOne = compileFitter(column('Picklist', { options: names.map((name, index) => option(1_000 + index, name)) }), {
          whenTooLong: 'reject',
        });
        names.forEach((name, index) => {
          if (foldLabel(spell(name)) === foldLabel(name) && !/^1\d{3}$/.test(foldLabel(name)))
            expect(fitOne(spell(name))).toBe(1_000 + index);
        });
      }),
    );
  });
});

describe('several choices', () => {
  const fit = fitter('MultiSelectPicklist', { options: [...options, option(12, 'Food, drink')] });

  it.each([
    ['a list of labels', ['Standard', 'preferred customer'], '1,2'],
    ['semicolons', 'Standard; 2024', '2,3'],
    ['Dataverse’s own form', '2,1', '1,2'],
    ['a label with a comma in it', 'Food, drink', '12'],
    ['one value', 12, '12'],
    ['the same twice', ['Standard', 2], '2'],
  ])('come from %s, in one order', (_from, value, text) => expect(fit(value)).toBe(text));

  it('that are none empty the column', () => {
    expect(fit([])).toBeNull();
    expect(fit(['', null])).toBeNull();
    expect(fit(' ; ')).toBeNull();
  });

  it('are refused as a whole when one of them is unknown', () =>
    expect(refusalOf(() => fit(['Standard', 'nonsense'])).code).toBe('mapping.choice_unknown'));
});

describe('yes and no', () => {
  const fit = fitter('Boolean', { options: [option(1, 'Do Not Allow', 'Nicht zulassen'), option(0, 'Allow', 'Zulassen')] });

  it.each([
    [true, true],
    ['TRUE', true],
    ['yes', true],
    [1, true],
    ['1', true],
    ['do not allow', true],
    [false, false],
    ['No', false],
    [0, false],
    ['Zulassen', false],
  ])('of %j is %j', (value, meant) => expect(fit(value)).toBe(meant));

  it.each(['perhaps', 2, 'y', '', { a: 1 }])('cannot be made of %j', (value) =>
    expect(refusalOf(() => fit(value)).code).toBe('mapping.choice_unknown'),
  );

  it('may be said in other words by the mapping', () => {
    const mapped = fitter('Boolean', {}, { choices: { opted_out: true, subscribed: false } });
    expect([mapped('Opted_Out'), mapped('subscribed'), mapped('yes')]).toEqual([true, false, true]);
  });

  it('is refused where the labels turn a word around: “Yes” for false is meant by nobody or by everybody', () =>
    expect(refusalOf(() => fitter('Boolean', { options: [option(1, 'No'), option(0, 'Yes')] })('yes')).code).toBe(
      'mapping.choice_unknown',
    ));
});

describe('what a column’s type cannot do', () => {
  it.each([
    ['Lookup', {}, 'it is of type Lookup, which a mapping does not fill'],
    ['State', {}, 'it is of type State, which a mapping does not fill'],
    ['String', { choices: { a: 1 } }, '“choices” is for choices and yes/no columns'],
    ['Integer', { epoch: 'seconds' as const }, '“epoch” is for date columns'],
    ['Picklist', {}, 'Dataverse does not say which choices it has'],
  ])('%s with %j is told before any record is read', (type, rule, problem) => expect(() => fitter(type, {}, rule)).toThrow(problem));
});
