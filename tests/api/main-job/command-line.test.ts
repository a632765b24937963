import type { RequestBudgetBody } from '../../../api/src/contract/sources.ts';
import { type Product, startProduct } from '../../support/product.ts';

const finished = (lines: readonly Record<string, unknown>[]) =>
  lines.find(({ event }) => event === 'finished') as
    | {
        readonly run: {
          readonly state: string;
          readonly counts: Record<string, number>;
          readonly plannedChanges: readonly { readonly table: string; readonly created: number }[];
        };
        readonly failures: readonly unknown[];
      }
    | undefined;

describe('crm-sync at a terminal', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  }, 120_000);
  afterAll(() => product.stop());

  it('runs a sync by itself, with JSON lines in a pipe and exit code 0', async () => {
    const dry = await product.cli(['run', '--source', 'northwind', '--mode', 'full', '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0 });
    expect(finished(dry.lines)?.run.plannedChanges.map(({ table }) => table)).toEqual(['account', 'contact']);
    expect(await product.sandbox.dataverse.count('contacts')).toBe(0);

    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
    expect(exitCode).toBe(0);
    expect(lines[0]?.event).toBe('progress');
    expect(finished(lines)?.run.state).toBe('succeeded');
    expect(await product.sandbox.dataverse.count('contacts')).toBe(await product.sandbox.crm.count('people'));
  });

  it('syncs only the tables it is told', async () => {
    const { lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full', '--tables', 'account']);
    expect(finished(lines)?.run.counts.read).toBe(await product.sandbox.crm.count('companies'));
  });

  it('says partial with exit code 3 when a record failed, and names it', async () => {
    await product.sandbox.crm.patch('people', '100001', { full_name: `Maria ${'x'.repeat(60)}` });
    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind']);
    expect(exitCode).toBe(3);
    expect(finished(lines)?.failures).toEqual([expect.objectContaining({ recordId: '100001', code: 'mapping.value_too_long' })]);
  });

  it('syncs one record, new or known, and shows what changed', async () => {
    const id = await product.sandbox.crm.create('people', { full_name: 'New Comer', phone: '1' });
    const created = await product.cli(['record', 'contact', `northwind~${id}`]);
    expect(created).toMatchObject({ exitCode: 0, lines: [{ event: 'synced', result: { outcome: 'created' } }] });
    await product.sandbox.crm.patch('people', id, { phone: '2' });
    const changed = await product.cli(['record', 'contact', `northwind~${id}`]);
    expect(changed.lines[0]).toMatchObject({
      result: { outcome: 'changed', changes: [{ column: 'telephone1', before: '1', after: '2' }] },
    });
  });

  it('checks a source, and says what is wrong with one that does not answer', async () => {
    expect(await product.cli(['sources', 'check', 'northwind'])).toMatchObject({ exitCode: 0, lines: [{ isReachable: true }] });
    const listed = await product.cli(['sources', 'list']);
    const { budget } = (listed.lines[0] as { readonly source: { readonly budget: RequestBudgetBody } }).source;
    expect(budget.requestsToday).toBeGreaterThan(0);
    expect(budget.limits).toEqual([{ requests: 4, used: 0 }]);
    const wrongKey = await product.cli(['sources', 'check', 'northwind'], { NORTHWIND_API_KEY: 'wrong' });
    expect(wrongKey.exitCode).toBe(1);
    expect(wrongKey.lines[0]).toMatchObject({ isReachable: false, problem: expect.stringContaining('refused our sign-in (HTTP 401)') });
    expect(JSON.stringify(wrongKey.lines)).not.toContain('"wrong"');
  }, 60_000);

  it.each([
    ['an unknown source', ['run', '--source', 'nobody'], 2, 'There is no source called nobody'],
    ['a check of an unknown source', ['sources', 'check', 'nobody'], 2, 'There is no source called nobody'],
    ['an unknown table', ['run', '--source', 'northwind', '--tables', 'lead'], 2, 'Tables are: account, contact'],
    ['an unknown mode', ['run', '--source', 'northwind', '--mode', 'some'], 2, 'Allowed choices are full, incremental'],
    ['a configuration that is not there', ['--config', 'none.yaml', 'run', '--source', 'northwind'], 2, 'there is no such file'],
  ])('refuses %s with what to do', async (_what, args, exitCode, message) => {
    const result = await product.cli(args);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
  });
});

describe('crm-sync at a terminal, with a store in a folder', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ store: 'embedded' });
  }, 120_000);
  afterAll(() => product.stop());

  it('runs a sync by itself, and remembers it: a second run writes nothing', async () => {
    for (const written of [(await product.sandbox.crm.count('people')) + (await product.sandbox.crm.count('companies')), 0]) {
      const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
      expect(exitCode).toBe(0);
      expect(finished(lines)?.run.counts).toMatchObject({ written });
    }
  }, 90_000);

  it('lets a running API do the work, and is refused its store meanwhile', async () => {
    await product.sandbox.crm.patch('people', '100001', { full_name: `Maria ${'x'.repeat(60)}` });
    await product.startApi();
    const refused = await product.cli(['run', '--source', 'northwind']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`--api ${product.apiUrl}`);
    const { exitCode, lines } = await product.cli(['--api', product.apiUrl, 'run', '--source', 'northwind', '--mode', 'full']);
    expect(exitCode).toBe(3);
    expect(finished(lines)?.run.counts).toMatchObject({ failed: 1 });
    expect((await product.cli(['--api', product.apiUrl, 'sources', 'check'])).exitCode).toBe(0);
    const badToken = await product.cli(['--api', product.apiUrl, 'sources', 'check'], { CRM_SYNC_TOKEN: 'out-of-date' });
    expect(badToken).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the token in CRM_SYNC_TOKEN') });
    expect(badToken.stderr).not.toContain('out-of-date');
    await product.stopApi();
    const noApi = await product.cli(['--api', product.apiUrl, 'sources', 'check']);
    expect(noApi).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`cannot be reached at ${product.apiUrl}`) });
  }, 90_000);
});
