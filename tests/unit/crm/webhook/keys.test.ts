import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodePublicKeys } from '../../../../api/src/crm/webhook/public-key.ts';
import { decodeKey } from '../../../../api/src/crm/webhook/signing-key.ts';
import { isRefused, openDoor, requestOf, type Vector, verdictOn } from './vector.ts';

describe('a signing secret', () => {
  it('must be written as the scheme says', () => {
    expect(decodeKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec')?.length).toBe(24);
    expect(decodeKey('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec')).toBeNull();
    expect(decodeKey('whsec_c2hvcnQ=', 'whsec')).toBeNull();
    expect(decodeKey('not base64!', 'base64')).toBeNull();
    expect(decodeKey('abc', 'hex')).toBeNull();
    expect(decodeKey('00ff', 'hex')).toEqual(Buffer.from([0, 255]));
    expect(decodeKey('', 'utf8')).toBeNull();
    expect(decodeKey('AAE', 'base64')).toEqual(Buffer.from([0, 1]));
  });
});

describe('a public key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pemOf = (key: typeof rsa.publicKey) => String(key.export({ type: 'spki', format: 'pem' }));

  it('must be of the algorithm, long enough, and public', () => {
    expect(decodePublicKeys(pemOf(rsa.publicKey), 'pem', 'rsa-sha256')).toHaveLength(1);
    expect(decodePublicKeys(pemOf(rsa.publicKey), 'pem', 'ed25519')).toBeNull();
    expect(decodePublicKeys(pemOf(rsa.publicKey), 'pem', 'ecdsa-p256')).toBeNull();
    expect(decodePublicKeys(pemOf(weakRsa.publicKey), 'pem', 'rsa-sha256')).toBeNull();
    expect(decodePublicKeys(String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'pem', 'rsa-sha256')).toBeNull();
    expect(decodePublicKeys(JSON.stringify(rsa.privateKey.export({ format: 'jwk' })), 'jwks', 'rsa-sha256')).toBeNull();
    for (const writing of ['pem', 'spki', 'hex', 'base64', 'whpk', 'jwks'] as const)
      expect(decodePublicKeys('nonsense', writing, 'ed25519')).toBeNull();
  });

  it('that is none stops the source from opening, and its text is not told', () => {
    const verify = { kind: 'jwt', secret: 's', alg: 'RS256', header: 'X' } as const;
    expect(() => openDoor({ verify }, { s: 'my dog’s name' })).toThrow(
      expect.objectContaining({ code: 'source.settings_invalid', message: expect.not.stringContaining('dog') }),
    );
  });
});

describe('a time', () => {
  const secret = 'a secret';
  const vector = (timestamp: string): Vector => ({
    sender: 'somebody',
    webhooks: {
      verify: {
        kind: 'hmac',
        secret: 's',
        alg: 'sha256',
        sign: '{{timestamp}}{{body}}',
        signature: { header: 'X-S', encoding: 'hex' },
        timestamp: { header: 'X-T', unit: 'seconds' },
      },
    },
    settings: { s: secret },
    otherSettings: {},
    headers: { 'X-S': createHmac('sha256', secret).update(`${timestamp}{}`).digest('hex'), 'X-T': timestamp },
    body: '{}',
    sentAtMs: 1_614_265_330_000,
    toleranceMs: 300_000,
    trust: 'full',
  });
  const isTaken = (given: Vector) => !isRefused(verdictOn(openDoor(given.webhooks, given.settings), requestOf(given), given.sentAtMs));

  it('is digits and nothing else', () => {
    expect(isTaken(vector('1614265330'))).toBe(true);
    const odd = ['1614265330.0', '+1614265330', ' 1614265330', '1.614265330e9', '0x6037b7b2', 'NaN', '-1', '16142653300000000'];
    expect(odd.filter((timestamp) => isTaken(vector(timestamp)))).toEqual([]);
  });

  it('may be given only once among pairs', () => {
    const signature = createHmac('sha256', secret).update('1614265330{}').digest('hex');
    const pairs = (header: string): Vector => ({
      ...vector('1614265330'),
      webhooks: {
        verify: {
          kind: 'hmac',
          secret: 's',
          alg: 'sha256',
          sign: '{{timestamp}}{{body}}',
          signature: { header: 'X-P', encoding: 'hex', shape: 'pairs', name: 'v1', timestampName: 't' },
          timestamp: { unit: 'seconds' },
        },
      },
      headers: { 'X-P': header },
    });
    expect(isTaken(pairs(`t=1614265330,v1=${signature}`))).toBe(true);
    expect(isTaken(pairs(`t=1614265330,v0=00,v1=00,v1=${signature}`))).toBe(true);
    expect(isTaken(pairs(`t=1614265330,t=1614265330,v1=${signature}`))).toBe(false);
    expect(isTaken(pairs(`v1=${signature}`))).toBe(false);
  });
});

it('a form in which a name comes twice is signed with each value once, as Twilio does', () => {
  const given: Vector = {
    sender: 'Twilio',
    webhooks: {
      format: 'form',
      verify: {
        kind: 'hmac',
        secret: 's',
        alg: 'sha1',
        sign: '{{url}}{{form}}',
        signature: { header: 'X-Twilio-Signature', encoding: 'base64' },
      },
    },
    settings: { s: '12345' },
    otherSettings: {},
    headers: { 'X-Twilio-Signature': 'IK+Dwps556ElfBT0I3Rgjkr1wJU=' },
    body: 'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    sentAtMs: 0,
    toleranceMs: null,
    trust: 'full',
  };
  const door = openDoor(given.webhooks, given.settings);
  expect(isRefused(verdictOn(door, requestOf(given), 0))).toBe(false);
  const lowerCase = { ...given, body: given.body.replace('CA123', '%43A123') };
  expect(isRefused(verdictOn(door, requestOf(lowerCase), 0))).toBe(false);
  expect(isRefused(verdictOn(door, requestOf({ ...given, body: given.body.replace('CA123', '%4aA123') }), 0))).toBe(true);
});
