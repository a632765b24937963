import { createHash, createHmac } from 'node:crypto';
import { isRefused, openDoor, requestOf, type Vector, verdictOn } from './vector.ts';

const nowMs = Date.UTC(2026, 10, 26, 9, 30, 0);
const now = nowMs / 1000;
const body = '{"id":1}';
const hash = createHash('sha256').update(body).digest('hex');
const base64url = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const signed = (header: object, claims: object | string, hashName = 'sha256'): string => {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${createHmac(hashName, 'shared').update(text).digest('base64url')}`;
};

const verdict = (token: string, bodyHash = true) => {
  const vector: Vector = {
    sender: 'somebody',
    webhooks: {
      verify: {
        kind: 'jwt',
        secret: 's',
        alg: 'HS256',
        header: 'X-Token',
        ...(bodyHash ? { bodyHash: { claim: 'hash', encoding: 'hex' } } : {}),
      },
    },
    settings: { s: 'shared' },
    otherSettings: {},
    headers: { 'X-Token': token },
    body,
    sentAtMs: nowMs,
    toleranceMs: 300_000,
    trust: 'full',
  };
  return verdictOn(openDoor(vector.webhooks, vector.settings), requestOf(vector), nowMs);
};

const good = { iat: now, exp: now + 60, hash };

describe('a token', () => {
  it('is taken when it is signed, in time, and of this body', () => {
    expect(verdict(signed({ alg: 'HS256' }, good))).toMatchObject({ trust: 'full' });
    expect(verdict(signed({ alg: 'HS256' }, { ...good, jti: 'one' }))).toMatchObject({ deliveryId: 'one' });
  });

  it('cannot choose its own algorithm, nor ask for what nobody knows', () => {
    const none = `${base64url({ alg: 'none' })}.${base64url(good)}.`;
    const odd = [
      none,
      signed({ alg: 'none' }, good),
      signed({ alg: 'HS512' }, good, 'sha512'),
      signed({ alg: 'HS256', crit: ['b64'] }, good),
      signed({}, good),
    ];
    expect(odd.map((token) => verdict(token))).toEqual(odd.map(() => ({ refused: 'header' })));
  });

  it.each([
    ['that has no time at all', { hash }],
    ['that has ended', { hash, exp: now - 301 }],
    ['that is from the future', { ...good, iat: now + 301 }],
    ['that is not good yet', { ...good, nbf: now + 301 }],
    ['that is old and does not say until when it is good', { hash, iat: now - 301 }],
    ['whose times are no numbers', { hash, iat: String(now), exp: 'never' }],
  ])('is refused %s', (_case, claims) => {
    expect(verdict(signed({ alg: 'HS256' }, claims))).toEqual({ refused: 'time' });
  });

  it('is refused when it is of another body, or of none', () => {
    expect(verdict(signed({ alg: 'HS256' }, { ...good, hash: hash.replace(/^./, 'x') }))).toEqual({ refused: 'signature' });
    expect(verdict(signed({ alg: 'HS256' }, { iat: now }))).toEqual({ refused: 'signature' });
  });

  it('that says nothing of the body is only a hint', () => {
    expect(verdict(signed({ alg: 'HS256' }, { iat: now }), false)).toMatchObject({ trust: 'hint' });
  });

  it.each(['', 'a', 'a.b', 'a.b.c', '..', '{}.{}.{}', signed({ alg: 'HS256' }, 'no JSON'), `${signed({ alg: 'HS256' }, good)}.more`])(
    'that is none is refused: %s',
    (token) => {
      expect(isRefused(verdict(token))).toBe(true);
    },
  );
});
