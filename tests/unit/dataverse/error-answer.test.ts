import fc from 'fast-check';
import { normaliseCode, readErrorAnswer, readRetryAfterMs } from '../../../api/src/dataverse/http/error-answer.ts';
import { meaningOf } from '../../../api/src/dataverse/meaning.ts';

const error = (status: number, code = '', message = '') => ({
  status,
  code: normaliseCode(code),
  message,
  retryAfterMs: null,
  reference: '',
});

describe('an error of Dataverse', () => {
  it('has the same code whether written in hex or as the SDK’s decimal', () => {
    expect(normaliseCode('0x80072322')).toBe('0x80072322');
    expect(normaliseCode('-2147015902')).toBe('0x80072322');
    expect(normaliseCode(-2147015902)).toBe('0x80072322');
    fc.assert(
      fc.property(fc.integer({ min: 0x80000000, max: 0xffffffff }), (code) => {
        expect(normaliseCode(code | 0)).toBe(normaliseCode(`0x${code.toString(16).toUpperCase()}`));
      }),
    );
  });

  it.each([undefined, null, '', '0', 'nonsense', {}, '0x'])('has an empty code for %p', (code) => expect(normaliseCode(code)).toBe(''));

  it('is read with code, message, wait and the reference for support', () => {
    const head = { status: 429, header: (name: string) => ({ 'retry-after': '7', req_id: 'abc' })[name] };
    expect(readErrorAnswer(head, '{"error":{"code":"0x80072326","message":"Number of concurrent requests exceeded"}}', 0)).toEqual({
      status: 429,
      code: '0x80072326',
      message: 'Number of concurrent requests exceeded',
      retryAfterMs: 7000,
      reference: 'abc',
    });
  });

  it('is read from a gateway’s page as well', () => {
    const head = { status: 502, header: () => undefined };
    expect(readErrorAnswer(head, '<html>Bad gateway</html>', 0)).toMatchObject({ status: 502, code: '', message: '' });
  });

  it('may ask to wait in seconds or until a time', () => {
    expect(readRetryAfterMs('1.5', 0)).toBe(1500);
    expect(readRetryAfterMs('Wed, 21 Oct 2026 07:28:10 GMT', Date.parse('2026-10-21T07:28:00Z'))).toBe(10_000);
    expect(readRetryAfterMs('Wed, 21 Oct 2026 07:28:10 GMT', Date.parse('2026-10-21T08:00:00Z'))).toBe(0);
    expect(readRetryAfterMs('soon', 0)).toBeNull();
    expect(readRetryAfterMs(undefined, 0)).toBeNull();
  });
});

describe('the meaning of an error', () => {
  it.each([
    ['throttled', error(429, '0x80072326')],
    ['throttled', error(503, '-2147015902')],
    ['busy', error(503)],
    ['shaky', error(500, '0x80044150')],
    ['too_much', error(500, '0x80044151')],
    ['too_much', error(413)],
    ['conflict', error(412, '0x80060892')],
    ['data', error(404, '0x80060891')],
    ['data', error(400, '0x80044331')],
    ['data', error(400, '0x8004431A')],
    ['data', error(400)],
    ['configuration', error(400, '0x80048d19', "Invalid property 'x' was found in entity 'Microsoft.Dynamics.CRM.contact'.")],
    ['data', error(400, '0x80048d19', "Cannot convert the literal 'x' to the expected type 'Edm.Int32'.")],
    ['configuration', error(404, '0x8006088a')],
    ['permission', error(403, '0x80040220', 'SecLib::AccessCheckEx failed')],
    ['no_user', error(403, '0x80040220', 'Principal user is missing prvCreateContact privilege')],
    ['no_user', error(403, '0x80042f09')],
    ['plugin', error(400, '0x80040265')],
    ['signed_out', error(401)],
  ] as const)('is %s for %o', (meaning, answer) => expect(meaningOf(answer)).toBe(meaning));
});
