import Type, { type Static } from 'typebox';
import { Auth, Connection, ErrorRule, Http } from './connection.ts';
import { condition, mapping, path, text } from './parts.ts';
import { Page, requestFields } from './request.ts';
import { Table } from './table.ts';
import { Webhooks } from './webhook.ts';

export const manifestVersion = 'crm-sync/v1';

export const ManifestSchema = mapping(
  {
    manifest: Type.Literal(manifestVersion, { description: 'The language of this file and its version.' }),
    id: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'Name of the connector in the configuration: lower-case letters, digits and -.',
    }),
    name: text('Name of the CRM as people know it.'),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+$', description: 'Version of this manifest, for example 1.0.0.' }),
    connection: Connection,
    auth: Auth,
    http: Type.Optional(Http),
    errors: Type.Optional(
      Type.Array(ErrorRule, {
        maxItems: 50,
        description: 'What answers mean, when the status alone does not say it. The first that fits counts.',
      }),
    ),
    probe: Type.Optional(
      mapping(
        { ...requestFields, expect: Type.Optional(condition('What must hold of the answer.')) },
        'The request behind “Test connection”. When left out, the first page of the first table is read.',
      ),
    ),
    records: Type.Optional(path('Where answers hold the list of records, unless a table says otherwise.')),
    total: Type.Optional(path('Where the answers of a list say how many records there are in all. Only shows progress.')),
    page: Type.Optional(Page),
    tables: Type.Object(
      { account: Type.Optional(Table), contact: Type.Optional(Table) },
      { additionalProperties: false, minProperties: 1, description: 'What is read, by the Dataverse table that it goes to.' },
    ),
    webhooks: Type.Optional(Webhooks),
  },
  'How a CRM is read by CRM Sync.',
);

export type Manifest = Static<typeof ManifestSchema>;
