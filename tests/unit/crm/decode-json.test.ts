import fc from 'fast-check';
import { decodeJson } from '../../../api/src/crm/http/decode-json.ts';

const decode = (text: string) => decodeJson(Buffer.from(text));

describe('an answer in JSON', () => {
  it('keeps every digit of whole numbers that a double cannot hold, as text', () => {
    expect(decode('{"id":9007199254740993,"list":[-12345678901234567890, 5],"small":9007199254740991}')).toEqual({
      id: '9007199254740993',
      list: ['-12345678901234567890', 5],
      small: 9007199254740991,
    });
  });

  it('is what JSON.parse makes of it, for anything without such numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        expect(decode(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps the digits of any number at any place, beside texts that look like numbers', () => {
    const digits = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(String);
    const text = fc.oneof(digits, fc.string(), fc.constantFrom(':12345678901234567,', '[12345678901234567]', '\\":12345678901234567,'));
    fc.assert(
      fc.property(fc.array(fc.record({ id: digits, text }), { maxLength: 8 }), fc.constantFrom('', ' ', '\n  '), (records, space) => {
        const json = `[${records.map(({ id, text: note }) => `{"note":${JSON.stringify(note)},${space}"id":${space}${id}${space}}`).join(',')}]`;
        const expected = records.map(({ id, text: note }) => ({ note, id: Number.isSafeInteger(Number(id)) ? Number(id) : id }));
        expect(decode(json)).toEqual(expected);
      }),
    );
  });

  it('leaves fractions alone: they are no ids', () => {
    expect(decode('{"lat":52.51999999999999957}')).toEqual({ lat: 52.519999999999996 });
  });

  it('is undefined when it is not JSON, and null when there is nothing', () => {
    expect(decode('<html>')).toBeUndefined();
    expect(decode('{"a":1')).toBeUndefined();
    expect(decodeJson(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
    expect(decode('')).toBeNull();
    expect(decode('\ufeff{"a":1}')).toEqual({ a: 1 });
  });
});
