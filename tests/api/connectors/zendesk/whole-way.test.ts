import { zendeskSandbox } from '../../../../api/sandbox/src/zendesk/identity.ts';
import { requestJson } from '../../../support/http-json.ts';
import { equationError, type Product, startProduct } from '../../../support/product.ts';

const sourceId = 'helpdesk';
const minuteMs = 60_000;
/** The sample data has 42 of each beside those that are generated. */
const organizations = 42 + 40;
const staff = 3;

describe('from Zendesk to Dataverse', () => {
  let product: Product;
  let crmUrl: string;
  let aheadMs = 0;

  beforeAll(async () => {
    product = await startProduct({
      accounts: 40,
      contacts: 150,
      crms: ['zendesk'],
      configure: (config, { crmUrls }) => {
        const settings = { address: crmUrls.zendesk, clientId: zendeskSandbox.clientId, clientSecret: zendeskSandbox.clientSecret };
        config.sources = [{ id: sourceId, connector: 'zendesk', settings, allowPrivateNetwork: true }];
      },
    });
    crmUrl = product.sandbox.crmUrls.zendesk ?? '';
    await product.startApi();
  }, 60_000);
  afterAll(() => product.stop());

  const authorization = `Basic ${Buffer.from(`${zendeskSandbox.adminEmail}/token:${zendeskSandbox.apiToken}`).toString('base64')}`;
  const zendesk = <Body = object>(method: string, path: string, body?: unknown): Promise<Body> =>
    requestJson<Body>(`${crmUrl}/api/v2${path}`, { method, headers: { authorization }, ...(body === undefined ? {} : { body }) });
  const userNamed = async (name: string) =>
    (
      await zendesk<{ users: readonly { id: number; organization_id: number | null }[] }>(
        'GET',
        `/users/search?query=${encodeURIComponent(name)}`,
      )
    ).users[0];
  const row = (set: 'accounts' | 'contacts', id: unknown, more = '') =>
    product.sandbox.dataverse.rowByKey(set, `${sourceId}~${String(id)}`, more);
  /** Exports leave out the last minute. */
  const passMs = async (ms: number): Promise<void> => {
    aheadMs += ms;
    await requestJson(`${crmUrl}/sandbox/clock`, { method: 'PUT', body: { skewMs: aheadMs } });
  };

  it('comes every organization and active end user, each on its organization, and no agent', async () => {
    const run = await product.run({ sourceId, mode: 'full' });
    expect(run.state).toBe('succeeded');
    expect(equationError(run.counts)).toBe(0);
    expect(run.counts).toMatchObject({ failed: 0, filtered: staff });
    expect(await product.sandbox.dataverse.count('accounts')).toBe(organizations);
    expect(await product.sandbox.dataverse.count('contacts')).toBe(run.counts.read - organizations - staff);
    const maria = await userNamed('Maria Anders');
    expect(await row('contacts', maria?.id, '$expand=parentcustomerid_account($select=name)')).toMatchObject({
      firstname: 'Maria',
      lastname: 'Anders',
      jobtitle: 'Sales Representative',
      ccsync_sourcecrmurl: `${crmUrl}/agent/users/${maria?.id}`,
      parentcustomerid_account: { name: 'Alfreds Futterkiste' },
    });
  });

  it('is nothing written the second time', async () => {
    const run = await product.run({ sourceId, mode: 'full' });
    expect(run.counts).toMatchObject({ written: 0, failed: 0, unchanged: run.counts.read - staff });
  });

  it('comes exactly what changed, was made and was deleted, run after run', async () => {
    const [maria, thomas] = [await userNamed('Maria Anders'), await userNamed('Thomas Hardy')];
    await zendesk('PUT', `/users/${maria?.id}`, { user: { phone: '030-0074399' } });
    await zendesk('DELETE', `/users/${thomas?.id}`);
    await zendesk('PUT', `/organizations/${maria?.organization_id}`, { organization: { organization_fields: { city: 'Potsdam' } } });
    await passMs(4 * minuteMs);
    const first = await product.run({ sourceId, mode: 'incremental' });
    expect(first.counts).toMatchObject({ written: 3, failed: 0 });
    expect(await row('contacts', maria?.id)).toMatchObject({ telephone1: '030-0074399' });
    expect(await row('contacts', thomas?.id)).toMatchObject({ statecode: 1 });
    expect(await row('accounts', maria?.organization_id)).toMatchObject({ address1_city: 'Potsdam' });
    const made = await zendesk<{ user: { id: number } }>('POST', '/users', {
      user: { name: 'Ludwig van Beethoven', organization_id: maria?.organization_id },
    });
    await passMs(4 * minuteMs);
    const second = await product.run({ sourceId, mode: 'incremental' });
    // By the cursor of the run before, the users that it has read do not come again.
    expect(second.counts).toMatchObject({ read: 1, written: 1, failed: 0 });
    expect(await row('contacts', made.user.id)).toMatchObject({ firstname: 'Ludwig', lastname: 'van Beethoven' });
  });
});
