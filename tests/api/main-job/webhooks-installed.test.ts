import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubSpotSandbox } from '../../../api/sandbox/src/hubspot/identity.ts';
import { clientId as salesforceId, clientSecret as salesforceSecret } from '../../../api/sandbox/src/salesforce/data/identity.ts';
import { apiKey as serviceNowKey } from '../../../api/sandbox/src/servicenow/data/identity.ts';
import { zendeskSandbox } from '../../../api/sandbox/src/zendesk/identity.ts';
import { requestJson } from '../../support/http-json.ts';
import { hookSecret, type Product, startProduct } from '../../support/product.ts';
import { waitFor } from '../../support/wait-for.ts';

const secondHook = `
moreWebhooks:
  people:
    verify: { kind: standardWebhooks, secret: hookSecret }
    events: [{ when: table == "people", table: contact, ids: id }]
    install:
      resources:
        - what: hook
          list: { path: /hooks, records: data }
          match: { url: "{{address}}" }
          create: { path: /hooks, body: { url: "{{address}}", secret: "{{settings.hookSecret}}" } }
          remove: { method: DELETE, path: "/hooks/{{current.id}}" }
      steps: ["Let the CRM post to {{address}} which people have changed."]
      sample: { contact: { table: people, event: updated, id: "{{id}}" } }
`;

