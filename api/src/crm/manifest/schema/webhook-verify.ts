import Type, { type Static } from 'typebox';
import { byKind, choice, duration, kind, listOrOne, mapping, path, signedText, text } from './parts.ts';

const secret = listOrOne(
  text('Name of a setting of type secret.', 'hookSecret'),
  'The setting that holds the secret. Several while it is being changed: each is tried. Without any, every delivery is refused.',
);

const header = (what: string, example: string) => text(`The header that holds ${what}; capitals do not matter.`, example);

const signature = mapping(
  {
    header: header('the signature', 'X-Hub-Signature-256'),
    encoding: choice(['hex', 'base64', 'base64url'], 'How its bytes are written.'),
    shape: Type.Optional(
      choice(
        ['raw', 'prefix', 'pairs', 'list'],
        'raw: the signature alone (when left out). prefix: behind a fixed text. pairs: name=value pairs. list: several, each behind a prefix.',
      ),
    ),
    prefix: Type.Optional(text('prefix and list: the text before each signature, for example sha256= or v1,', 'sha256=')),
    separator: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 3,
        description: 'pairs and list: what stands between; a comma when left out.',
        examples: [';'],
      }),
    ),
    name: Type.Optional(text('pairs: the name of the signature, for example v1.', 'v1')),
    timestampName: Type.Optional(text('pairs: the name of the timestamp, for example t.', 't')),
  },
  'Where the signature is.',
);

const timestamp = mapping(
  {
    header: Type.Optional(header('the time of sending. Not needed when signature.timestampName or body says where', 'X-Request-Timestamp')),
    body: Type.Optional(path('Where the body holds the time of sending, when it is there.', 'sent_at')),
    unit: choice(['seconds', 'ms', 'rfc3339', 'httpDate'], 'How it is written.'),
    tolerance: Type.Optional(duration('How old or how far ahead it may be; 5m when left out.')),
    unbound: Type.Optional(Type.Literal(true, { description: 'The CRM does not sign it, so it protects against nothing.' })),
  },
  'When the delivery was sent. Must be part of what is signed.',
);

/** What every kind that signs the delivery says. */
const signed = {
  sign: signedText(
    'What is signed, made of {{body}}, {{form}} (names and values of a form, sorted by name), {{timestamp}}, {{id}}, {{method}}, {{url}} and {{header.Name}}, for example {{timestamp}}.{{body}}.',
  ),
  decodeInUrl: Type.Optional(
    text('{{url}}: the characters that the CRM signs decoded where the address has them percent-encoded, for example :/?@', ':/?@'),
  ),
  signature,
  timestamp: Type.Optional(timestamp),
  id: Type.Optional(mapping({ header: header('it', 'X-GitHub-Delivery') }, 'The CRM’s id of the delivery, for noticing repeats.')),
};

const StandardWebhooks = mapping(
  {
    kind: kind('standardWebhooks'),
    secret,
    prefix: Type.Optional(choice(['webhook', 'svix'], 'What the names of the headers begin with; webhook when left out.')),
  },
  'Standard Webhooks 1.0 (standardwebhooks.com). The secret begins with whsec_; a public key, which begins with whpk_, may stand in its place.',
);

const Hmac = mapping(
  {
    kind: kind('hmac'),
    secret,
    alg: choice(['sha256', 'sha512', 'sha1'], 'The hash.'),
    key: Type.Optional(choice(['utf8', 'base64', 'hex', 'whsec'], 'How the secret’s text becomes the key; utf8 when left out.')),
    ...signed,
  },
  'A keyed hash over the delivery.',
);

const PublicKey = mapping(
  {
    kind: kind('publicKey'),
    key: listOrOne(
      text('Name of a setting of type secret or text.', 'hookPublicKey'),
      'The setting that holds the CRM’s public key. Several while it is being changed. Without any, every delivery is refused.',
    ),
    alg: choice(
      ['ed25519', 'ecdsa-p256', 'rsa-sha256'],
      'The signature: Ed25519, ECDSA with P-256 and SHA-256 (DER), or RSA PKCS #1 with SHA-256.',
    ),
    written: Type.Optional(
      choice(
        ['pem', 'spki', 'hex', 'base64', 'whpk'],
        'How the key is written: pem (when left out), spki (base64 of DER), or the 32 bytes of Ed25519 as hex, base64 or whpk_.',
      ),
    ),
    ...signed,
  },
  'A signature that the CRM makes with its private key.',
);

const Jwt = mapping(
  {
    kind: kind('jwt'),
    secret,
    alg: choice(['HS256', 'HS384', 'HS512', 'RS256', 'ES256', 'EdDSA'], 'The only algorithm that is accepted.'),
    written: Type.Optional(
      choice(['utf8', 'base64', 'hex', 'pem', 'spki', 'jwks'], 'How the key is written: utf8 for HS…, pem for the others when left out.'),
    ),
    header: header('the token', 'X-FusionAuth-Signature-JWT'),
    prefix: Type.Optional(text('What stands before the token, for example "Bearer ".', 'Bearer ')),
    bodyHash: Type.Optional(
      mapping(
        {
          claim: text('The claim that holds the SHA-256 of the body, for example request_body_sha256.', 'request_body_sha256'),
          encoding: choice(['base64', 'base64url', 'hex'], 'How it is written.'),
        },
        'Ties the token to the body. Without it the token proves the sender and not what is said, so a delivery is only a hint.',
      ),
    ),
    tolerance: Type.Optional(duration('How far the clocks may differ, and how old a token without exp may be; 5m when left out.')),
  },
  'A JSON Web Token. It must say until when it is good (exp) or when it was made (iat).',
);

const Basic = mapping(
  { kind: kind('basic'), user: text('Name of the setting that holds the user name.', 'webhookUser'), secret },
  'A user name and a password (HTTP Basic). Nothing is signed, so a delivery is only a hint.',
);

const StaticHeader = mapping(
  {
    kind: kind('header'),
    header: header('the secret', 'X-Gitlab-Token'),
    prefix: Type.Optional(text('What stands before the secret, for example "Bearer ".', 'Bearer ')),
    secret,
  },
  'A header that always holds the same secret. Nothing is signed, so a delivery is only a hint.',
);

const BodyField = mapping(
  { kind: kind('bodyField'), path: path('Where the body holds the secret.', 'token'), secret },
  'A field of the body that always holds the same secret. Nothing is signed, so a delivery is only a hint.',
);

const PathToken = mapping(
  { kind: kind('pathToken'), secret },
  'The secret is the last part of the address: /webhooks/{source}/{secret}. Nothing is signed, so a delivery is only a hint.',
);

export const Verify = byKind(
  [StandardWebhooks, Hmac, PublicKey, Jwt, Basic, StaticHeader, BodyField, PathToken],
  'How a delivery proves that it comes from the CRM. A hint makes a record be read again, and nothing else.',
);

export type StandardWebhooksBody = Static<typeof StandardWebhooks>;
export type HmacBody = Static<typeof Hmac>;
export type PublicKeyBody = Static<typeof PublicKey>;
export type JwtBody = Static<typeof Jwt>;
export type WeakBody = Static<typeof Basic> | Static<typeof StaticHeader> | Static<typeof BodyField> | Static<typeof PathToken>;
export type VerifyBody = Static<typeof Verify>;
