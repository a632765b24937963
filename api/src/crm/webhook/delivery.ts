import type { JsonValue } from '../types.ts';
import { type BodyFormat, decodeBody } from './decode-body.ts';
import type { WebhookRequest } from './types.ts';

/** A request at the door, of which nothing is believed yet. */
export interface Delivery {
  readonly request: WebhookRequest;
  /** The parts of the address behind the webhook's own. */
  readonly rest: readonly string[];
  /** Parsed when first asked for; undefined when it is not what the manifest says. */
  body(): JsonValue | undefined;
  /** A header as it came, each byte a character; null when it is missing, empty, or comes twice: which of the two counts would be the sender's choice. */
  header(lowerCaseName: string): string | null;
}

export const createDelivery = (request: WebhookRequest, rest: readonly string[], format: BodyFormat): Delivery => {
  let parsed: { readonly body: JsonValue | undefined } | null = null;
  return {
    request,
    rest,
    body: () => (parsed ??= { body: decodeBody(request.rawBody, format) }).body,
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' && value !== '' ? value : null;
    },
  };
};

/** Why a delivery is refused: for our log, never for the sender. */
export type Refusal = 'address' | 'noSecret' | 'header' | 'time' | 'signature' | 'token' | 'tenant';

export interface Proof {
  /** hint: the sender knows a secret that every delivery shows, so what is said is only a reason to look. */
  readonly trust: 'full' | 'hint';
  /** Which of the admin's secrets it was proved with, by the name of its setting. */
  readonly secret: string;
  /** The CRM's id of the delivery; null when the scheme has none. */
  readonly deliveryId: string | null;
  /** Whether the id is part of what is signed: another id makes another delivery only then. */
  readonly isIdSigned: boolean;
  readonly timestamp: string | null;
  readonly isTimeSigned: boolean;
  /** Of what was signed: the same for a repeated delivery, another one for any other. */
  readonly digest: string;
}

export type Verifier = (delivery: Delivery, nowMs: number) => Proof | Refusal;

export const isRefusal = (result: Proof | Refusal): result is Refusal => typeof result === 'string';
