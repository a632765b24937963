import Type, { type Static } from 'typebox';
import {
  byKind,
  choice,
  condition,
  duration,
  headerTemplate,
  httpStatus,
  kind,
  listOrOne,
  mapping,
  regex,
  template,
  text,
  urlTemplate,
} from './parts.ts';

const Setting = mapping(
  {
    type: choice(['text', 'url', 'host', 'secret', 'choice'], 'How it is asked for and checked. A secret is kept apart and never shown.'),
    title: text('What the admin sees.'),
    help: Type.Optional(text('Where the admin finds it.')),
    example: Type.Optional(text('Shown in the empty field.')),
    pattern: Type.Optional(regex('Regular expression that the whole value must match.')),
    choices: Type.Optional(Type.Array(text('One of the values.'), { minItems: 1, description: 'For type choice.' })),
    default: Type.Optional(Type.String({ description: 'Used when the admin leaves it out. Not for secrets.' })),
    optional: Type.Optional(Type.Boolean({ description: 'May be left out.' })),
  },
  'One value that the admin gives when connecting the CRM.',
);

export const Connection = mapping(
  {
    settings: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), Setting, {
        additionalProperties: false,
        description: 'What the admin is asked for; used elsewhere as {{settings.name}}.',
      }),
    ),
    baseUrl: urlTemplate('What every path of this manifest is put behind, for example {{settings.address}}/api/v1.'),
    hosts: Type.Optional(
      Type.Array(text('A host such as api.example.com, or *.example.com for all below it.'), {
        maxItems: 20,
        description: 'Further hosts that requests and links may go to. The host of baseUrl is always allowed, all others are refused.',
      }),
    ),
  },
  'Where the CRM is and what the admin must give to reach it.',
);

export const Auth = byKind(
  [
    mapping({ kind: kind('none') }, 'No sign-in.'),
    mapping(
      {
        kind: kind('apiKey'),
        in: choice(['header', 'query'], 'Where the key goes. Prefer the header: addresses end up in logs.'),
        name: text('Name of the header or query parameter.'),
        value: headerTemplate('The key, for example {{settings.apiKey}}.'),
      },
      'A key in a header or in the address.',
    ),
    mapping({ kind: kind('basic'), user: template('The user name.'), password: template('The password or token.') }, 'HTTP Basic.'),
    mapping(
      {
        kind: kind('bearer'),
        token: headerTemplate('The token, for example {{settings.token}}.'),
        scheme: Type.Optional(text('The word before the token, when it is not Bearer.')),
      },
      'Authorization: Bearer.',
    ),
  ],
  'How each request signs in.',
);

export const Http = mapping(
  {
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }), headerTemplate('Its value.'), {
        description: 'Sent with every request.',
      }),
    ),
    timeout: Type.Optional(duration('How long one request may take; 30s when left out.')),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 64, description: 'Requests at the same time; 4 when left out.' })),
    rate: Type.Optional(
      Type.Array(
        mapping(
          { requests: Type.Integer({ minimum: 1, maximum: 10_000, description: 'So many requests' }), per: duration('in this time.') },
          'One limit.',
        ),
        { minItems: 1, maxItems: 5, description: 'The CRM’s request budget; every limit in the list holds. No limit when left out.' },
      ),
    ),
    tries: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: 'How often a failing request is tried in all; 5 when left out.' }),
    ),
  },
  'How requests are made. All requests of a manifest only read, so all may be repeated.',
);

export const ErrorRule = mapping(
  {
    status: Type.Optional(listOrOne(httpStatus, 'HTTP status, or several.')),
    contains: Type.Optional(text('Text that the body holds.')),
    when: Type.Optional(condition('What holds of the JSON body, for example success == false.')),
    do: choice(
      ['retry', 'rateLimited', 'unauthorised', 'forbidden', 'missing', 'empty', 'refuse'],
      'retry: try again. rateLimited: wait and try again. unauthorised, forbidden: tell the admin. missing: there is no such record. empty: no (more) records. refuse: stop.',
    ),
    wait: Type.Optional(duration('How long to wait before the next try, when the CRM does not say so with Retry-After.')),
  },
  'What an answer means. All of status, contains and when must hold.',
);

export type ConnectionBody = Static<typeof Connection>;
export type SettingBody = Static<typeof Setting>;
export type AuthBody = Static<typeof Auth>;
export type HttpBody = Static<typeof Http>;
export type ErrorRuleBody = Static<typeof ErrorRule>;
