import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest } from '../types.ts';
import { readIsoTime } from '../value/iso-time.ts';
import { readSignatureHeader } from './signature-header.ts';
import type { HmacScheme } from './scheme.ts';
import { compileSignedText } from './signed-text.ts';

export interface VerifiedSignature {
  /** The CRM's id of the delivery; null when the scheme has none. */
  readonly deliveryId: string | null;
  /** Of what was signed: the same for a repeated delivery, another one for any other. */
  readonly digest: string;
}

/** null for every kind of failure: who may not pass learns nothing about why. */
export type SignatureVerifier = (request: WebhookRequest, nowMs: number) => VerifiedSignature | null;

/** A header that comes twice is refused: which of the two counts would be the sender's choice. */
const onlyHeader = (request: WebhookRequest, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

const readTimestamp = (text: string, unit: 'seconds' | 'ms' | 'rfc3339' | 'httpDate'): number => {
  switch (unit) {
    case 'seconds':
      return /^\d{1,11}$/.test(text) ? Number(text) * 1000 : Number.NaN;
    case 'ms':
      return /^\d{1,14}$/.test(text) ? Number(text) : Number.NaN;
    case 'rfc3339':
      return readIsoTime(text, () => Number.NaN);
    case 'httpDate':
      return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  }
};

/** Every key against every candidate, always all of them, so that the time taken tells nothing. */
const matchesAny = (keys: readonly Buffer[], candidates: readonly Buffer[], signed: Buffer, alg: HmacScheme['alg']): boolean => {
  let isMatch = false;
  for (const key of keys) {
    const expected = createHmac(alg, key).update(signed).digest();
    for (const candidate of candidates) {
      const isSameLength = candidate.length === expected.length;
      const isEqual = timingSafeEqual(isSameLength ? candidate : expected, expected);
      isMatch = (isSameLength && isEqual) || isMatch;
    }
  }
  return isMatch;
};

/**
 * Verifies the raw bytes, before anything is parsed. Rules: Standard Webhooks 1.0, and the mistakes others have made
 * (missing headers that were skipped, dates that became NaN and passed, comparison that stops at the first difference).
 */
export const createSignatureVerifier = (scheme: HmacScheme, keys: readonly Buffer[]): SignatureVerifier => {
  const signedBytes = compileSignedText(scheme.sign);
  return (request, nowMs) => {
    const header = onlyHeader(request, scheme.signature.header);
    const read = header === null ? null : readSignatureHeader(header, scheme.signature);
    if (read === null || keys.length === 0) return null;
    const id = scheme.idHeader === null ? null : onlyHeader(request, scheme.idHeader);
    if (scheme.idHeader !== null && id === null) return null;
    let timestamp: string | null = null;
    if (scheme.timestamp !== null) {
      timestamp = scheme.timestamp.header === null ? read.timestamp : onlyHeader(request, scheme.timestamp.header);
      if (timestamp === null) return null;
      const ageMs = nowMs - readTimestamp(timestamp, scheme.timestamp.unit);
      // Written so that NaN does not pass.
      if (!(Math.abs(ageMs) <= scheme.timestamp.toleranceMs)) return null;
    }
    const signed = signedBytes({
      id: id ?? '',
      timestamp: timestamp ?? '',
      method: request.method.toUpperCase(),
      url: request.url,
      body: request.rawBody,
    });
    if (!matchesAny(keys, read.candidates, signed, scheme.alg)) return null;
    return { deliveryId: id, digest: createHash('sha256').update(signed).digest('hex') };
  };
};
