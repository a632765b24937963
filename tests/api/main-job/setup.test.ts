import { type Product, startProduct } from '../../support/product.ts';
import type { JsonObject } from '../../support/http-json.ts';

describe('an environment without the solution', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ configure: (config) => void Object.assign(config, { syncRequests: { pollEvery: '1h' } }) });
    await product.sandbox.dataverse.setEnvironment({ isSolutionInstalled: false, keyIndexBuildMs: 1_500 });
  }, 60_000);
  afterAll(() => product.stop());

  const run = () => product.cli(['run', '--source', 'northwind', '--mode', 'full']);

  it('is refused by a run, which names what is missing', async () => {
    const { exitCode, lines } = await run();
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({ run: { error: { code: 'dataverse.solution_missing' } } });
  }, 60_000);

  it('is shown by a dry run of the set-up, whose exit code tells a script that something is missing', async () => {
    const { exitCode, lines } = await product.cli(['setup', '--dry-run']);
    expect(exitCode).toBe(3);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ event: 'planned', setup: { isReady: false, isSolutionInstalled: false } });
    expect((lines[0]?.setup as JsonObject).changes).toHaveLength(26);
  }, 60_000);

  it('is not changed in a pipe without --yes', async () => {
    const { exitCode, lines } = await product.cli(['setup']);
    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'setup.not_confirmed' });
  }, 60_000);

  it('is set up, waits until the keys are active, and takes a full run', async () => {
    const { exitCode, lines } = await product.cli(['setup', '--yes']);
    expect(exitCode).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(['planned', 'working', 'changed', 'waiting', 'setup']));
    expect(lines.at(-1)).toMatchObject({ event: 'setup', setup: { isReady: true, findings: [] } });
    expect((await run()).exitCode).toBe(0);
    expect(await product.sandbox.dataverse.count('contacts', 'ccsync_sourcekey ne null')).toBe(await product.sandbox.crm.count('people'));
  }, 120_000);

  it('has the table by which the control asks through Dataverse, with room for an answer, for whose rows only their makers ask', async () => {
    const { dataverse } = product.sandbox;
    const row = { ccsync_name: 'a', ccsync_kind: 'status', ccsync_state: 'done', ccsync_answer: 'x'.repeat(1_000_000) };
    const made = await dataverse.send('POST', 'ccsync_syncrequests', row, { Prefer: 'return=representation' });
    expect(made).toMatchObject({ ccsync_kind: 'status', _ownerid_value: made._createdby_value });
    const asAgent = { CallerObjectId: '44444444-4444-4444-8444-444444444444' };
    const address = `ccsync_syncrequests(${String(made.ccsync_syncrequestid)})`;
    await expect(dataverse.send('PATCH', address, { ccsync_answer: 'y' }, asAgent)).rejects.toThrow('403');
    await dataverse.send('DELETE', address);
  });

  it('has nothing more to do the second time', async () => {
    const { exitCode, lines } = await product.cli(['setup']);
    expect(exitCode).toBe(0);
    expect(lines).toMatchObject([{ event: 'setup', setup: { isReady: true, changes: [] } }]);
  }, 60_000);

  it('ends with the limit of the wait when a key takes longer', async () => {
    const { dataverse } = product.sandbox;
    await dataverse.setEnvironment({ keyIndexBuildMs: null });
    await dataverse.send('DELETE', "EntityDefinitions(LogicalName='contact')/Keys(LogicalName='ccsync_sourcekey')");
    const { exitCode, lines } = await product.cli(['setup', '--yes', '--wait', '0']);
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'setup.key_slow' });
  }, 60_000);

  it('is set up over the API too, by admins', async () => {
    await product.startApi();
    const client = product.client();
    expect(await client.setup()).toMatchObject({
      isReady: false,
      findings: [{ table: 'contact', problem: 'keyBuilding', remedy: 'wait' }],
    });
    expect(await client.applySetup()).toMatchObject({ changes: [] });
    await expect(product.client('agent').setup()).rejects.toMatchObject({ code: 'identity.forbidden' });
    await expect(client.adopt('northwind', { isDryRun: true })).rejects.toMatchObject({ code: 'adoption.columns_missing' });
    const { exitCode } = await product.cli(['--api', product.apiUrl, 'setup', '--dry-run']);
    expect(exitCode).toBe(3);
  }, 60_000);
});
