import fc from 'fast-check';
import { AppError } from '../../../api/src/errors/app-error.ts';
import { addressById, addressByKey, urlLiteral } from '../../../api/src/dataverse/key-address.ts';

/** Reads an OData literal back the way a server does: percent-decode, take off the quotes, undouble. */
const readLiteral = (literal: string): string => decodeURIComponent(literal).slice(1, -1).replaceAll("''", "'");

describe('the address of a row', () => {
  it('leaves our own keys as they are', () => {
    expect(addressByKey('contacts', 'northwind~_a_l_f_k_i')).toBe("contacts(ccsync_sourcekey='northwind~_a_l_f_k_i')");
  });

  it('gives any key back unchanged', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (key) => expect(readLiteral(urlLiteral(key))).toBe(key)));
  });

  it('lets no key out of its quotes, out of the path, or out of a JSON string', () => {
    const nasty = fc.array(fc.constantFrom("'", '"', '\\', '/', '?', '#', '%', '&', ')', '(', ',', ' ', '\n', 'é', '😀', 'a'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        nasty.map((parts) => parts.join('')),
        (key) => {
          const literal = urlLiteral(key);
          expect(literal).toMatch(/^'[A-Za-z0-9%._~!*()'-]*'$/);
          // Inside, quotes stand only in pairs.
          expect(literal.slice(1, -1).replaceAll("''", '')).not.toContain("'");
          expect(JSON.parse(`"${literal}"`)).toBe(literal);
        },
      ),
    );
  });

  it('refuses a key that has no UTF-8 form', () => {
    expect(() => urlLiteral('a\ud800')).toThrow(new AppError('record.key_invalid'));
  });

  it('takes a row id only when it is one', () => {
    expect(addressById('contacts', '6f2b1c1e-0000-4000-8000-00000000000A')).toBe('contacts(6f2b1c1e-0000-4000-8000-00000000000A)');
    for (const id of ['', '1', "x') or (1 eq 1", '6f2b1c1e-0000-4000-8000-00000000000A)/$ref', ' 6f2b1c1e-0000-4000-8000-00000000000A']) {
      expect(addressById('contacts', id)).toBeNull();
    }
  });
});
