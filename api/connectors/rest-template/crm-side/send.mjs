// Posts to CRM Sync which record has changed, signed as Standard Webhooks 1.0 (https://www.standardwebhooks.com).
// Needs Node.js 18 or later and nothing else, and the signing secret in CRM_SYNC_WEBHOOK_SECRET.
import { createHmac, randomUUID } from 'node:crypto';

const address = '{{address}}';
const pausesMs = [1_000, 5_000, 30_000, 120_000];

const signatureOf = (secret, id, timestamp, body) => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};

/** `id` is the same when the same delivery is sent again. Resolves when it was taken. */
export const send = async (change, secret, id = `msg_${randomUUID()}`) => {
  const body = JSON.stringify(change);
  for (let attempt = 0; ; attempt += 1) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(secret, id, timestamp, body),
    };
    const status = await fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }).then(
      (response) => response.status,
      () => 0,
    );
    if (status >= 200 && status < 300) return;
    const isWorthAnother = status === 0 || status === 408 || status === 429 || status >= 500;
    const pauseMs = pausesMs[attempt];
    if (!isWorthAnother || pauseMs === undefined) throw new Error(`CRM Sync answered ${status}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

await send(JSON.parse(process.argv[2] ?? '{{sample}}'), process.env.CRM_SYNC_WEBHOOK_SECRET ?? '');
