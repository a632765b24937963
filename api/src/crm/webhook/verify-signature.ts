import { createHash, createHmac, type KeyObject, timingSafeEqual, verify as verifyWithKey } from 'node:crypto';
import { compilePath } from '../expression/compile.ts';
import type { Delivery, Refusal, Verifier } from './delivery.ts';
import type { PublicKeyAlgorithm } from './public-key.ts';
import type { SignatureScheme } from './scheme.ts';
import { readSignatureHeader } from './signature-header.ts';
import { compileSignedText, signedTokensIn } from './signed-text.ts';
import { isRecent, readTimestamp, timestampText } from './timestamp.ts';

/** Whether one of the candidates is a signature of these bytes with one of our keys. */
export interface SignatureCheck {
  readonly hasKeys: boolean;
  matches(signed: Buffer, candidates: readonly Buffer[]): boolean;
}

const isSame = (candidate: Buffer, expected: Buffer): boolean => {
  const isSameLength = candidate.length === expected.length;
  const isEqual = timingSafeEqual(isSameLength ? candidate : expected, expected);
  return isSameLength && isEqual;
};

/** Every key against every candidate, always all of them, so that the time taken tells nothing. */
const anyPair = <Key>(keys: readonly Key[], candidates: readonly Buffer[], fits: (key: Key, candidate: Buffer) => boolean): boolean => {
  let isMatch = false;
  for (const key of keys) for (const candidate of candidates) isMatch = fits(key, candidate) || isMatch;
  return isMatch;
};

export const checkByHmac = (alg: string, keys: readonly Buffer[]): SignatureCheck => ({
  hasKeys: keys.length > 0,
  matches: (signed, candidates) => {
    const expected = keys.map((key) => createHmac(alg, key).update(signed).digest());
    return anyPair(expected, candidates, (digest, candidate) => isSame(candidate, digest));
  },
});

export const checkByPublicKey = (
  algorithm: PublicKeyAlgorithm,
  keys: readonly KeyObject[],
  dsaEncoding: 'der' | 'ieee-p1363' = 'der',
): SignatureCheck => {
  const digest = algorithm === 'ed25519' ? null : 'sha256';
  return {
    hasKeys: keys.length > 0,
    matches: (signed, candidates) =>
      anyPair(keys, candidates, (key, candidate) => verifyWithKey(digest, signed, { key, dsaEncoding }, candidate)),
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
    if (!check.matches(signed, read.candidates)) return 'signature';
    const timestamp = isTimeInBody ? readTime(delivery, null) : early;
    const lateRefusal = isTimeInBody ? checkTime(timestamp, nowMs) : null;
    if (lateRefusal !== null) return lateRefusal;
    return {
      trust: 'full',
      deliveryId: id,
      isIdSigned: tokens.has('id'),
      timestamp,
      isTimeSigned: tokens.has('timestamp') || isTimeInBody,
      digest: createHash('sha256').update(signed).digest('hex'),
    };
  };
};
