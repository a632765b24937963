import fc from 'fast-check';
import type { JsonValue } from '../../../api/src/crm/types.ts';
import { splitPersonName } from '../../../api/src/crm/value/transforms/person-name.ts';
import { compileTransform, transforms } from '../../../api/src/crm/value/transforms/registry.ts';

const apply = (written: unknown, value: JsonValue): JsonValue | undefined => compileTransform(written).apply(value);

describe('a person’s name', () => {
  it.each([
    ['Maria Anders', 'Maria', 'Anders'],
    ['Anders, Maria', 'Maria', 'Anders'],
    ['  Ana   Trujillo ', 'Ana', 'Trujillo'],
    ['José Pedro Freyre', 'José Pedro', 'Freyre'],
    ['Isabel de Castro', 'Isabel', 'de Castro'],
    ['Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
    ['Ludwig Mies van der Rohe', 'Ludwig Mies', 'van der Rohe'],
    ['Van Morrison', 'Van', 'Morrison'],
    ['Cher', null, 'Cher'],
    ['John Smith, Jr.', 'John', 'Smith, Jr.'],
    ['de la Cruz, Juan Carlos', 'Juan Carlos', 'de la Cruz'],
    ['山田太郎', null, '山田太郎'],
    ['Smith,', null, 'Smith,'],
  ])('%s is split into %s and %s', (whole, first, last) => {
    expect(splitPersonName(whole)).toEqual({ first, last });
  });

  it('always has a family name, and loses no word, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('Maria', 'van', 'der', 'Östlund', 'O’Neil', 'X'), { minLength: 1, maxLength: 6 }), (words) => {
        const { first, last } = splitPersonName(words.join(' '));
        expect(last).not.toBe('');
        expect([first, last].filter((part) => part !== null).join(' ')).toBe(words.join(' '));
      }),
    );
  });
});

describe('a web address', () => {
  it.each([
    ['www.example.com', 'https://www.example.com'],
    ['http://example.com/a', 'http://example.com/a'],
    ['HTTPS://EXAMPLE.COM', 'HTTPS://EXAMPLE.COM'],
    ['//example.com', 'https://example.com'],
    ['example.com:8080/x', 'https://example.com:8080/x'],
  ])('%s becomes %s', (written, address) => {
    expect(apply('ensureScheme', written)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:x',
    'data:text/html,x',
    'file:///etc/passwd',
    'mailto:a@b.c',
  ])('that is no web address is refused: %j', (written) => {
    expect(apply('ensureScheme', written)).toBeUndefined();
  });

  it('never comes out with a scheme that a browser would run, whatever went in', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `javascript:${text}`),
        ),
        (written) => {
          const address = apply('ensureScheme', written);
          if (typeof address === 'string') expect(address).toMatch(/^https?:/i);
        },
      ),
    );
  });
});

describe('the other transforms', () => {
  it.each<readonly [unknown, JsonValue, JsonValue | undefined]>([
    ['trim', '  x ', 'x'],
    ['lower', 'ÄB@Example.COM', 'äb@example.com'],
    ['upper', 'äb', 'ÄB'],
    ['lower', ['A', null, 'B'], ['a', null, 'b']],
    ['digits', '+43 (1) 234-56', '43123456'],
    ['digits', 1234, '1234'],
    ['int', '42', 42],
    ['int', 42, 42],
    ['int', '42.0', 42],
    ['int', '42.5', undefined],
    ['int', 'about 40', undefined],
    ['int', '1,234', undefined],
    ['int', 3e9, undefined],
    ['number', '-1.5e3', -1500],
    ['number', 'Infinity', undefined],
    ['number', '0x10', undefined],
    ['splitLines', 'Obere Str. 57\r\n\n  Haus 3 ', ['Obere Str. 57', 'Haus 3']],
    ['countryName', 'at', 'Austria'],
    ['countryName', 'GB', 'United Kingdom'],
    ['countryName', 'Österreich', 'Österreich'],
    ['countryName', 'USA', 'USA'],
    ['stripHtml', '<p>A &amp; B<br>C</p><script>alert(1)</script><b>D</b>', 'A & B\nC\nD'],
    ['stripHtml', 'A<STYLE type="text/css">b{}</style >B<script>1</script><script>2</script>C', 'ABC'],
    ['stripHtml', 'A<script>if (1 </script2 && 2) never closed <b>', 'A'],
    ['stripHtml', 'A<script>1</style>2</script>B<style>', 'AB'],
    ['stripHtml', '1 < 2 &#x20AC; &nope;', '1 < 2 € &nope;'],
    [{ join: ', ' }, ['a', null, '', 'b', 3], 'a, b, 3'],
    [{ join: ', ' }, 'alone', 'alone'],
    [{ join: ', ' }, [{ a: 1 }], undefined],
    [{ choice: { customer: 1, partner: 2 } }, 'partner', 2],
    [{ choice: { customer: 1 } }, 'toString', undefined],
    ['lower', { a: 1 }, undefined],
  ])('%j makes of %j: %j', (written, value, expected) => {
    expect(apply(written, value)).toEqual(expected);
  });

  it('are a closed list, each with a description', () => {
    expect(() => compileTransform('eval')).toThrow('there is no transform “eval”; there are boolean, choice, countryCode, countryName');
    expect(() => compileTransform({ lower: 'x' })).toThrow('it takes nothing');
    expect(() => compileTransform('join')).toThrow('it takes the text to put between');
    for (const { description } of transforms.values()) expect(description).toMatch(/\.$/);
  });

  it('strip HTML in linear time: what would take hours otherwise is done before the test is given up', () => {
    for (const piece of ['<', '<script>', '<script', '<!--', '&', '<a href="']) apply('stripHtml', piece.repeat(500_000));
  });
});
