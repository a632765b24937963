import Type, { type Static } from 'typebox';
import { Auth } from './auth.ts';
import { choice, flag, listOf, mapping, named, path, pathTemplate, template, text } from './parts.ts';
import { requestFields } from './request.ts';

const itemValue = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()], {
  description: 'Text, number, true or false.',
});
const Item = Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), itemValue, {
  additionalProperties: false,
  description: 'Its values, by the names under which the requests know them: {{item.name}}.',
  examples: [{ event: 'contact.creation' }],
});

/** Unlike requests that read, these change something, so they have the methods for it. */
const Change = mapping(
  {
    ...requestFields,
    method: Type.Optional(choice(['POST', 'PUT', 'PATCH', 'DELETE'], 'POST when left out.')),
    path: pathTemplate('Goes behind baseUrl.', '/webhooks/{{current.id}}'),
  },
  'A request that changes something in the CRM.',
);

const Wanted = Type.Union(
  [template('What it must be.', '{{address}}'), Type.Number(), Type.Boolean(), Type.Array(template('An element.'), { maxItems: 200 })],
  {
    description: 'Text with {{…}}, a number, true, false, or a list whose order does not count.',
  },
);

const Resource = mapping(
  {
    what: text('What it is, for people.', 'webhook'),
    each: Type.Optional(listOf(Item, 'There is one for each of these; one alone when left out.', 200)),
    eachField: Type.Optional(
      listOf(
        mapping(
          { table: choice(['account', 'contact'], 'The table.'), values: Type.Optional(Item) },
          'The fields that the mapping of a table reads.',
        ),
        'There is one for each field that the mapping reads, as {{item.field}}, for CRMs that tell of changes field by field.',
        2,
      ),
    ),
    list: mapping(
      {
        ...requestFields,
        records: Type.Optional(path('Where the answer holds those that there are; the whole answer when left out.', 'webhooks')),
        next: Type.Optional(path('Where the answer holds the address of the next page.', 'links.next')),
      },
      'The request for those that there are. An answer 404 means that there is none.',
    ),
    match: Type.Record(Type.String({ minLength: 1 }), template('What it must be.', '{{address}}'), {
      minProperties: 1,
      description: 'Which of them is ours: all these must hold.',
      examples: [{ endpoint: '{{address}}' }],
    }),
    same: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Wanted, {
        description: 'What ours must be like. Where it is not, it is changed.',
        examples: [{ status: 'active' }],
      }),
    ),
    create: Change,
    update: Type.Optional(Change),
    remove: Change,
    only: Type.Optional(flag('There is room for one. Somebody else’s is left alone, unless the admin says that it is to be replaced.')),
    secret: Type.Optional(
      mapping(
        {
          ...requestFields,
          value: path('Where the answer holds the secret.', 'signing_secret.secret'),
          setting: text('The setting of type secret whose place it takes.', 'webhookSecret'),
        },
        'The request for the secret that the CRM made. It is stored, sealed, and deliveries that it signs are accepted from then on.',
      ),
    ),
  },
  'Something that has to be there in the CRM, so that it tells us of changes.',
);

const Sample = Type.Record(
  choice(['account', 'contact'], 'The table.'),
  Type.Unknown({ description: 'Mapping, list or text; texts in it may hold {{id}}.' }),
  {
    minProperties: 1,
    maxProperties: 2,
    description: 'A delivery about a record as the CRM sends it, by table; sent by `crm-sync webhooks test`. {{id}} is the record’s.',
    examples: [{ account: { table: 'companies', event: 'updated', id: '{{id}}' } }],
  },
);

export const Install = named(
  'WebhookInstall',
  mapping(
    {
      files: Type.Optional(
        Type.String({
          pattern: '^[a-z][a-z0-9-]{0,39}$',
          description:
            'Folder beside the manifest with what is deployed in the CRM. {{address}} and {{source}} in its files are filled in.',
          examples: ['crm-side'],
        }),
      ),
      steps: Type.Optional(
        listOf(
          template('A step.', 'Paste {{address}} as the address.'),
          'What the admin does in the CRM, in this order. Never holds a secret.',
        ),
      ),
      resources: Type.Optional(listOf(Resource, 'What `crm-sync webhooks install` makes over the CRM’s API, in this order.')),
      auth: Type.Optional(Auth),
      scope: Type.Optional(
        template('The scopes that these requests need, where the sign-in is by oauth2.', 'webhooks:read webhooks:write'),
      ),
      needs: Type.Optional(
        listOf(text('Name of a setting.', 'developerApiKey'), 'Optional settings without which nothing can be made over the API.'),
      ),
      sample: Type.Optional(Sample),
    },
    'How the CRM is brought to post what changes.',
  ),
);

export type InstallBody = Static<typeof Install>;
export type ResourceBody = Static<typeof Resource>;
export type ChangeBody = Static<typeof Change>;
