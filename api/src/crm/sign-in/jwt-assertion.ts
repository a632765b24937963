import { createHmac, createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { AppError } from '../../errors/app-error.ts';
import { compileTextTemplate } from '../expression/slots.ts';
import type { JwtBody } from '../manifest/schema/auth.ts';
import { durationMs } from '../value/duration.ts';

const usualLifetime = '3m';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Settings are one line in many places, so `\n` in a key stands for a line break. */
const readKey = (sourceId: string, pem: string): KeyObject => {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n'));
  } catch {
    throw new AppError('source.settings_invalid', { source: sourceId, problem: 'the private key is not a private key in PEM form' });
  }
};

const createSigner = (sourceId: string, alg: 'RS256' | 'ES256' | 'HS256', key: string): ((text: string) => Buffer) => {
  if (alg === 'HS256') return (text) => createHmac('sha256', key).update(text).digest();
  const privateKey = readKey(sourceId, key);
  const wanted = alg === 'RS256' ? 'rsa' : 'ec';
  if (privateKey.asymmetricKeyType !== wanted)
    throw new AppError('source.settings_invalid', { source: sourceId, problem: `the private key is not one for ${alg}` });
  return (text) => sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
};

/** Makes the signed assertion of RFC 7523. Throws `source.settings_invalid` at once when the key is none. */
export const createAssertion = (options: {
  readonly sourceId: string;
  readonly jwt: JwtBody;
  readonly settings: Readonly<Record<string, string>>;
}): ((nowMs: number) => string) => {
  const { sourceId, jwt, settings } = options;
  const { alg = 'RS256' } = jwt;
  const render = (text: string): string => compileTextTemplate(text)({ settings });
  const signText = createSigner(sourceId, alg, render(jwt.key));
  const header = { alg, typ: 'JWT', ...(jwt.keyId === undefined ? {} : { kid: render(jwt.keyId) }) };
  const claims = {
    ...Object.fromEntries(Object.entries(jwt.claims ?? {}).map(([name, value]) => [name, render(value)])),
    iss: render(jwt.issuer),
    ...(jwt.subject === undefined ? {} : { sub: render(jwt.subject) }),
    aud: render(jwt.audience),
  };
  const lifetimeSeconds = Math.floor(durationMs(jwt.lifetime ?? usualLifetime) / 1000);
  return (nowMs) => {
    const issued = Math.floor(nowMs / 1000);
    const text = `${encode(header)}.${encode({ ...claims, iat: issued, exp: issued + lifetimeSeconds, jti: randomUUID() })}`;
    return `${text}.${signText(text).toString('base64url')}`;
  };
};
