import fc from 'fast-check';
import { isSourceId, maxSourceKeyLength, parseSourceKey, toSourceKey } from '../../../api/src/sync/source-key.ts';

const anyId = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });

describe('the source key', () => {
  it('gives the source and the record id back, whatever the id holds', () => {
    fc.assert(
      fc.property(anyId, (recordId) => {
        const key = toSourceKey('northwind', recordId);
        fc.pre(key !== null);
        expect(parseSourceKey(key)).toEqual({ sourceId: 'northwind', recordId });
      }),
    );
  });

  it('holds no character that Dataverse refuses in a key address, and no upper case', () => {
    fc.assert(
      fc.property(anyId, (recordId) => {
        const key = toSourceKey('northwind', recordId);
        fc.pre(key !== null);
        expect(key).toMatch(/^northwind~[a-z0-9._-]+$/);
      }),
    );
  });

  it('tells ids apart that differ only in case, even where the database does not', () => {
    fc.assert(
      fc.property(anyId, anyId, (left, right) => {
        fc.pre(left !== right && toSourceKey('s', left) !== null);
        expect(toSourceKey('s', left)?.toLowerCase()).not.toBe(toSourceKey('s', right)?.toLowerCase());
      }),
    );
    expect(toSourceKey('s', '0015g00000Xa1')).not.toBe(toSourceKey('s', '0015g00000xA1'));
  });

  it('refuses an empty id and one that is too long for the column', () => {
    expect(toSourceKey('s', '')).toBeNull();
    expect(toSourceKey('s', 'x'.repeat(maxSourceKeyLength - 2))).toHaveLength(maxSourceKeyLength);
    expect(toSourceKey('s', 'x'.repeat(maxSourceKeyLength - 1))).toBeNull();
  });

  it.each([
    '',
    'northwind',
    '~1',
    'northwind~',
    'North~1',
    'northwind~A',
    'northwind~a/b',
    'northwind~_',
    'northwind~_0g1',
    "n~'1'",
    'northwind~_061',
  ])('does not take %j for a key of ours', (text) => expect(parseSourceKey(text)).toBeNull());

  it.each(['northwind', 'sf-emea', '1'])('takes %s for a source id', (text) => expect(isSourceId(text)).toBe(true));
  it.each(['', 'North', 'a b', '-a', 'a~b'])('does not take %j for a source id', (text) => expect(isSourceId(text)).toBe(false));
});
