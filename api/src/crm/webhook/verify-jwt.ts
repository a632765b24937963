import { createHash } from 'node:crypto';
import { isObject } from '../expression/json.ts';
import { decodeJson } from '../http/decode-json.ts';
import type { JwtBody } from '../manifest/schema/webhook-verify.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { durationMs } from '../value/duration.ts';
import type { Delivery, Verifier } from './delivery.ts';
import { usualTolerance } from './scheme.ts';
import { decodeStrictly } from './strict-decode.ts';
import type { SignatureCheck } from './verify-signature.ts';

const readPart = (part: string | undefined): JsonObject | null => {
  const bytes = part === undefined ? null : decodeStrictly(part, 'base64url');
  const json = bytes === null ? undefined : decodeJson(bytes);
  return isObject(json) ? json : null;
};

interface Token {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const readToken = (text: string): Token | null => {
  const [headerPart, claimsPart, signaturePart = '', ...more] = text.split('.');
  const header = readPart(headerPart);
  const claims = readPart(claimsPart);
  const signature = decodeStrictly(signaturePart, 'base64url');
  if (header === null || claims === null || signature === null || more.length > 0) return null;
  return { header, claims, signature, signed: Buffer.from(`${headerPart}.${claimsPart}`) };
};

/** undefined: the claim is not there; NaN, which passes nothing: it is no time. */
const secondsMs = (claim: JsonValue | undefined): number | undefined =>
  claim === undefined ? undefined : typeof claim === 'number' ? claim * 1000 : Number.NaN;

const isInTime = (claims: JsonObject, nowMs: number, toleranceMs: number): boolean => {
  const expiresMs = secondsMs(claims.exp);
  const madeMs = secondsMs(claims.iat);
  const notBeforeMs = secondsMs(claims.nbf) ?? Number.NEGATIVE_INFINITY;
  if (!(notBeforeMs <= nowMs + toleranceMs)) return false;
  if (madeMs !== undefined && !(madeMs <= nowMs + toleranceMs)) return false;
  if (expiresMs !== undefined) return nowMs < expiresMs + toleranceMs;
  return madeMs !== undefined && nowMs - madeMs <= toleranceMs;
};

/**
 * A token whose algorithm is the manifest's choice and never the token's own (RFC 8725, 3.1). Written here and not with jose, whose
 * verification is asynchronous: everything else about a delivery is decided in one go.
 */
export const createJwtVerifier = (
  { header, prefix = '', alg, bodyHash, tolerance = usualTolerance }: JwtBody,
  check: SignatureCheck,
): Verifier => {
  const headerName = header.toLowerCase();
  const toleranceMs = durationMs(tolerance);
  const isOfBody = (claims: JsonObject, { request }: Delivery): boolean =>
    bodyHash === undefined || claims[bodyHash.claim] === createHash('sha256').update(request.rawBody).digest(bodyHash.encoding);
  return (delivery, nowMs) => {
    if (!check.hasKeys) return 'noSecret';
    const value = delivery.header(headerName);
    const token = value?.startsWith(prefix) === true ? readToken(value.slice(prefix.length)) : null;
    // `crit` names extensions that must be understood, and we know none.
    if (token === null || token.header.alg !== alg || token.header.crit !== undefined) return 'header';
    const secret = check.matches(token.signed, [token.signature]);
    if (secret === null) return 'signature';
    if (!isInTime(token.claims, nowMs, toleranceMs)) return 'time';
    if (!isOfBody(token.claims, delivery)) return 'signature';
    const { jti } = token.claims;
    return {
      trust: bodyHash === undefined ? 'hint' : 'full',
      secret,
      deliveryId: typeof jti === 'string' && jti !== '' ? jti : null,
      isIdSigned: true,
      timestamp: null,
      // The same token again is the same delivery again.
      isTimeSigned: bodyHash !== undefined,
      digest: createHash('sha256').update(token.signed).update(delivery.request.rawBody).digest('hex'),
    };
  };
};
