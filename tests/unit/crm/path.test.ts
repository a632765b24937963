import fc from 'fast-check';
import { compileListPath, compilePath, parsePath } from '../../../api/src/crm/expression/compile.ts';
import type { JsonValue } from '../../../api/src/crm/types.ts';

/** What a plain path means, said in the most obvious way: in null there is nothing, and so it is behind a list's end. */
const walk = (value: unknown, steps: readonly (string | number)[]): unknown =>
  steps.reduce<unknown>((found, step) => {
    if (found === null) return null;
    if (typeof step === 'number') return Array.isArray(found) ? (found[step] ?? null) : undefined;
    return typeof found === 'object' && found !== null && !Array.isArray(found) && Object.hasOwn(found, step)
      ? Object.entries(found).find(([name]) => name === step)?.[1]
      : undefined;
  }, value);

const name = fc.constantFrom('a', 'b', 'id', 'toString', 'valueOf', 'length', 'odd name', '@odata.nextLink', 'ключ');
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue[]>(null, 1, 'text', true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value;
const step = fc.oneof(name, fc.nat(2));
const write = (steps: readonly (string | number)[]): string => `$${steps.map((one) => `[${JSON.stringify(one)}]`).join('')}`;

describe('a path into a record', () => {
  it('finds what a plain walk over own properties finds, for any record and any path', () => {
    fc.assert(
      fc.property(json, fc.array(step, { maxLength: 5 }), (value, steps) => {
        expect(compilePath(write(steps))(value)).toEqual(walk(value, steps));
      }),
    );
  });

  it('is the same with and without $', () => {
    const record = { a: { b: [{ c: 7 }] } };
    expect(compilePath('a.b[0].c')(record)).toBe(7);
    expect(compilePath('$.a.b[0].c')(record)).toBe(7);
    expect(compilePath('$')(record)).toBe(record);
  });

  it('picks the first element that a filter holds for', () => {
    const record = { emails: [{ value: 'x@example.com' }, { value: 'y@example.com', primary: true }] };
    expect(compilePath('emails[?primary == true].value')(record)).toBe('y@example.com');
    expect(compilePath('emails[?(@.primary == true)].value')(record)).toBe('y@example.com');
  });

  it('tells what the CRM says is not there from what it does not say', () => {
    expect(compilePath('address.city')({ address: null })).toBeNull();
    expect(compilePath('phones[0]')({ phones: [] })).toBeNull();
    expect(compilePath('emails[?primary == true].value')({ emails: [{ value: 'x@example.com' }] })).toBeNull();
    for (const unsaid of ['address.city', 'phones[0]', 'emails[?primary == true].value']) expect(compilePath(unsaid)({})).toBeUndefined();
    expect(compilePath('address.city')({ address: {} })).toBeUndefined();
  });

  it('gives a list for [*], and tells an empty list from one that is not there', () => {
    expect(compilePath('lines[*].city')({ lines: [{ city: 'Wien' }, {}, { city: 'Graz' }] })).toEqual(['Wien', 'Graz']);
    expect(compilePath('lines[*].city')({ lines: [] })).toEqual([]);
    expect(compilePath('lines[*].city')({})).toBeUndefined();
    expect(compileListPath('$[*].ids[*]')([{ ids: [1, 2] }, {}, { ids: [3] }])).toEqual([1, 2, 3]);
  });

  it('never reaches what a record has not got of its own', () => {
    for (const inherited of ['toString', 'hasOwnProperty', 'length']) expect(compilePath(inherited)({})).toBeUndefined();
  });

  it.each(['__proto__', 'a.constructor', 'a["prototype"]', 'x[?constructor == 1]'])('refuses the name in %s', (text) => {
    expect(() => parsePath(text)).toThrow('is not allowed');
  });

  it.each(['', 'a.', 'a..b', 'a[', 'a[-1]', 'a b', '.a', 'a[?b]', 'a[?b = 1]', 'f()', '$$', 'a]'])('refuses “%s”', (text) => {
    expect(() => parsePath(text)).toThrow();
  });
});
