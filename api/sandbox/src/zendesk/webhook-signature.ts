import { createHmac } from 'node:crypto';

/** Signs the deliveries of webhooks that are only being tried out, of every account: no receiver may take them for real. */
export const testingSecret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

/** The secret looks like base64 and is used as the text that it is. https://developer.zendesk.com/documentation/webhooks/verifying/ */
export const sign = (secret: string, { timestamp, body }: { readonly timestamp: string; readonly body: string }): string =>
  createHmac('sha256', secret).update(`${timestamp}${body}`, 'utf8').digest('base64');
