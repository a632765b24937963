import { createHash, timingSafeEqual } from 'node:crypto';
import { compilePath } from '../expression/compile.ts';
import type { WeakBody } from '../manifest/schema/webhook-verify.ts';
import type { NamedKey } from './signing-key.ts';
import { decodeStrictly } from './strict-decode.ts';
import type { Delivery, Verifier } from './delivery.ts';

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/**
 * Which of the secrets was given; null when it is none. Hashes are of one length, so that neither the secret's text nor its length shows in
 * the time taken.
 */
export const secretGiven = (given: Buffer, secrets: readonly NamedKey<string>[]): string | null => {
  const hash = sha256(given);
  let found: string | null = null;
  for (const { label, key } of secrets) found = timingSafeEqual(hash, sha256(Buffer.from(key))) ? (found ?? label) : found;
  return found;
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
export const createWeakVerifier = (verify: WeakBody, secrets: readonly NamedKey<string>[]): Verifier => {
  const read = createReader(verify);
  return (delivery) => {
    if (secrets.length === 0) return 'noSecret';
    const given = read(delivery);
    const secret = given === null ? null : secretGiven(given, secrets);
    if (secret === null) return 'token';
    return {
      trust: 'hint',
      secret,
      deliveryId: null,
      isIdSigned: false,
      timestamp: null,
      isTimeSigned: false,
      digest: sha256(delivery.request.rawBody).toString('hex'),
    };
  };
};
