import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly timestampMs: number;
}

/** The escapes that are undone before signing, and no others. */
const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

const signedUri = (url: string): string => url.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => decoded[escape.toUpperCase()] ?? escape);

/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation#validate-the-v3-request-signature */
export const signV3 = (clientSecret: string, { method, url, body, timestampMs }: SignedRequest): string =>
  createHmac('sha256', clientSecret)
    .update(`${method}${signedUri(url)}${body}${timestampMs}`, 'utf8')
    .digest('base64');

/** The newest signature, and the oldest one, which is sent along for those who still look at it. */
export const signatureHeaders = (clientSecret: string, request: SignedRequest): Readonly<Record<string, string>> => ({
  'x-hubspot-signature-v3': signV3(clientSecret, request),
  'x-hubspot-request-timestamp': String(request.timestampMs),
  'x-hubspot-signature': createHash('sha256')
    .update(clientSecret + request.body, 'utf8')
    .digest('hex'),
  'x-hubspot-signature-version': 'v1',
});
