import Type, { type Static } from 'typebox';
import { byKind, choice, condition, duration, kind, listOrOne, mapping, path, signedText, text } from './parts.ts';

const secret = listOrOne(
  text('Name of a setting of type secret.'),
  'The setting that holds the signing secret. Several while a secret is being changed: each is tried. Without any, every delivery is refused.',
);

const StandardWebhooks = mapping(
  {
    kind: kind('standardWebhooks'),
    secret,
    prefix: Type.Optional(choice(['webhook', 'svix'], 'What the names of the headers begin with; webhook when left out.')),
  },
  'Standard Webhooks 1.0 (standardwebhooks.com).',
);

const Hmac = mapping(
  {
    kind: kind('hmac'),
    secret,
    alg: choice(['sha256', 'sha512', 'sha1'], 'The hash.'),
    key: Type.Optional(choice(['utf8', 'base64', 'hex', 'whsec'], 'How the secret’s text becomes the key; utf8 when left out.')),
    sign: signedText(
      'What is signed, made of {{body}}, {{timestamp}}, {{id}}, {{method}} and {{url}}, for example {{timestamp}}.{{body}}.',
    ),
    signature: mapping(
      {
        header: text('The header that holds the signature.'),
        encoding: choice(['hex', 'base64', 'base64url'], 'How its bytes are written.'),
        shape: Type.Optional(
          choice(
            ['raw', 'prefix', 'pairs', 'list'],
            'raw: the signature alone (when left out). prefix: behind a fixed text. pairs: name=value pairs. list: several, each behind a prefix.',
          ),
        ),
        prefix: Type.Optional(text('prefix and list: the text before each signature, for example sha256= or v1,')),
        separator: Type.Optional(
          Type.String({ minLength: 1, maxLength: 3, description: 'pairs and list: what stands between; a comma when left out.' }),
        ),
        name: Type.Optional(text('pairs: the name of the signature, for example v1.')),
        timestampName: Type.Optional(text('pairs: the name of the timestamp, for example t.')),
      },
      'Where the signature is.',
    ),
    timestamp: Type.Optional(
      mapping(
        {
          header: Type.Optional(text('The header that holds the time of sending. Not needed when signature.timestampName says where.')),
          unit: choice(['seconds', 'ms', 'rfc3339', 'httpDate'], 'How it is written.'),
          tolerance: Type.Optional(duration('How old or how far ahead it may be; 5m when left out.')),
          unbound: Type.Optional(Type.Literal(true, { description: 'The CRM does not sign it, so it protects against nothing.' })),
        },
        'When the delivery was sent. Must be part of what is signed.',
      ),
    ),
    id: Type.Optional(
      mapping(
        { header: text('The header that holds the CRM’s id of the delivery.') },
        'The CRM’s id of the delivery, for noticing repeats.',
      ),
    ),
  },
  'A keyed hash over the delivery.',
);

const Event = mapping(
  {
    when: Type.Optional(condition('Which events, for example table == "people" && event != "deleted". All when left out.')),
    do: Type.Optional(choice(['upsert', 'delete', 'ignore'], 'upsert when left out: the record is read again and written.')),
    table: Type.Optional(choice(['account', 'contact'], 'The table of the record. Needed unless the event is ignored.')),
    ids: Type.Optional(
      listOrOne(
        path('Where the event holds the id of the record, or several ids.', 'detail.id'),
        'Where the event holds the id of the record, or several ids; several such places where one event is about two records, as a merge is. Needed unless the event is ignored.',
      ),
    ),
  },
  'What an event means.',
);

export const Webhooks = mapping(
  {
    verify: byKind([StandardWebhooks, Hmac], 'How a delivery proves that it comes from the CRM.'),
    each: Type.Optional(path('Where the body holds the events, when it holds several, for example $[*]; the whole body when left out.')),
    events: Type.Array(Event, { minItems: 1, description: 'The first entry that fits counts. An event that fits none is ignored.' }),
  },
  'What the CRM posts to us when something changes.',
);

export type WebhooksBody = Static<typeof Webhooks>;
export type StandardWebhooksBody = Static<typeof StandardWebhooks>;
export type HmacBody = Static<typeof Hmac>;
export type EventBody = Static<typeof Event>;
