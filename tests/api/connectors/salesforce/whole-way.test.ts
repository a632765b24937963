import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientId, clientSecret } from '../../../../api/sandbox/src/salesforce/data/identity.ts';
import { requestJson } from '../../../support/http-json.ts';
import { equationError, type Product, startProduct } from '../../../support/product.ts';
import { manifestFile } from './support/open-source.ts';

const sourceId = 'sf';

describe('from Salesforce to Dataverse', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-own-connector-'));
  let product: Product;
  let crmUrl: string;
  let token: string;

  beforeAll(async () => {
    // An admin's own copy: it may name the driver in the box, and here it does so for a hundred records.
    const ownManifest = join(folder, 'manifest.yaml');
    writeFileSync(ownManifest, readFileSync(manifestFile, 'utf8').replace('minRows: 2000', 'minRows: 100'));
    product = await startProduct({
      accounts: 20,
      contacts: 150,
      crms: ['salesforce'],
      configure: (config, { crmUrls }) => {
        const settings = { address: crmUrls.salesforce, clientId, clientSecret };
        config.sources = [{ id: sourceId, connector: ownManifest, settings, allowPrivateNetwork: true }];
      },
    });
    crmUrl = product.sandbox.crmUrls.salesforce ?? '';
    // Or the export would be waited for in earnest.
    await requestJson(`${crmUrl}/sandbox/settings`, { method: 'PATCH', body: { bulkPollsUntilDone: 0 } });
    await product.startApi();
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    const answer = await fetch(`${crmUrl}/services/oauth2/token`, { method: 'POST', body: form });
    token = ((await answer.json()) as { readonly access_token: string }).access_token;
  }, 60_000);
  afterAll(async () => {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const salesforce = async <Body>(path: string, method = 'GET', body?: unknown): Promise<Body | undefined> => {
    const answer = await fetch(`${crmUrl}/services/data/v66.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as Body);
  };
  const idOf = async (object: string, where: string): Promise<string> => {
    const soql = `SELECT Id FROM ${object} WHERE ${where}`;
    const found = await salesforce<{ readonly records: readonly { readonly Id: string }[] }>(`/query?q=${encodeURIComponent(soql)}`);
    return found?.records[0]?.Id ?? '';
  };
  const keyOf = async (set: 'accounts' | 'contacts', id: string): Promise<string> => {
    const [row] = await product.sandbox.dataverse.rows(set, `$select=ccsync_sourcekey&$filter=ccsync_sourcecrmid eq '${id}'`);
    return String(row?.ccsync_sourcekey);
  };

  it('comes every account and contact, the many through an export, each contact on its account', async () => {
    const run = await product.run({ sourceId, mode: 'full' });
    expect(run.state).toBe('succeeded');
    expect(equationError(run.counts)).toBe(0);
    expect(run.counts).toMatchObject({ read: 62 + 192, written: 62 + 192, failed: 0 });
    expect(await product.sandbox.dataverse.count('contacts')).toBe(192);
    const { requestsByRoute } = await requestJson<{ readonly requestsByRoute: object }>(`${crmUrl}/sandbox/statistics`);
    expect(requestsByRoute).toMatchObject({ 'POST /services/data/:version/jobs/query': 1 });
    const maria = await idOf('Contact', "FirstName = 'Maria' AND LastName = 'Anders'");
    const row = await product.sandbox.dataverse.rowByKey(
      'contacts',
      await keyOf('contacts', maria),
      '$expand=parentcustomerid_account($select=name)',
    );
    expect(row).toMatchObject({
      jobtitle: 'Sales Representative',
      ccsync_sourcecrmurl: `${crmUrl}/lightning/r/Contact/${maria}/view`,
      parentcustomerid_account: { name: 'Alfreds Futterkiste' },
    });
  });

  it('is nothing written the second time, though the records come by the other way', async () => {
    for (const name of ['largestBulkPart', 'largestPage'])
      await requestJson(`${crmUrl}/sandbox/settings`, { method: 'PATCH', body: { [name]: 33 } });
    const run = await product.run({ sourceId, mode: 'full' });
    expect(run.counts).toMatchObject({ written: 0, failed: 0, unchanged: 62 + 192 });
  });

  it('come changes, with choices that Dataverse knows, and removals', async () => {
    const alfreds = await idOf('Account', "Name = 'Alfreds Futterkiste'");
    const maria = await idOf('Contact', "FirstName = 'Maria' AND LastName = 'Anders'");
    await salesforce(`/sobjects/Account/${alfreds}`, 'PATCH', { Industry: 'Food & Beverage', Type: 'Something of our own', Sic: '2048' });
    await salesforce(`/sobjects/Contact/${maria}`, 'DELETE');
    // Changes of the last two minutes are the next run's, by Salesforce's clock as it was last seen.
    await requestJson(`${crmUrl}/sandbox/clock`, { method: 'PUT', body: { skewMs: 300_000 } });
    await product.client().checkSource(sourceId);
    const run = await product.run({ sourceId, mode: 'incremental' });
    expect(run.state).toBe('succeeded');
    expect(run.counts).toMatchObject({ written: 2, failed: 0, withheld: 0 });
    const { dataverse } = product.sandbox;
    expect(await dataverse.rowByKey('accounts', await keyOf('accounts', alfreds))).toMatchObject({
      industrycode: 17,
      customertypecode: null,
      sic: '2048',
    });
    expect(await dataverse.rowByKey('contacts', await keyOf('contacts', maria))).toMatchObject({ statecode: 1 });
  });
});
