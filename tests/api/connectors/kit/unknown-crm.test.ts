import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equationError, type Product, startProduct } from '../../../support/product.ts';
import { runConnector } from './connector-command.ts';
import { startUnknownCrm, type UnknownCrm, unknownToken } from './unknown-crm.ts';

const answers = (address: string): string => `
id: quell
name: Quell CRM
address: ${address}/v2
signIn: { kind: bearer, scheme: Quell-Token }
tables:
  account: { path: /customers, link: "/customers/{{id}}", changes: { parameter: changed_after } }
  contact: { path: /persons, link: "/persons/{{id}}", changes: { parameter: changed_after } }
`;

/** What its documentation says and no answer shows: three lines. */
const edits: readonly (readonly [string, string])[] = [
  ['page: { kind: page, param: page }', 'page: { kind: page, param: page, end: { status: [422] } }'],
  ['query: { number: "{{keys | join}}" }', 'query: { numbers: "{{keys | join}}" }'],
  ['get: { path: "/persons/{{id}}", record: item }', 'get: { path: "/persons/{{id}}", record: item, missing: [403, 404] }'],
];

const counts = (lines: readonly Record<string, unknown>[]) => {
  const finished = lines.find(({ event }) => event === 'finished');
  return (finished as { readonly run: { readonly counts: Parameters<typeof equationError>[0] } } | undefined)?.run.counts;
};

describe('a CRM that is not in the box', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-unknown-'));
  const manifestFile = join(folder, 'quell', 'manifest.yaml');
  let crm: UnknownCrm;
  let product: Product;
  const cli = (...args: readonly string[]) => product.cli(args, { QUELL_TOKEN: unknownToken });
  const connector = (...args: readonly string[]) =>
    runConnector(args, { configFile: product.configFile, environment: { ...product.environment, QUELL_TOKEN: unknownToken } });

  beforeAll(async () => {
    crm = await startUnknownCrm();
    product = await startProduct({
      store: 'embedded',
      configure: (config) => {
        config.sources = [
          {
            id: 'quell',
            connector: manifestFile,
            settings: { address: crm.url, token: { env: 'QUELL_TOKEN' } },
            allowPrivateNetwork: true,
          },
        ];
      },
    });
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    await crm?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is described by `connector new`, from a few answers and one look at its lists', async () => {
    writeFileSync(join(folder, 'answers.yaml'), answers(crm.url));
    const made = await connector(
      ...['new', join(folder, 'quell'), '--answers', join(folder, 'answers.yaml'), '--probe'],
      ...['--setting-from-env', 'token=QUELL_TOKEN', '--allow-private-network'],
    );
    expect(made).toMatchObject({ exitCode: 0, error: null });
    expect(crm.requests.map(({ path }) => path)).toEqual(['/v2/customers', '/v2/customers/c700', '/v2/persons', '/v2/persons/50000']);
    const text = readFileSync(manifestFile, 'utf8');
    for (const line of [
      'records: items',
      'modified: { path: [changed, created], format: epochSeconds }',
      'changes: { mode: since, path: /persons, query: { changed_after: "{{from | epochSeconds}}" } }',
      '{ to: emailaddress1, first: ["emails[?main == true].address", "emails[0].address"], via: [trim, lower] }',
      '{ to: mobilephone, from: "phones[?kind == \\"mobile\\"].number" }',
      'parent: { path: company_no, table: account, lookup: { path: /customers',
      ...edits.map(([before]) => before),
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain(unknownToken);
    expect(text.split('\n').length).toBeLessThanOrEqual(60);
  });

  it('is not written over without being asked', async () => {
    const again = await connector('new', join(folder, 'quell'), '--answers', join(folder, 'answers.yaml'));
    expect(again.error).toMatchObject({ code: 'connector.file_exists' });
  });

  it('shows in `check` what the documentation had to say, and is well after three edited lines', async () => {
    const before = await connector('check', '--source', 'quell');
    expect(before.error?.message).toContain('the CRM has ignored the keys');
    writeFileSync(
      manifestFile,
      edits.reduce((text, [from, to]) => text.replace(from, to), readFileSync(manifestFile, 'utf8')),
    );
    const after = await connector('check', '--source', 'quell');
    expect(after).toMatchObject({ exitCode: 0, error: null });
  });

  it('is previewed against the environment’s own columns', async () => {
    const { exitCode, lines } = await connector('preview', '--source', 'quell', '--table', 'contact', '--count', '1');
    expect(exitCode).toBe(0);
    expect(lines[0]).toEqual({ event: 'columns', from: 'environment' });
    expect(lines[1]).toMatchObject({ event: 'previewed', id: '50000', parentId: 'c700', outcome: 'row' });
    expect(lines[1]?.rules).toContainEqual(
      expect.objectContaining({ columns: ['emailaddress1'], row: { emailaddress1: 'ottilie.brandstetter0@quellenhof.example' } }),
    );
    expect(await product.sandbox.dataverse.count('contacts')).toBe(0);
  });

  it('is synced whole, past pages that are cut and a list that ends with HTTP 422', async () => {
    const { exitCode, lines, stderr } = await cli('run', '--source', 'quell', '--mode', 'full');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const run = counts(lines);
    expect(run).toMatchObject({ read: crm.companies.length + crm.people.length, written: crm.companies.length + crm.people.length });
    if (run !== undefined) expect(equationError(run)).toBe(0);
    const contact = await product.sandbox.dataverse.rowByKey('contacts', 'quell~50001', '$expand=parentcustomerid_account($select=name)');
    expect(contact).toMatchObject({
      lastname: 'Brandstetter1',
      emailaddress1: 'ottilie.brandstetter1@quellenhof.example',
      mobilephone: '+43 664 5550001',
      parentcustomerid_account: { name: 'Handelshaus Quellenhof 7' },
    });
    expect(await product.sandbox.dataverse.count('contacts', '_parentcustomerid_value eq null')).toBe(7);
  }, 60_000);

  it('is kept true by incremental runs, where a record has no time until its first change', async () => {
    crm.touch('50002', { family: 'Umbenannt' });
    const { exitCode, lines } = await cli('run', '--source', 'quell');
    expect(exitCode).toBe(0);
    expect(counts(lines)).toMatchObject({ written: 1, failed: 0 });
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'quell~50002')).toMatchObject({ lastname: 'Umbenannt' });
  }, 60_000);

  it('and who is gone there, which it calls forbidden, is deactivated at the next look', async () => {
    crm.remove('50003');
    const synced = await cli('record', 'contact', 'quell~50003');
    expect(synced).toMatchObject({ exitCode: 0, lines: [{ result: { outcome: 'removed' } }] });
    expect(await product.sandbox.dataverse.rowByKey('contacts', 'quell~50003')).toMatchObject({ statecode: 1 });
  });
});
