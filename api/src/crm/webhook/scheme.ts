import { durationMs } from '../value/duration.ts';
import type { HmacBody, WebhooksBody } from '../manifest/schema/webhook.ts';

/** A scheme with every choice made, so that the verifier has no defaults of its own. */
export interface HmacScheme {
  readonly alg: 'sha1' | 'sha256' | 'sha512';
  readonly key: 'utf8' | 'base64' | 'hex' | 'whsec';
  readonly sign: string;
  readonly signature: {
    readonly header: string;
    readonly encoding: 'hex' | 'base64' | 'base64url';
    readonly shape: 'raw' | 'prefix' | 'pairs' | 'list';
    readonly prefix: string;
    readonly separator: string;
    readonly name: string;
    readonly timestampName: string | null;
  };
  readonly timestamp: {
    /** null: it is one of the pairs in the signature's header. */
    readonly header: string | null;
    readonly unit: 'seconds' | 'ms' | 'rfc3339' | 'httpDate';
    readonly toleranceMs: number;
  } | null;
  readonly idHeader: string | null;
}

const fiveMinutes = '5m';

const standardWebhooks = (prefix: 'webhook' | 'svix', secret: HmacBody['secret']): HmacBody => ({
  kind: 'hmac',
  secret,
  alg: 'sha256',
  key: 'whsec',
  sign: '{{id}}.{{timestamp}}.{{body}}',
  signature: { header: `${prefix}-signature`, encoding: 'base64', shape: 'list', prefix: 'v1,', separator: ' ' },
  timestamp: { header: `${prefix}-timestamp`, unit: 'seconds', tolerance: fiveMinutes },
  id: { header: `${prefix}-id` },
});

/** Every kind of scheme, written as the general one. */
export const toHmacScheme = (verify: WebhooksBody['verify']): HmacScheme => {
  const {
    alg,
    key = 'utf8',
    sign,
    signature,
    timestamp,
    id,
  } = verify.kind === 'hmac' ? verify : standardWebhooks(verify.prefix ?? 'webhook', verify.secret);
  return {
    alg,
    key,
    sign,
    signature: {
      header: signature.header.toLowerCase(),
      encoding: signature.encoding,
      shape: signature.shape ?? 'raw',
      prefix: signature.prefix ?? '',
      separator: signature.separator ?? ',',
      name: signature.name ?? '',
      timestampName: signature.timestampName ?? null,
    },
    timestamp:
      timestamp === undefined
        ? null
        : {
            header: timestamp.header?.toLowerCase() ?? null,
            unit: timestamp.unit,
            toleranceMs: durationMs(timestamp.tolerance ?? fiveMinutes),
          },
    idHeader: id?.header.toLowerCase() ?? null,
  };
};
