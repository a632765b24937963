import type { HmacBody, PublicKeyBody, StandardWebhooksBody } from '../manifest/schema/webhook-verify.ts';
import { durationMs } from '../value/duration.ts';

/** Where a signature stands and what it covers, with every choice made, so that the verifier has no defaults of its own. */
export interface SignatureScheme {
  readonly sign: string;
  readonly decodeInUrl: string;
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
    /** Lower-case name of a header, a path into the body, or one of the pairs in the signature's header. */
    readonly from: { readonly header: string } | { readonly body: string } | 'signature';
    readonly unit: TimestampUnit;
    readonly toleranceMs: number;
  } | null;
  readonly idHeader: string | null;
}

export type TimestampUnit = 'seconds' | 'ms' | 'rfc3339' | 'httpDate';

export const usualTolerance = '5m';

/** Standard Webhooks 1.0: `v1` is signed with a shared secret, `v1a` with Ed25519. */
export const standardWebhooks = (
  { prefix = 'webhook', secret }: Pick<StandardWebhooksBody, 'prefix' | 'secret'>,
  version: 'v1' | 'v1a',
): HmacBody => ({
  kind: 'hmac',
  secret,
  alg: 'sha256',
  key: 'whsec',
  sign: '{{id}}.{{timestamp}}.{{body}}',
  signature: { header: `${prefix}-signature`, encoding: 'base64', shape: 'list', prefix: `${version},`, separator: ' ' },
  timestamp: { header: `${prefix}-timestamp`, unit: 'seconds' },
  id: { header: `${prefix}-id` },
});

type TimestampBody = NonNullable<HmacBody['timestamp']>;

const toTimestamp = ({ header, body, unit, tolerance = usualTolerance }: TimestampBody): NonNullable<SignatureScheme['timestamp']> => ({
  from: header !== undefined ? { header: header.toLowerCase() } : body !== undefined ? { body } : 'signature',
  unit,
  toleranceMs: durationMs(tolerance),
});

export const toSignatureScheme = ({ sign, decodeInUrl, signature, timestamp, id }: HmacBody | PublicKeyBody): SignatureScheme => ({
  sign,
  decodeInUrl: decodeInUrl ?? '',
  signature: {
    header: signature.header.toLowerCase(),
    encoding: signature.encoding,
    shape: signature.shape ?? 'raw',
    prefix: signature.prefix ?? '',
    separator: signature.separator ?? ',',
    name: signature.name ?? '',
    timestampName: signature.timestampName ?? null,
  },
  timestamp: timestamp === undefined ? null : toTimestamp(timestamp),
  idHeader: id?.header.toLowerCase() ?? null,
});
