import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubSpotSandbox } from '../../../../api/sandbox/src/hubspot/identity.ts';
import { clientId, clientSecret } from '../../../../api/sandbox/src/salesforce/data/identity.ts';
import { password, userName } from '../../../../api/sandbox/src/servicenow/data/identity.ts';
import { zendeskSandbox } from '../../../../api/sandbox/src/zendesk/identity.ts';
import { openHubSpot } from '../../../sandbox/hubspot/hubspot.ts';
import { openSalesforce } from '../../../sandbox/salesforce/salesforce.ts';
import { openServiceNow } from '../../../sandbox/servicenow/servicenow.ts';
import { openZendesk } from '../../../sandbox/zendesk/zendesk.ts';
import { startCrm } from '../../crm/support/crm-server.ts';
import { runConnector } from './connector-command.ts';

interface VendorCase {
  readonly name: string;
  readonly open: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly auth: string;
  /** As the connector’s manifest would have it. */
  readonly table: string;
  readonly secret: string;
  readonly found: object;
  /** A field that the mapping misspells, and what is said of it. */
  readonly misspelt: string;
  readonly hint: string;
}

const cases: readonly VendorCase[] = [
  {
    name: 'Salesforce describes its objects',
    open: openSalesforce,
    auth: `{ kind: oauth2, grant: clientCredentials, tokenUrl: "{{settings.address}}/services/oauth2/token", clientId: "${clientId}", clientSecret: "{{settings.secret}}" }`,
    table: `id: Id
    list: { path: /services/data/v66.0/query, query: { q: "SELECT Id FROM Contact LIMIT 1" }, records: records }
    get: { path: "/services/data/v66.0/sobjects/Contact/{{id}}" }
    describe: { path: /services/data/v66.0/sobjects/Contact/describe, records: fields, name: [name, relationshipName], label: label, type: type }`,
    secret: clientSecret,
    found: { name: 'LastName', type: 'string' },
    misspelt: 'Lastname',
    hint: '(did you mean “LastName”?)',
  },
  {
    name: 'HubSpot lists properties',
    open: openHubSpot,
    auth: '{ kind: bearer, token: "{{settings.secret}}" }',
    table: `id: id
    list: { path: /crm/v3/objects/contacts, query: { limit: 1 }, records: results }
    get: { path: "/crm/v3/objects/contacts/{{id}}" }
    describe: { path: /crm/v3/properties/contacts, records: results, name: name, label: label, type: type, below: properties }`,
    secret: hubSpotSandbox.privateAppToken,
    found: { name: 'properties.lastname', type: 'string' },
    misspelt: 'properties.lastnam',
    hint: '(did you mean “lastname”?)',
  },
  {
    name: 'ServiceNow has a dictionary',
    open: openServiceNow,
    auth: `{ kind: basic, user: ${userName}, password: "{{settings.secret}}" }`,
    table: `id: sys_id
    list: { path: /api/now/table/customer_contact, query: { sysparm_limit: 1 }, records: result }
    get: { path: "/api/now/table/customer_contact/{{id}}", record: result }
    describe: { path: /api/now/table/sys_dictionary, query: { sysparm_query: "nameINcustomer_contact,sys_user^elementISNOTEMPTY", sysparm_fields: "element,column_label,internal_type", sysparm_exclude_reference_link: true, sysparm_limit: 1000 }, records: result, name: element, label: column_label, type: internal_type }`,
    secret: password,
    found: { name: 'last_name', label: 'Last name' },
    misspelt: 'last_nam',
    hint: '(did you mean “last_name”?)',
  },
  {
    name: 'Zendesk lists the fields that an account has added',
    open: openZendesk,
    auth: `{ kind: basic, user: "${zendeskSandbox.adminEmail}/token", password: "{{settings.secret}}" }`,
    table: `id: id
    list: { path: /api/v2/users, query: { "page[size]": 1 }, records: users }
    get: { path: "/api/v2/users/{{id}}", record: user }
    describe: { path: /api/v2/user_fields, records: user_fields, name: key, label: title, type: type, below: user_fields }`,
    secret: zendeskSandbox.apiToken,
    found: { name: 'user_fields.job_title' },
    misspelt: 'user_fields.job_titel',
    hint: '(did you mean “job_title”?)',
  },
];

const manifestOf = ({ auth, table, misspelt }: Pick<VendorCase, 'auth' | 'table' | 'misspelt'>): string => `manifest: crm-sync/v1
id: described
name: Described
version: 1.0.0
connection:
  settings:
    address: { type: url, title: Address }
    secret: { type: secret, title: Secret }
  baseUrl: "{{settings.address}}"
auth: ${auth}
tables:
  contact:
    ${table}
    map: [{ to: lastname, from: ${misspelt} }]
`;

describe('the fields that a CRM says it has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-fields-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ask = async (command: readonly string[], url: string, manifest: string, secret: string) => {
    const file = join(folder, 'manifest.yaml');
    writeFileSync(file, manifest);
    const source = ['--manifest', file, '--setting', `address=${url}`, '--setting-from-env', 'secret=SECRET', '--allow-private-network'];
    return runConnector([...command, ...source], { environment: { SECRET: secret } });
  };

  it.each(cases)('$name, so a misspelt one is told with the one that was meant', async (one) => {
    const crm = await one.open();
    try {
      const listed = await ask(['fields', '--table', 'contact'], crm.url, manifestOf(one), one.secret);
      expect(listed).toMatchObject({ exitCode: 0, error: null, lines: [{ event: 'fields', from: 'schema' }] });
      expect(listed.lines[0]?.fields).toContainEqual(expect.objectContaining(one.found));
      const checked = await ask(['check'], crm.url, manifestOf(one), one.secret);
      const text = `“${one.misspelt}” (for lastname) does not exist in this CRM ${one.hint}`;
      expect(checked).toMatchObject({ exitCode: 3, error: null });
      expect(checked.lines.at(-1)?.findings).toContainEqual({ level: 'problem', what: 'mapping', text });
      const previewed = await ask(['preview', '--count', '1'], crm.url, manifestOf(one), one.secret);
      expect(previewed.lines[1]).toMatchObject({ event: 'missing', missing: [{ path: one.misspelt, hint: ` ${one.hint}` }] });
    } finally {
      await crm.close();
    }
  });

  it('are those of its records where the user may not see what fields there are', async () => {
    const crm = await startCrm(({ path }) =>
      path === '/fields'
        ? { status: 403, body: {} }
        : { body: path === '/people' ? [{ id: 1, last_name: 'Anders' }] : { id: 1, last_name: 'Anders' } },
    );
    try {
      const table = 'id: id\n    list: { path: /people }\n    get: { path: "/people/{{id}}" }\n    describe: { path: /fields, name: name }';
      const manifest = manifestOf({ auth: '{ kind: none }', table, misspelt: 'lastname' });
      const checked = await ask(['check'], crm.url, manifest, 'x');
      expect(checked).toMatchObject({ exitCode: 0, lines: [{}, {}, { event: 'noFields', code: 'crm.forbidden' }, { event: 'looked' }] });
      expect(checked.lines.at(-1)?.findings).toContainEqual(
        expect.objectContaining({ level: 'note', text: expect.stringContaining('(did you mean “last_name”?)') }),
      );
    } finally {
      await crm.stop();
    }
  });
});
