import Type, { type Static } from 'typebox';
import { AuthChoice } from './auth.ts';
import { Connection } from './connection.ts';
import { ErrorRule, Http } from './http.ts';
import { Page } from './page.ts';
import { condition, inAnswer, mapping, path, template, text } from './parts.ts';
import { requestFields } from './request.ts';
import { Records } from './table-parts.ts';
import { Table, TableDefaults } from './table.ts';
import { Webhooks } from './webhook.ts';

export const manifestVersion = 'crm-sync/v1';

const Probe = mapping(
  {
    ...requestFields,
    expect: Type.Optional(condition('What must hold of the answer.', 'status == "ok"')),
    tenant: Type.Optional(
      mapping(
        {
          path: path('Where the answer names the CRM’s tenant: something that never changes.', 'records[0].Id'),
          is: Type.Optional(template('What it must be. When left out, what it was the first time.', '{{settings.organisationId}}')),
        },
        'Whose data this is. A source that suddenly answers as somebody else is stopped before anything is written.',
      ),
    ),
  },
  'The request behind “Test connection”. When left out, the first page of the first table is read.',
);

const Discover = mapping(
  { ...requestFields, value: path('Where the answer holds it.', 'filters[?name == "All Contacts"].id') },
  'One look-up.',
);

const Deadline = mapping(
  {
    on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day, as 2027-04-30.', examples: ['2027-04-30'] }),
    what: text('What ends then, and what to do.', 'Zendesk switches API tokens off; change to OAuth before.'),
  },
  'A day on which the vendor ends something.',
);

export const ManifestSchema = mapping(
  {
    manifest: Type.Literal(manifestVersion, { description: 'The language of this file and its version.' }),
    id: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'Name of the connector in the configuration: lower-case letters, digits and -.',
      examples: ['northwind'],
    }),
    name: text('Name of the CRM as people know it.', 'Northwind Traders CRM'),
    version: Type.String({
      pattern: '^\\d+\\.\\d+\\.\\d+$',
      description: 'Version of this manifest, for example 1.0.0.',
      examples: ['1.0.0'],
    }),
    connection: Connection,
    auth: AuthChoice,
    http: Type.Optional(Http),
    errors: Type.Optional(
      Type.Array(ErrorRule, {
        maxItems: 50,
        description: 'What answers mean, when the status alone does not say it. The first that fits counts.',
      }),
    ),
    probe: Type.Optional(Probe),
    discover: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' }), Discover, {
        additionalProperties: false,
        description: 'Values that are looked up once, before they are first used as {{found.name}}.',
        examples: [{ viewId: { path: '/contacts/filters', value: 'filters[?name == "All Contacts"].id' } }],
      }),
    ),
    deadlines: Type.Optional(Type.Array(Deadline, { maxItems: 10, description: 'What “Test connection” reminds the admin of.' })),
    nulls: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        minItems: 1,
        maxItems: 5,
        description: 'What this CRM writes for “nothing”, beside null and empty text.',
        examples: [[false]],
      }),
    ),
    records: Type.Optional(Records),
    total: Type.Optional(inAnswer('Where the answers of a list say how many records there are in all. Only shows progress.', 'meta.total')),
    page: Type.Optional(Page),
    defaults: Type.Optional(TableDefaults),
    tables: Type.Object(
      { account: Type.Optional(Table), contact: Type.Optional(Table) },
      { additionalProperties: false, minProperties: 1, description: 'What is read, by the Dataverse table that it goes to.' },
    ),
    webhooks: Type.Optional(Webhooks),
    moreWebhooks: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), Webhooks, {
        additionalProperties: false,
        description: 'Further webhooks of another kind, by the name that ends their address: /webhooks/{source}/{name}.',
        examples: [{ outbound: { verify: { kind: 'pathToken', secret: 'hookToken' }, events: [{ table: 'account', ids: 'id' }] } }],
      }),
    ),
  },
  'How a CRM is read by CRM Sync.',
);

export type Manifest = Static<typeof ManifestSchema>;
export type ProbeBody = Static<typeof Probe>;
export type DiscoverBody = Static<typeof Discover>;
