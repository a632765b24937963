import { createHash, createHmac, type KeyObject, timingSafeEqual, verify as verifyWithKey } from 'node:crypto';
import { compilePath } from '../expression/compile.ts';
import type { Delivery, Refusal, Verifier } from './delivery.ts';
import type { PublicKeyAlgorithm } from './public-key.ts';
import type { SignatureScheme } from './scheme.ts';
import type { NamedKey } from './signing-key.ts';
import { readSignatureHeader } from './signature-header.ts';
import { compileSignedText, signedTokensIn } from './signed-text.ts';
import { isRecent, readTimestamp, timestampText } from './timestamp.ts';

/** Whether one of the candidates is a signature of these bytes with one of our keys. */
export interface SignatureCheck {
  readonly hasKeys: boolean;
  /** Gives the label of the key that signed; null when none did. */
  matches(signed: Buffer, candidates: readonly Buffer[]): string | null;
}

const isSame = (candidate: Buffer, expected: Buffer): boolean => {
  const isSameLength = candidate.length === expected.length;
  const isEqual = timingSafeEqual(isSameLength ? candidate : expected, expected);
  return isSameLength && isEqual;
};

/** Every key against every candidate, always all of them, so that the time taken tells nothing. */
const signerAmong = <Key>(
  keys: readonly NamedKey<Key>[],
  candidates: readonly Buffer[],
  fits: (key: Key, candidate: Buffer) => boolean,
): string | null => {
  let signer: string | null = null;
  for (const { label, key } of keys) for (const candidate of candidates) signer = fits(key, candidate) ? (signer ?? label) : signer;
  return signer;
};

export const checkByHmac = (alg: string, keys: readonly NamedKey<Buffer>[]): SignatureCheck => ({
  hasKeys: keys.length > 0,
  matches: (signed, candidates) => {
    const expected = keys.map(({ label, key }) => ({ label, key: createHmac(alg, key).update(signed).digest() }));
    return signerAmong(expected, candidates, (digest, candidate) => isSame(candidate, digest));
  },
});

export const checkByPublicKey = (
  algorithm: PublicKeyAlgorithm,
  keys: readonly NamedKey<KeyObject>[],
  dsaEncoding: 'der' | 'ieee-p1363' = 'der',
): SignatureCheck => {
  const digest = algorithm === 'ed25519' ? null : 'sha256';
  return {
    hasKeys: keys.length > 0,
    matches: (signed, candidates) =>
      signerAmong(keys, candidates, (key, candidate) => verifyWithKey(digest, signed, { key, dsaEncoding }, candidate)),
  };
};

type TimestampReader = (delivery: Delivery, fromSignature: string | null) => string | null;

const createTimestampReader = (timestamp: SignatureScheme['timestamp']): TimestampReader => {
  if (timestamp === null) return () => null;
  const { from } = timestamp;
  if (from === 'signature') return (_delivery, fromSignature) => fromSignature;
  if ('header' in from) return (delivery) => delivery.header(from.header);
  const select = compilePath(from.body);
  return (delivery) => timestampText(select(delivery.body()));
};

/**
 * Verifies the raw bytes, before anything is parsed. Rules: Standard Webhooks 1.0, and the mistakes others have made
 * (missing headers that were skipped, dates that became NaN and passed, comparison that stops at the first difference).
 */
export const createSignatureVerifier = (scheme: SignatureScheme, check: SignatureCheck): Verifier => {
  const signedBytes = compileSignedText(scheme.sign);
  const tokens = signedTokensIn(scheme.sign);
  const isTimeInBody = scheme.timestamp !== null && typeof scheme.timestamp.from === 'object' && 'body' in scheme.timestamp.from;
  const readTime = createTimestampReader(scheme.timestamp);

  const checkTime = (timestamp: string | null, nowMs: number): Refusal | null => {
    if (scheme.timestamp === null) return null;
    if (timestamp === null) return 'header';
    return isRecent(readTimestamp(timestamp, scheme.timestamp.unit), nowMs, scheme.timestamp.toleranceMs) ? null : 'time';
  };

  return (delivery, nowMs) => {
    if (!check.hasKeys) return 'noSecret';
    const header = delivery.header(scheme.signature.header);
    const read = header === null ? null : readSignatureHeader(header, scheme.signature);
    if (read === null) return 'header';
    const id = scheme.idHeader === null ? null : delivery.header(scheme.idHeader);
    if (scheme.idHeader !== null && id === null) return 'header';
    // A time in the body is read when the body is known to be the CRM's.
    const early = isTimeInBody ? null : readTime(delivery, read.timestamp);
    const refusal = isTimeInBody ? null : checkTime(early, nowMs);
    if (refusal !== null) return refusal;
    const signed = signedBytes(delivery, { id: id ?? '', timestamp: early ?? '', decodeInUrl: scheme.decodeInUrl });
    if (signed === null) return 'header';
    const secret = check.matches(signed, read.candidates);
    if (secret === null) return 'signature';
    const timestamp = isTimeInBody ? readTime(delivery, null) : early;
    const lateRefusal = isTimeInBody ? checkTime(timestamp, nowMs) : null;
    if (lateRefusal !== null) return lateRefusal;
    return {
      trust: 'full',
      secret,
      deliveryId: id,
      isIdSigned: tokens.has('id'),
      timestamp,
      isTimeSigned: tokens.has('timestamp') || isTimeInBody,
      digest: createHash('sha256').update(signed).digest('hex'),
    };
  };
};
