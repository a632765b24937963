import { isAppError } from '../../../../api/src/errors/app-error.ts';
import { createIdReader } from '../../../../api/src/crm/reader/record-id.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import { hooksOf } from '../../../../api/src/crm/webhook/hooks-of.ts';
import type { VerifiedDelivery, WebhookDoor, WebhookRequest } from '../../../../api/src/crm/webhook/types.ts';
import { createWebhookDoor } from '../../../../api/src/crm/webhook/webhook-door.ts';
import { distinctHeaders } from '../../../../api/src/http/distinct-headers.ts';

export type WebhooksBody = NonNullable<Manifest['webhooks']>;
export type VerifyBody = WebhooksBody['verify'];

/** A delivery as a vendor sends it, and what a manifest says of it. */
export interface Vector {
  readonly sender: string;
  readonly webhooks: Partial<WebhooksBody> & { readonly verify: VerifyBody };
  readonly settings: Readonly<Record<string, string>>;
  readonly otherSettings: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly url?: string;
  readonly segments?: readonly string[];
  readonly sentAtMs: number;
  /** null: the sender signs no time. */
  readonly toleranceMs: number | null;
  readonly trust: 'full' | 'hint';
  /** Headers that the sender neither signs nor needs. */
  readonly freeHeaders?: readonly string[];
}

const events: WebhooksBody['events'] = [{ when: 'nothing == "here"', table: 'contact', ids: 'id' }];

export const openDoor = (webhooks: Vector['webhooks'], settings: Readonly<Record<string, string>>): WebhookDoor =>
  createWebhookDoor({
    sourceId: 'crm',
    bodies: hooksOf({ webhooks: { events, ...webhooks } }),
    settings,
    idReaders: { contact: createIdReader('id'), account: createIdReader('id') },
  });

const swapCase = (text: string): string =>
  [...text].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('');

export type RawHeaders = readonly (readonly [string, string])[];

/** As it comes from the wire, with every header's name in capitals where the vendor writes small letters and the other way round. */
export const requestOf = (
  { headers, body, url = 'https://sync.example.com/webhooks/crm', segments = [] }: Vector,
  change: { readonly rawHeaders?: RawHeaders; readonly rawBody?: Buffer; readonly segments?: readonly string[] } = {},
): WebhookRequest => ({
  method: 'POST',
  url,
  segments: change.segments ?? segments,
  headers: distinctHeaders((change.rawHeaders ?? Object.entries(headers)).flatMap(([name, value]) => [swapCase(name), value])),
  rawBody: change.rawBody ?? Buffer.from(body),
});

export type Verdict = VerifiedDelivery | 'unreadable' | { readonly refused: unknown };

/** Published bodies are not all JSON: such a one is signed and unreadable. Anything but an expected error is thrown. */
export const verdictOn = (door: WebhookDoor, request: WebhookRequest, nowMs: number): Verdict => {
  try {
    return door.verify(request, nowMs);
  } catch (error) {
    if (isAppError(error, 'webhook.unreadable')) return 'unreadable';
    if (isAppError(error, 'webhook.unauthorised')) return { refused: error.details.reason };
    throw error;
  }
};

export const isRefused = (verdict: Verdict): boolean => typeof verdict === 'object' && 'refused' in verdict;

export const flipBit = (bytes: Buffer, bit: number): Buffer => {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8));
  return flipped;
};
