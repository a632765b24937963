import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Run } from '@crm-sync/client';
import { type JsonObject, requestJson } from '../../../support/http-json.ts';
import { equationError, type Product, startProduct } from '../../../support/product.ts';
import { replaceIn } from '../support/open-source.ts';
import { signIns } from './support.ts';

const shipped = readFileSync('api/connectors/servicenow/manifest.yaml', 'utf8');
const smallPages = replaceIn('size: 1000', 'size: 50')(shipped);
/** A slip of the pen: there is no such field, so ServiceNow leaves the clauses out and answers with the whole table. */
const misspelt = replaceIn('sys_updated_on<', 'sys_updatedon<')(replaceIn('sys_updated_on>=', 'sys_updatedon>=')(smallPages));
const tenMinutesMs = 600_000;

describe('a ServiceNow that ignores a clause and answers with the whole table', () => {
  let product: Product;
  let skewMs = 0;

  beforeAll(async () => {
    product = await startProduct({
      accounts: 160,
      contacts: 60,
      crms: ['servicenow'],
      configure: (config, { crmUrls }) => {
        const settings = { address: crmUrls.servicenow, ...signIns.oauth };
        config.sources = [{ id: 'servicenow', connector: './servicenow.yaml', settings, allowPrivateNetwork: true }];
      },
    });
  }, 120_000);
  afterAll(() => product.stop());

  const control = (method: string, path: string, body: unknown): Promise<JsonObject> =>
    requestJson(`${product.sandbox.crmUrls.servicenow}/sandbox/${path}`, { method, body });
  const changeFirst = (count: number, values: JsonObject, isSilent: boolean) =>
    control('POST', 'mass-update', { table: 'customer_account', count, values, isSilent });
  /** What changed by now is behind the lag then. */
  const passTime = async (): Promise<void> => {
    skewMs += tenMinutesMs;
    await control('PUT', 'clock', { skewMs });
  };
  const run = async (mode: 'full' | 'incremental', manifest: string): Promise<Run> => {
    writeFileSync(join(dirname(product.configFile), 'servicenow.yaml'), manifest);
    const { lines, stderr } = await product.cli(['run', '--source', 'servicenow', '--mode', mode]);
    const last = lines.at(-1)?.run as Run | undefined;
    if (last === undefined) throw new Error(stderr);
    return last;
  };
  const rows = async (set: 'accounts' | 'contacts'): Promise<ReadonlyMap<string, string>> => {
    const found = await product.sandbox.dataverse.rows(set);
    return new Map(found.map((row) => [String(row.ccsync_sourcekey), JSON.stringify(row)]));
  };
  const changedBetween = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] =>
    [...after.keys()].filter((key) => before.get(key) !== after.get(key));

  it('is first read whole', async () => {
    const { state, counts, error } = await run('full', smallPages);
    expect({ state, error }).toEqual({ state: 'succeeded', error: undefined });
    expect(equationError(counts)).toBe(0);
    expect(counts.failed).toBe(0);
    expect((await rows('accounts')).size).toBe(202);
    expect((await rows('contacts')).size).toBe(102);
    // All but a few sample people belong to a company that is there.
    expect(await product.sandbox.dataverse.count('contacts', '_parentcustomerid_value ne null')).toBeGreaterThan(80);
  }, 120_000);

  it('the run stops and says what is wrong and what to do, and not one row from outside the window is written', async () => {
    // All accounts have another city than Dataverse knows, but only the first fifty have changed as far as their times say.
    await changeFirst(1_000, { city: 'Outside of the window' }, true);
    await changeFirst(50, { phone: '+43 1 50' }, false);
    await passTime();
    const before = { accounts: await rows('accounts'), contacts: await rows('contacts') };

    const { state, counts, error } = await run('incremental', misspelt);

    expect(state).toBe('failed');
    expect(error).toMatchObject({
      code: 'crm.filter_ignored',
      title: expect.stringContaining('ignored the time in the changes of account'),
      help: expect.stringContaining('Look for a field or an operator that the CRM does not know'),
    });
    expect(equationError(counts)).toBe(0);
    expect(counts).toMatchObject({ read: 50, written: 50 });
    const changed = changedBetween(before.accounts, await rows('accounts'));
    expect(changed).toHaveLength(50);
    const written = await product.sandbox.dataverse.rows('accounts', "$filter=telephone1 eq '%2B43 1 50'");
    expect(written.map((row) => row.ccsync_sourcekey).sort()).toEqual([...changed].sort());
    expect(changedBetween(before.contacts, await rows('contacts'))).toEqual([]);
  }, 120_000);

  it('and with the clause corrected the next run reads what changed since the last complete one', async () => {
    await changeFirst(60, { phone: '+43 1 60' }, false);
    await passTime();
    const { state, counts } = await run('incremental', smallPages);
    expect(state).toBe('succeeded');
    expect(equationError(counts)).toBe(0);
    expect(counts).toMatchObject({ read: 60, written: 60 });
  }, 120_000);

  it('an instance that returns no rows for such a clause is read as ever by the connector as it is', async () => {
    await control('PATCH', 'settings', { returnsNoRowsForInvalidQuery: true });
    await changeFirst(3, { phone: '+43 1 3' }, false);
    await passTime();
    expect((await run('incremental', shipped)).counts).toMatchObject({ written: 3, failed: 0 });
  }, 120_000);
});
