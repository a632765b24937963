import type { Run } from '@crm-sync/client';
import { requestJson } from '../../../support/http-json.ts';
import { equationError, type Product, startProduct } from '../../../support/product.ts';
import { accessToken, portalId } from './support.ts';

interface Listed {
  readonly results: readonly { readonly id: string }[];
}

describe('HubSpot through the whole product', () => {
  let product: Product;
  let skewMs = 0;
  beforeAll(async () => {
    product = await startProduct({
      accounts: 30,
      contacts: 60,
      crms: ['hubspot'],
      configure: (config, { crmUrls }) => {
        const settings = { portalId, accessToken, address: crmUrls.hubspot, appAddress: crmUrls.hubspot };
        config.sources = [{ id: 'hubspot', connector: 'hubspot', settings, allowPrivateNetwork: true }];
      },
    });
    await product.startApi();
  }, 120_000);
  afterAll(() => product.stop());

  const headers = { authorization: `Bearer ${accessToken}` };
  const ask = <Body>(method: string, path: string, body?: unknown): Promise<Body> =>
    requestJson<Body>(`${product.sandbox.crmUrls.hubspot}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const run = async (mode: 'full' | 'incremental'): Promise<Run> => {
    const client = product.client();
    const { id } = await client.startRun({ sourceId: 'hubspot', mode });
    await client.watchRun(id, { signal: AbortSignal.timeout(60_000), onRun: () => undefined });
    return (await client.run(id)).run;
  };
  /** What changed by now is behind the lag of search then. */
  const passTime = async (): Promise<void> => {
    skewMs += 1_200_000;
    await ask('PUT', '/sandbox/clock', { skewMs });
  };
  const contacts = '/crm/objects/2026-09/contacts';
  const row = (id: string) => product.sandbox.dataverse.rowByKey('contacts', `hubspot~${id}`, '$expand=parentcustomerid_account');

  it('brings every company and contact, on its company, and the numbers add up', async () => {
    const { state, counts, error } = await run('full');
    expect({ state, error }).toEqual({ state: 'succeeded', error: undefined });
    expect(counts).toMatchObject({ failed: 0, written: 72 + 102 });
    expect(equationError(counts)).toBe(0);
    expect(await product.sandbox.dataverse.count('accounts')).toBe(72);
    expect(await product.sandbox.dataverse.count('contacts')).toBe(102);
    expect(await row('151')).toMatchObject({
      lastname: 'Anders',
      ccsync_sourcecrmurl: `${product.sandbox.crmUrls.hubspot}/contacts/${portalId}/record/0-1/151`,
      parentcustomerid_account: { ccsync_sourcekey: 'hubspot~9999998000' },
    });
  }, 120_000);

  it('brings a change, a removal and a merge with the next incremental run, and nothing else', async () => {
    const [, changed, removed, stays, goes] = (await ask<Listed>('GET', `${contacts}?limit=5`)).results.map(({ id }) => id);
    await ask('PATCH', `${contacts}/${changed}`, { properties: { phone: '+43 1 2' } });
    await ask('DELETE', `${contacts}/${removed}`);
    await ask('POST', `${contacts}/merge`, { primaryObjectId: stays, objectIdToMerge: goes });
    await passTime();
    const { state, counts, error } = await run('incremental');
    expect({ state, error }).toEqual({ state: 'succeeded', error: undefined });
    expect(equationError(counts)).toBe(0);
    expect(counts.failed).toBe(0);
    expect(await row(changed ?? '')).toMatchObject({ telephone1: '+43 1 2', statecode: 0 });
    expect(await row(stays ?? '')).toMatchObject({ statecode: 0 });
    for (const id of [removed, goes]) expect(await row(id ?? '')).toMatchObject({ statecode: 1 });
    expect(await product.sandbox.dataverse.count('contacts', 'statecode eq 1')).toBe(2);
  }, 120_000);
});
