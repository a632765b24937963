import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Product, startProduct } from '../../support/product.ts';
import { addressOf } from './seed-differences.ts';

describe('crm-sync verify', () => {
  let product: Product;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crm-sync-verify-'));
    product = await startProduct({ accounts: 0, contacts: 0 });
    await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
  }, 60_000);
  afterAll(async () => {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends with 3 and keeps the statement while something differs, and with 0 once it is repaired', async () => {
    await product.sandbox.dataverse.send('PATCH', await addressOf(product, '100001'), { lastname: 'Edited by hand' });
    const text = join(folder, 'statement.txt');
    const found = await product.cli(['verify', '--source', 'northwind', '--tables', 'contact', '--out', text]);
    expect(found.exitCode).toBe(3);
    expect(readFileSync(text, 'utf8')).toMatch(/The two sides do not agree\.[^]*edited +1 +1 +1 [^]*100001/);
    expect(found.lines.find(({ event }) => event === 'statement')).toMatchObject({ statement: { agrees: false } });

    const json = join(folder, 'statement.json');
    const repaired = await product.cli(['verify', '--source', 'northwind', '--repair', '--out', json]);
    expect(repaired.exitCode).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ format: 'crm-sync/verify-1', agrees: true, repairs: true });
    expect(repaired.lines.some(({ event }) => event === 'progress')).toBe(true);
  });

  it('says so when the statement’s file cannot be written', async () => {
    const { exitCode, stderr } = await product.cli(['verify', '--source', 'northwind', '--out', join(folder, 'no-such-folder', 'a.json')]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('cannot be written');
  });
});
