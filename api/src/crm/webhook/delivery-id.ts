import { createHash } from 'node:crypto';
import type { WebhooksBody } from '../manifest/schema/webhook.ts';
import type { Delivery, Proof } from './delivery.ts';
import { compileSignedText, headersIn, signedTokensIn } from './signed-text.ts';

const minuteMs = 60_000;
/** The store's key; whatever is longer is hashed. */
const maxIdLength = 128;

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Printable, and short enough to be a key. */
const shorten = (id: string): string => (id.length <= maxIdLength && /^[!-~]+$/.test(id) ? id : sha256(id));

/**
 * Where the CRM gives no id of its deliveries and signs no time, two true deliveries may be the same to the byte. They are then
 * told apart by the minute: a retry may be handled twice, which costs a read; taking the second for the first would lose a change.
 */
const repeatableId = (digest: string, nowMs: number): string => `${digest}@${Math.floor(nowMs / minuteMs)}`;

/** What of a dedupe text somebody who has seen a delivery could change: then a made-up id must not stand in for a true delivery. */
const isForgeable = (dedupe: string, { trust, isIdSigned, isTimeSigned }: Proof): boolean => {
  const tokens = signedTokensIn(dedupe);
  if (trust === 'hint' || headersIn(dedupe).length > 0) return true;
  return (tokens.has('id') && !isIdSigned) || (tokens.has('timestamp') && !isTimeSigned);
};

/** What is the same for repeats of a delivery and for nothing else. */
export const createDeliveryIdReader = ({ dedupe }: WebhooksBody): ((delivery: Delivery, proof: Proof, nowMs: number) => string) => {
  const render = dedupe === undefined ? null : compileSignedText(dedupe);
  const withBody = (id: string, { request }: Delivery): string => `${shorten(id)}.${sha256(request.rawBody).slice(0, 32)}`;
  return (delivery, proof, nowMs) => {
    const rendered = render?.(delivery, { id: proof.deliveryId ?? '', timestamp: proof.timestamp ?? '', decodeInUrl: '' }) ?? null;
    if (dedupe !== undefined && rendered !== null && rendered.length > 0) {
      const id = rendered.toString('latin1');
      return isForgeable(dedupe, proof) ? withBody(id, delivery) : shorten(id);
    }
    if (proof.deliveryId !== null) return proof.isIdSigned ? shorten(proof.deliveryId) : withBody(proof.deliveryId, delivery);
    return proof.isTimeSigned ? proof.digest : repeatableId(proof.digest, nowMs);
  };
};
