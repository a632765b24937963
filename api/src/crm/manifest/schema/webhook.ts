import Type, { type Static } from 'typebox';
import { Modified } from './table-parts.ts';
import { choice, condition, listOf, listOrOne, mapping, named, path, signedText, template, text } from './parts.ts';
import { Install } from './webhook-install.ts';
import { Verify } from './webhook-verify.ts';

export type { HmacBody, StandardWebhooksBody, VerifyBody } from './webhook-verify.ts';

const Event = mapping(
  {
    when: Type.Optional(condition('Which events, for example table == "people" && event != "deleted". All when left out.')),
    do: Type.Optional(
      choice(
        ['upsert', 'delete', 'merge', 'relink', 'erase', 'ignore'],
        'upsert when left out: the record is read again and written. delete: it is read again, and its row removed when it is gone. merge: all of `ids` are read again; the rows of those that are gone are removed and their children read again, which finds their new parent. relink: a contact has another account; it is read again. erase: a person’s data must go (a privacy deletion); once the CRM no longer has the record, its row is deleted or emptied, whatever becomes of other removed records.',
      ),
    ),
    table: Type.Optional(choice(['account', 'contact'], 'The table of the record. Needed unless the event is ignored.')),
    ids: Type.Optional(
      listOrOne(
        path('Where the event holds the id of the record, or several ids.', 'detail.id'),
        'Where the event holds the id of the record, or several ids; several such places where one event is about two records, as a merge is. Needed unless the event is ignored.',
      ),
    ),
    record: Type.Optional(
      path('Where the event holds the record itself; for tables with `pushOnly`, whose records cannot be read again.', 'data', '$'),
    ),
  },
  'What an event means.',
);

const Answer = mapping(
  {
    status: Type.Optional(Type.Integer({ minimum: 200, maximum: 299, description: 'HTTP status.' })),
    type: Type.Optional(
      Type.String({
        pattern: '^[a-z]+/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?$',
        description: 'Content type of the body, for example text/xml.',
        examples: ['text/xml'],
      }),
    ),
    body: Type.Optional(Type.String({ maxLength: 4000, description: 'The body, always the same.', examples: ['<Ack>true</Ack>'] })),
  },
  'What is answered to a delivery that was taken; 202 without a body when left out.',
);

const HmacOf = mapping(
  {
    hmac: path('Where the value stands that is to be signed with our secret.', 'payload.plainToken'),
    encoding: choice(['hex', 'base64'], 'How the signature is written.'),
    prefix: Type.Optional(text('What stands before it, for example sha256=', 'sha256=')),
  },
  'A value of the question, signed with HMAC-SHA256 and our secret.',
);
const Constant = mapping(
  { const: Type.Union([Type.String(), Type.Number(), Type.Boolean()], { description: 'The value.' }) },
  'Always the same value.',
);
const AnswerValue = Type.Union([path('Where the question holds the value that is sent back.', 'challenge'), HmacOf, Constant], {
  description: 'A path into the question, {hmac: path, encoding} or {const: value}.',
});

const Handshake = mapping(
  {
    method: Type.Optional(choice(['POST', 'GET'], 'POST when left out. The question is the body; with GET the parameters behind the ?.')),
    when: Type.Optional(
      condition('Which requests are the question, for example type == "url_verification". All when left out.', 'type == "ping"'),
    ),
    unsigned: Type.Optional(
      Type.Literal(true, {
        description: 'The CRM asks without a signature. It is answered even before there is a secret; nothing else happens.',
      }),
    ),
    token: Type.Optional(
      mapping(
        {
          path: path('Where the question holds the secret.', '["hub.verify_token"]'),
          secret: text('Name of the setting of type secret.', 'verifyToken'),
        },
        'A secret in the question, in place of a signature.',
      ),
    ),
    status: Type.Optional(Type.Integer({ minimum: 200, maximum: 299, description: 'HTTP status; 200 when left out.' })),
    text: Type.Optional(AnswerValue),
    json: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][\\w.-]{0,60}$' }), AnswerValue, {
        additionalProperties: false,
        description: 'The members of the answer.',
        examples: [{ challenge: 'challenge' }],
      }),
    ),
  },
  'A question by which the CRM makes sure that we are there, and the answer that it wants. With neither text nor json the answer is empty.',
);

export const Webhooks = named(
  'Webhooks',
  mapping(
    {
      verify: Verify,
      format: Type.Optional(
        choice(
          ['json', 'xml', 'form'],
          'What the body is, whatever its content type says; json when left out. Of XML, attributes are @name.',
        ),
      ),
      handshakes: Type.Optional(
        listOf(Handshake, 'Questions that the CRM asks before, or between, its deliveries. The first that fits counts.'),
      ),
      tenant: Type.Optional(
        mapping(
          {
            path: path('Where the body names the CRM’s tenant; all values, when there are several.', '[*].portalId'),
            is: template('What it must be.', '{{settings.organisationId}}'),
          },
          'Whose data a delivery is about. Others are refused.',
        ),
      ),
      dedupe: Type.Optional(
        signedText(
          'What is the same in repeats of a delivery and in no other: {{id}}, {{timestamp}}, {{header.Name}} and {{body.path}}. When left out, the id, or else what was signed.',
          '{{header.X-Delivery}}',
        ),
      ),
      each: Type.Optional(path('Where the body holds the events, when it holds several, for example $[*]; the whole body when left out.')),
      at: Type.Optional(Modified),
      events: Type.Array(Event, { minItems: 1, description: 'The first entry that fits counts. An event that fits none is ignored.' }),
      ack: Type.Optional(Answer),
      install: Type.Optional(Install),
    },
    'What the CRM posts to us when something changes.',
  ),
);

export type WebhooksBody = Static<typeof Webhooks>;
export type EventBody = Static<typeof Event>;
export type HandshakeBody = Static<typeof Handshake>;
export type AnswerValueBody = Static<typeof AnswerValue>;
