import { createHash, timingSafeEqual } from 'node:crypto';
import { compilePath } from '../expression/compile.ts';
import type { WeakBody } from '../manifest/schema/webhook-verify.ts';
import { decodeStrictly } from './strict-decode.ts';
import type { Delivery, Verifier } from './delivery.ts';

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Hashes are of one length, so that neither the secret's text nor its length shows in the time taken. */
export const isOneOf = (given: Buffer, secrets: readonly string[]): boolean => {
  const hash = sha256(given);
  let isMatch = false;
  for (const secret of secrets) isMatch = timingSafeEqual(hash, sha256(Buffer.from(secret))) || isMatch;
  return isMatch;
};

const behind = (prefix: string, value: string | null): Buffer | null =>
  value?.startsWith(prefix) === true ? Buffer.from(value.slice(prefix.length), 'latin1') : null;

/** The secret as the delivery shows it, in bytes. */
const createReader = (verify: WeakBody): ((delivery: Delivery) => Buffer | null) => {
  switch (verify.kind) {
    case 'basic':
      return (delivery) => {
        const encoded = /^Basic +(\S+)$/i.exec(delivery.header('authorization') ?? '')?.[1];
        return encoded === undefined ? null : decodeStrictly(encoded, 'base64');
      };
    case 'header': {
      const name = verify.header.toLowerCase();
      return (delivery) => behind(verify.prefix ?? '', delivery.header(name));
    }
    case 'bodyField': {
      const select = compilePath(verify.path);
      return (delivery) => {
        const value = select(delivery.body());
        return typeof value === 'string' ? Buffer.from(value) : null;
      };
    }
    case 'pathToken':
      return ({ rest }) => (rest[0] === undefined ? null : Buffer.from(rest[0]));
  }
};

/**
 * A secret that every delivery shows. Whoever has seen one delivery can make others, so what they say is a hint and no more.
 * For `basic` the secrets are `user:password`.
 */
export const createWeakVerifier = (verify: WeakBody, secrets: readonly string[]): Verifier => {
  const read = createReader(verify);
  return (delivery) => {
    if (secrets.length === 0) return 'noSecret';
    const given = read(delivery);
    if (given === null || !isOneOf(given, secrets)) return 'token';
    return {
      trust: 'hint',
      deliveryId: null,
      isIdSigned: false,
      timestamp: null,
      isTimeSigned: false,
      digest: sha256(delivery.request.rawBody).toString('hex'),
    };
  };
};
