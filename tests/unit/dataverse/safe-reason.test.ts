import fc from 'fast-check';
import { safeReason, valuesOf } from '../../../api/src/dataverse/safe-reason.ts';

const knownNames = new Set(['contact', 'contacts', 'lastname', 'firstname', 'emailaddress1', 'telephone1', 'ccsync_sourcekey']);
const reasonFor = (message: string, values: readonly string[] = []) => safeReason(message, { knownNames, values });

/** Messages as Dataverse writes them, with the place of an echoed value. */
const quotedTemplates: readonly ((value: string) => string)[] = [
  (value) => `The value '${value}' of the 'lastname' attribute is not valid.`,
  (value) => `Cannot convert the literal '${value}' to the expected type 'Edm.Int32'.`,
  (value) => `A record with "${value}" already exists, the 'contact' can't be created.`,
  (value) => `Invalid e-mail address “${value}” in 'emailaddress1'`,
  (value) => `'${value}' and '${value}' are in conflict; the maximum length is '50'.`,
  (value) => `Value ‘${value}’: the length of the 'lastname' attribute exceeded the maximum allowed length of '50'.`,
];

const nameLike = fc.oneof(
  fc.constantFrom("O'Brien", 'Jane "JD" Doe', "d'Artagnan's 'house'", 'Åse Ødegård', '山田太郎', "x' of 'lastname' y", 'a\r\nb secret'),
  fc.emailAddress(),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
);

/** Pieces of the value that are long enough to be recognised as its own. */
const telltale = (value: string): readonly string[] => value.split(/[^\p{L}\p{N}@.]+/u).filter((word) => word.length >= 5);

describe('the reason that is kept of a refusal', () => {
  it('never holds a value that Dataverse quoted, whatever the value is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...quotedTemplates), nameLike, (template, value) => {
        const reason = reasonFor(template(value));
        const frame = template('');
        for (const word of telltale(value)) if (!frame.includes(word)) expect(reason).not.toContain(word);
      }),
      { numRuns: 1000 },
    );
  });

  it('never holds what the refused row itself holds, quoted or not', () => {
    // None of these is a word of Dataverse's own vocabulary, which a value may share without telling anything.
    const word = fc.oneof(
      fc.stringMatching(/^[a-zà-ÿ]{1,12}q$/),
      fc.stringMatching(/^[A-Z][a-z]{1,9}q$/),
      fc.constantFrom("O'Brien", 'Müller-Lüdenscheidt', '山田'),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        const value = words.join(' ');
        const reason = reasonFor(`Blocked by policy for ${value}, see ${words[0]} (${value.toUpperCase()})`, [value]);
        for (const part of words) {
          expect(reason.toLowerCase()).not.toMatch(new RegExp(`(?<![\\p{L}])${part.toLowerCase()}(?![\\p{L}])`, 'u'));
        }
      }),
    );
  });

  it('keeps the column, the table and the limit', () => {
    expect(
      reasonFor(
        "A validation error occurred.  The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
      ),
    ).toBe(
      "A validation error occurred. The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
    );
    expect(reasonFor("Cannot convert the literal 'Jane' to the expected type 'Edm.Int32'.")).toBe(
      "Cannot convert the literal … to the expected type 'Edm.Int32'.",
    );
  });

  it('keeps Dataverse’s own words when the refused value is made of some of them', () => {
    const message = "The e-mail 'not an address' is not a valid email address.";
    expect(reasonFor(message, ['not an address', 'Main Street 7'])).toBe('The e-mail … is not a valid email address.');
    expect(reasonFor('Blocked: not an address of Ada', ['not an address', 'Ada'])).toBe('Blocked: … of …');
  });

  it('keeps the id of a row, which is no customer data', () => {
    expect(reasonFor('contact With Id = 6f2b1c1e-0000-4000-8000-00000000000a Does Not Exist')).toBe(
      'contact With Id = 6f2b1c1e-0000-4000-8000-00000000000a Does Not Exist',
    );
  });

  it.each([
    ['an e-mail address', 'Invalid address jane.doe@example.org given', 'jane.doe'],
    ['a phone number', 'The number +47 (22) 33-44-55 is taken', '33'],
    ['a link', 'See https://example.org/jane/doe now', 'jane'],
    ['key values in brackets', "Requested record was not found. Entity='account', Key Attributes: [name, Jane Doe]", 'Jane'],
    ['an assigned value', 'Name = Jane Doe; refused', 'Jane'],
    ['a value that was cut off', "The value 'Jane Doe of Oslo is not val", 'Jane'],
    ['a number in quotes that is no limit', "The value of '12345' is taken", '12345'],
  ])('drops %s', (_, message, leaked) => {
    expect(reasonFor(message)).not.toContain(leaked);
  });

  it('is never empty and never long', () => {
    expect(reasonFor('')).toBe('Dataverse gave no reason that can be shown');
    expect(reasonFor("'Jane'")).toBe('Dataverse gave no reason that can be shown');
    expect(reasonFor('word '.repeat(500)).length).toBeLessThanOrEqual(300);
  });

  it('takes a row’s texts and numbers as its values, and no bind', () => {
    expect(valuesOf('"lastname":"Doe","employees":12,"x":null,"parentcustomerid_account@odata.bind":"/accounts(1)"')).toEqual([
      'Doe',
      '12',
    ]);
  });
});
