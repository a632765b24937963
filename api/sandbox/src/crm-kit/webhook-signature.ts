import { createHmac } from 'node:crypto';

const secretPrefix = 'whsec_';

/**
 * The key bytes of a `whsec_…` secret, or undefined when it is not one: base64 of 24 to 64 bytes.
 * Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const decodeWebhookSecret = (secret: string): Buffer | undefined => {
  if (!secret.startsWith(secretPrefix)) return undefined;
  const encoded = secret.slice(secretPrefix.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 24 && key.length <= 64 ? key : undefined;
};

export interface WebhookMessage {
  /** Stays the same when the message is sent again: the receiver's idempotency key. */
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

/** The three headers that a Standard Webhooks receiver checks. */
export const signatureHeaders = (key: Buffer, { id, timestampSeconds, body }: WebhookMessage): Readonly<Record<string, string>> => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestampSeconds),
  'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`,
});