/** Five CRMs, each with an account of its own on the sandbox, one store and one API: every vendor’s way from a change to the row. */
describe('a change in a CRM is in Dataverse by itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-webhooks-'));
  /** Northwind, with a second webhook that tells of people alone. */
  const twoHooks = join(folder, 'two-hooks.yaml');
  writeFileSync(twoHooks, `${readFileSync('api/connectors/northwind/manifest.yaml', 'utf8')}${secondHook}`);
  let product: Product;
  let crmUrls: Readonly<Record<string, string>>;

  beforeAll(async () => {
    product = await startProduct({
      crms: ['salesforce', 'servicenow', 'hubspot', 'zendesk'],
      configure: (config, { crmUrls: urls }) => {
        config.secretsKey = { env: 'TEST_SECRETS_KEY' };
        const source = (id: string, settings: Readonly<Record<string, string | undefined>>) => ({
          id,
          connector: id,
          settings: { address: urls[id], ...settings },
          allowPrivateNetwork: true,
        });
        const hubspot = {
          portalId: String(hubSpotSandbox.portalId),
          accessToken: hubSpotSandbox.privateAppToken,
          appAddress: urls.hubspot,
          appId: String(hubSpotSandbox.appId),
          developerApiKey: hubSpotSandbox.developerApiKey,
          webhookSecret: hubSpotSandbox.clientSecret,
        };
        const [northwind] = config.sources as Record<string, unknown>[];
        config.sources = [
          northwind,
          { ...northwind, id: 'two-hooks', connector: twoHooks },
          source('salesforce', { clientId: salesforceId, clientSecret: salesforceSecret, webhookSecret: hookSecret }),
          source('servicenow', { signIn: 'apiKey', apiKey: serviceNowKey, webhookSecret: hookSecret }),
          source('hubspot', hubspot),
          source('zendesk', { clientId: zendeskSandbox.clientId, clientSecret: zendeskSandbox.clientSecret }),
        ];
      },
      extraEnvironment: { TEST_SECRETS_KEY: Buffer.alloc(32, 7).toString('base64') },
    });
    crmUrls = product.sandbox.crmUrls;
    await product.startApi();
  }, 60_000);
  afterAll(async () => {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const zendeskAdmin = `Basic ${Buffer.from(`${zendeskSandbox.adminEmail}/token:${zendeskSandbox.apiToken}`).toString('base64')}`;
  const ask = <Body>(source: string, method: string, path: string, body?: object, authorization?: string): Promise<Body> =>
    requestJson<Body>(`${crmUrls[source]}${path}`, {
      method,
      ...(authorization === undefined ? {} : { headers: { authorization } }),
      ...(body === undefined ? {} : { body }),
    });
  const api = (...args: readonly string[]) => product.cli(['--api', product.apiUrl, ...args]);
  /** Whatever row of the source has this number by now. */
  const arrived = (set: 'accounts' | 'contacts', source: string, phone: string) =>
    waitFor(
      () =>
        product.sandbox.dataverse.rows(
          set,
          `$select=ccsync_sourcekey&$filter=telephone1 eq '${phone}' and startswith(ccsync_sourcekey,'${source}~')`,
        ),
      (rows) => rows.length === 1,
      60_000,
    );

  it('from Northwind, once `webhooks install` has added its hook', async () => {
    expect((await product.client().installHook('northwind', {})).changes).toEqual([{ what: 'hook', outcome: 'made' }]);
    await product.sandbox.crm.patch('people', '100001', { phone: '0301' });
    await arrived('contacts', 'northwind', '0301');
  }, 90_000);

  it('from Zendesk, whose secret `webhooks install` reads and keeps sealed', async () => {
    const { exitCode, lines } = await api('webhooks', 'install', '--source', 'zendesk');
    expect(exitCode).toBe(0);
    expect(lines).toMatchObject([
      { event: 'webhookChange', what: 'webhook', outcome: 'made' },
      { event: 'webhookDone', failed: 0 },
    ]);
    const { users } = await ask<{ users: readonly { id: number }[] }>(
      'zendesk',
      'GET',
      '/api/v2/users?role=end-user',
      undefined,
      zendeskAdmin,
    );
    await ask('zendesk', 'PUT', `/api/v2/users/${users[0]?.id}`, { user: { phone: '0302' } }, zendeskAdmin);
    await arrived('contacts', 'zendesk', '0302');
  }, 90_000);

  it('from HubSpot, subscribed to over its API', async () => {
    const { changes } = await product.client().installHook('hubspot', {});
    expect(new Set(changes.map(({ outcome }) => outcome))).toEqual(new Set(['made']));
    const bearer = `Bearer ${hubSpotSandbox.privateAppToken}`;
    const { results } = await ask<{ results: readonly { id: string }[] }>(
      'hubspot',
      'GET',
      '/crm/objects/2026-09/companies?limit=1',
      undefined,
      bearer,
    );
    await ask('hubspot', 'PATCH', `/crm/objects/2026-09/companies/${results[0]?.id}`, { properties: { phone: '0303' } }, bearer);
    await arrived('accounts', 'hubspot', '0303');
  }, 90_000);

  it('from Salesforce and ServiceNow, whose sandboxes post what the Apex and the business rules would', async () => {
    for (const source of ['salesforce', 'servicenow'])
      await ask(source, 'POST', '/sandbox/webhooks', { url: `${product.apiUrl}/webhooks/${source}`, secret: hookSecret });
    await ask('salesforce', 'POST', '/sandbox/mass-update', { object: 'Account', count: 1, values: { Phone: '0304' } });
    await ask('servicenow', 'POST', '/sandbox/mass-update', { table: 'customer_contact', count: 1, values: { phone: '0305' } });
    await arrived('accounts', 'salesforce', '0304');
    await arrived('contacts', 'servicenow', '0305');
  }, 90_000);

  it('and `webhooks test` proves each way with a signed sample, step by step, down to the row', async () => {
    const client = product.client();
    for (const source of ['northwind', 'zendesk', 'hubspot', 'salesforce', 'servicenow']) {
      const { hasArrived, steps } = await client.testHook(source, {});
      expect({ source, hasArrived, steps: steps.map(({ step, isDone }) => `${step} ${isDone}`) }).toEqual({
        source,
        hasArrived: true,
        steps: ['record true', 'signed true', 'accepted true', 'stored true', 'drained true', 'row true'],
      });
    }
    const named = await api('webhooks', 'test', '--source', 'northwind', '--table', 'contact', '--id', '100001');
    expect(named.exitCode).toBe(0);
    expect(named.lines[0]).toMatchObject({ event: 'webhookTrial', table: 'contact', recordId: '100001', hasArrived: true });
    expect(named.lines.at(-1)).toMatchObject({ event: 'webhookStep', step: 'row', isDone: true, detail: 'the row is as the CRM has it' });
  }, 120_000);

  it('`webhooks print` writes what is deployed, with the source’s address and no secret', async () => {
    const out = join(folder, 'salesforce');
    const first = await api('webhooks', 'print', '--source', 'salesforce', '--out', out);
    expect(first).toMatchObject({
      exitCode: 0,
      lines: [{ event: 'webhook', address: `${product.apiUrl}/webhooks/salesforce`, isByApi: false }],
    });
    const credential = readFileSync(join(out, 'force-app/main/default/namedCredentials/CRM_Sync.namedCredential-meta.xml'), 'utf8');
    expect(credential).toContain(`<endpoint>${product.apiUrl}/webhooks/salesforce</endpoint>`);
    expect(JSON.stringify(first.lines)).not.toContain(hookSecret);
    expect(existsSync(join(out, 'manifest/package.xml'))).toBe(true);
  }, 60_000);

  it('from a further webhook of a source, which `--hook` names at every command', async () => {
    const address = `${product.apiUrl}/webhooks/two-hooks/people`;
    const ofPeople = (command: string) => api('webhooks', command, '--source', 'two-hooks', '--hook', 'people');
    expect((await ofPeople('print')).lines).toMatchObject([
      { event: 'webhook', hook: 'people', address, steps: [`Let the CRM post to ${address} which people have changed.`] },
    ]);
    expect(await ofPeople('install')).toMatchObject({
      exitCode: 0,
      lines: [
        { event: 'webhookChange', hook: 'people', address, outcome: 'made' },
        { event: 'webhookDone', hook: 'people', failed: 0 },
      ],
    });
    expect((await ofPeople('list')).lines).toMatchObject([{ event: 'webhookPart', hook: 'people', state: 'right' }]);
    // The main one is another: nothing of it was made.
    expect((await product.client().hook('two-hooks')).parts).toMatchObject([{ state: 'missing' }]);
    await product.sandbox.crm.patch('people', '100002', { phone: '0306' });
    await arrived('contacts', 'two-hooks', '0306');
    const { exitCode, lines } = await ofPeople('test');
    expect(exitCode).toBe(0);
    expect(lines[0]).toMatchObject({ event: 'webhookTrial', hook: 'people', address, table: 'contact', hasArrived: true });
    const { deliveries } = await product.client().deliveries('two-hooks', { hook: 'people' });
    expect(deliveries.map(({ hook }) => hook)).toEqual(['people', 'people']);
    expect((await ofPeople('remove')).lines[0]).toMatchObject({ event: 'webhookChange', hook: 'people', outcome: 'removed' });
    await expect(product.client().installHook('two-hooks', { hook: 'persons' })).rejects.toMatchObject({
      code: 'webhook.unknown',
      title: expect.stringContaining('the main one, people'),
    });
  }, 90_000);

  it('`webhooks test` says that another secret is behind the address, and ends with a failure', async () => {
    const other = { NORTHWIND_HOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}` };
    const refused = await product.cli(['webhooks', 'test', '--source', 'northwind'], other);
    expect(refused.exitCode).toBe(1);
    expect(refused.lines.at(-1)).toMatchObject({ step: 'accepted', isDone: false, detail: expect.stringContaining('another secret') });
  }, 90_000);
});
