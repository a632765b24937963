import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { createSelfSignedCertificate } from '../dataverse/self-signed-certificate.ts';
import { findFreePort, type Product, startProduct } from '../../support/product.ts';

describe('when something is wrong, the run says what, where and what to do, and nothing half-done counts as done', () => {
  let product: Product | undefined;
  afterEach(async () => {
    await product?.stop();
    product = undefined;
  });

  const source = (config: Record<string, unknown>) =>
    (config.sources as Record<string, unknown>[])[0] as { connector: string; settings: Record<string, unknown> };

  it('a CRM that is down', async () => {
    const port = await findFreePort();
    product = await startProduct({ configure: (config) => (source(config).settings.baseUrl = `http://127.0.0.1:${port}`) });
    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      run: { state: 'failed', error: { code: 'crm.unreachable', help: expect.stringContaining('See whether') } },
    });
  }, 60_000);

  it('a wrong key for the CRM', async () => {
    product = await startProduct();
    const { lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full'], { NORTHWIND_API_KEY: 'wrong' });
    expect(lines.at(-1)).toMatchObject({ run: { state: 'failed', counts: { read: 0 }, error: { code: 'crm.unauthorised' } } });
  });

  it('a Dataverse with a certificate that nobody vouches for, which waiting does not mend', async () => {
    const imposter = createHttpsServer(createSelfSignedCertificate());
    await new Promise<void>((resolve) => imposter.listen(0, '127.0.0.1', resolve));
    const { port } = imposter.address() as AddressInfo;
    product = await startProduct({
      configure: (config) => ((config.dataverse as Record<string, unknown>).url = `https://localhost:${port}`),
    });
    const { exitCode, lines } = await product.cli(['run', '--source', 'northwind', '--mode', 'full']);
    await new Promise((resolve) => imposter.close(resolve));
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toMatchObject({ run: { state: 'failed', error: { code: 'dataverse.unreachable' } } });
  }, 60_000);

  it('a Dataverse that fails for a while: the run waits it out, and no row is lost or doubled', async () => {
    product = await startProduct({ contacts: 2000 });
    await product.startApi();
    // Six times in a row, also what a run asks before it writes: more than anybody who clicked would wait for.
    await product.sandbox.dataverse.addFault({ kind: 'unavailable', count: 6, retryAfterSeconds: 0, path: 'WhoAmI' });
    await product.sandbox.dataverse.addFault({ kind: 'unavailable', count: 6, retryAfterSeconds: 0, path: '$batch' });
    await product.sandbox.dataverse.addFault({ kind: 'unavailable', count: 4, path: 'contacts' });
    await product.sandbox.dataverse.addFault({ kind: 'throttle', count: 3, retryAfterSeconds: 1, path: 'contacts' });
    await product.sandbox.dataverse.addFault({ kind: 'deadlock', count: 2, path: 'contacts' });
    const run = await product.run({ mode: 'full' });
    expect(run.state).toBe('succeeded');
    expect(await product.sandbox.dataverse.count('contacts')).toBe(await product.sandbox.crm.count('people'));
  }, 120_000);

  it('a manifest with a mistake: named with file and line, before anything starts', async () => {
    product = await startProduct({
      configure: (config) => {
        source(config).connector = './broken.yaml';
      },
    });
    const manifest = readFileSync(new URL('../../../api/connectors/northwind/manifest.yaml', import.meta.url), 'utf8');
    const line = manifest.split('\n').findIndex((text) => text.startsWith('version:')) + 1;
    writeFileSync(join(dirname(product.configFile), 'broken.yaml'), manifest.replace(/^version:/m, 'verzion:'));
    const { exitCode, stderr } = await product.cli(['run', '--source', 'northwind']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('broken.yaml is not valid');
    expect(stderr).toMatch(new RegExp(`line ${line}: verzion: “verzion” is not known here`));
  });

  it('a port that is taken', async () => {
    product = await startProduct();
    const squatter: Server = createServer();
    await new Promise<void>((resolve) => squatter.listen(Number(new URL(product?.apiUrl ?? '').port), '127.0.0.1', resolve));
    await expect(product.startApi()).rejects.toThrow(/Port \d+ on 127\.0\.0\.1 is taken by another program/);
    await new Promise((resolve) => squatter.close(resolve));
  }, 60_000);

  it('a database server that is not there', async () => {
    const port = await findFreePort();
    product = await startProduct({ databaseUrl: `postgres://nobody@127.0.0.1:${port}/none` });
    const { exitCode, stderr } = await product.cli(['run', '--source', 'northwind']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The database cannot be used');
    expect(stderr).toContain('Check DATABASE_URL');
  });

  it('an API that is killed in the middle of a run: the next one goes on from the checkpoint', async () => {
    product = await startProduct({ contacts: 3000 });
    await product.startApi();
    const client = product.client();
    const { id } = await client.startRun({ sourceId: 'northwind', mode: 'full' });
    const firstPages = new AbortController();
    await client.watchRun(id, { signal: firstPages.signal, onRun: (run) => void (run.counts.written > 100 && firstPages.abort()) });
    await product.killApi();
    await product.startApi();
    await product.client().watchRun(id, { signal: AbortSignal.timeout(90_000), onRun: () => undefined });
    const { run } = await product.client().run(id);
    expect(run.error).toBeUndefined();
    expect(run.state).toBe('succeeded');
    expect(run.counts.read).toBe((await product.sandbox.crm.count('people')) + (await product.sandbox.crm.count('companies')));
    expect(await product.sandbox.dataverse.count('contacts')).toBe(await product.sandbox.crm.count('people'));
  }, 150_000);
});
