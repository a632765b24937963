import { createPublicKey, type KeyObject } from 'node:crypto';
import { isList, isObject } from '../expression/json.ts';
import { decodeJson } from '../http/decode-json.ts';
import { decodeKeyText } from './strict-decode.ts';

export type PublicKeyAlgorithm = 'ed25519' | 'ecdsa-p256' | 'rsa-sha256';
export type PublicKeyWriting = 'pem' | 'spki' | 'hex' | 'base64' | 'whpk' | 'jwks';

/** Below this RSA can be broken. */
const minRsaBits = 2048;
const ed25519Bytes = 32;

const isFit = (key: KeyObject, algorithm: PublicKeyAlgorithm): boolean => {
  const details = key.asymmetricKeyDetails;
  if (algorithm === 'ed25519') return key.asymmetricKeyType === 'ed25519';
  if (algorithm === 'ecdsa-p256') return key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1';
  return key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= minRsaBits;
};

const readRaw = (bytes: Buffer | null): readonly KeyObject[] =>
  bytes?.length === ed25519Bytes
    ? [createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' })]
    : [];

/** A set of keys, or a single one. */
const readJwks = (text: string): readonly KeyObject[] => {
  const json = decodeJson(Buffer.from(text));
  const keys = isObject(json) && isList(json.keys) ? json.keys : [json ?? null];
  return keys.flatMap((key) => (isObject(key) && key.d === undefined ? [createPublicKey({ key: { ...key }, format: 'jwk' })] : []));
};

const read = (text: string, writing: PublicKeyWriting): readonly KeyObject[] => {
  switch (writing) {
    case 'pem':
      // Environment variables hold line breaks as \n. Node would also take a private key, which nobody should have given us.
      return text.includes('PRIVATE KEY') ? [] : [createPublicKey(text.replaceAll('\\n', '\n'))];
    case 'spki': {
      const der = decodeKeyText(text, 'base64');
      return der === null ? [] : [createPublicKey({ key: der, format: 'der', type: 'spki' })];
    }
    case 'hex':
    case 'base64':
      return readRaw(decodeKeyText(text, writing));
    case 'whpk':
      return text.startsWith('whpk_') ? readRaw(decodeKeyText(text.slice('whpk_'.length), 'base64')) : [];
    case 'jwks':
      return readJwks(text);
  }
};

/** The keys in a setting that fit the algorithm; null when it holds none, or is not written as the scheme says. */
export const decodePublicKeys = (text: string, writing: PublicKeyWriting, algorithm: PublicKeyAlgorithm): readonly KeyObject[] | null => {
  try {
    const keys = read(text, writing).filter((key) => isFit(key, algorithm));
    return keys.length === 0 ? null : keys;
  } catch {
    return null;
  }
};
