import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rootFolder } from '../../support/ready-process.ts';
import { type Product, startProduct } from '../../support/product.ts';
import { server } from '../../support/databases.ts';
import { requireSameEnvironment } from '../../../api/src/sync/same-environment.ts';
import { takeUpOpenWork } from '../../../api/src/runs/take-up-work.ts';
import { createSources } from '../../../api/src/sync/sources.ts';
import { makeCrm, makeDataverse } from '../../support/ports.ts';
import { linkOf, pageOf } from '../../store/samples.ts';

describe('a program that is used otherwise than it was meant', () => {
  let product: Product;
  beforeAll(async () => {
    product = await startProduct({ store: 'embedded' });
  }, 60_000);
  afterAll(() => product.stop());

  const startCommand = (args: readonly string[]) => {
    const child = spawn(process.execPath, ['api/src/cli/main.ts', ...args], {
      cwd: rootFolder,
      env: { ...process.env, ...product.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    return { child, said, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
  };

  it('cancels the run at Ctrl-C, says so, and does not call the CRM read', async () => {
    // So few records are read in less time than a finger needs: the CRM asks for patience first.
    await product.sandbox.crm.addFault({ kind: 'unavailable', count: 1, retryAfterSeconds: 20 });
    const { child, said, ended } = startCommand(['run', '--source', 'northwind', '--mode', 'full']);
    child.stdout.once('data', () => child.kill('SIGINT'));
    expect(await ended).toBe(130);
    expect(said.stderr).toBe('');
    expect(JSON.parse(said.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'finished', run: { state: 'cancelled' } });
  });

  it.each(['crm', 'dataverse'] as const)('does not wait at Ctrl-C for a %s that is away', async (which) => {
    await product.sandbox[which].addFault({ kind: 'unavailable', count: 10_000, retryAfterSeconds: 20 });
    const { child, said, ended } = startCommand(['run', '--source', 'northwind', '--mode', 'full']);
    const pressOnce = (): void => {
      if (!said.stdout.includes('"running"')) return;
      child.stdout.off('data', pressOnce);
      child.kill('SIGINT');
    };
    child.stdout.on('data', pressOnce);
    expect(await ended).toBe(130);
    await product.sandbox[which].clearFaults();
    expect(JSON.parse(said.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ event: 'finished', run: { state: 'cancelled' } });
  });

  it('finishes the run when the reader of its output goes away', async () => {
    const { child, said, ended } = startCommand(['run', '--source', 'northwind', '--mode', 'full']);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toBe(0);
    expect(said.stderr).toBe('');
    expect(await product.sandbox.dataverse.count('contacts')).toBe(await product.sandbox.crm.count('people'));
  });

  it('tells an error in a pipe as a JSON line, and a person on stderr', async () => {
    const { exitCode, lines, stderr } = await product.cli(['run', '--source', 'nobody']);
    expect(exitCode).toBe(2);
    expect(lines).toEqual([
      { event: 'error', code: 'source.unknown', problem: 'There is no source called nobody', help: 'Configured sources: northwind.' },
    ]);
    expect(stderr).toContain('There is no source called nobody');
  });

  it.each([
    ['over plain http to another machine', 'http://crm-sync.example', 2, 'the address must be https'],
    ['to an address that wants one for another service', 'greedy', 1, 'meant for another service'],
  ])('sends no token %s', async (_what, address, exitCode, message) => {
    const signIn = {
      kind: 'entra',
      authority: 'https://login.microsoftonline.com/x',
      clientId: 'x',
      scope: 'https://graph.microsoft.com/.default',
    };
    const greedy = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ signIn })),
    );
    await new Promise<void>((resolve) => greedy.listen(0, '127.0.0.1', resolve));
    const port = (greedy.address() as AddressInfo).port;
    const result = await product.cli([
      '--api',
      address === 'greedy' ? `http://127.0.0.1:${port}` : address,
      'sources',
      'check',
      'northwind',
    ]);
    greedy.close();
    expect(result.exitCode).toBe(exitCode);
    expect(JSON.stringify(result)).toContain(message);
  });

  it('tells a webhook without a signature the same, whether there is such a source or not', async () => {
    await product.startApi();
    const knock = async (source: string) => {
      const response = await fetch(`${product.apiUrl}/webhooks/${source}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      const { reference: _different, ...problem } = (await response.json()) as Record<string, unknown>;
      return { status: response.status, problem };
    };
    const known = await knock('northwind');
    expect(known.status).toBe(401);
    expect(await knock('nobody')).toEqual(known);
    await product.stopApi();
  });
});

describe('a store that is opened again', () => {
  it('is refused with another Dataverse environment once it holds something', async () => {
    const database = await server.create();
    const store = await database.open();
    const never = new AbortController().signal;
    const environment = (organizationId: string) =>
      requireSameEnvironment(
        { ...makeDataverse(), whoAmI: async () => ({ userId: 'app', organizationId, address: 'https://contoso.crm4.dynamics.com' }) },
        store.environment,
      );
    await environment('typed wrongly').describeTable('contact', never);
    const right = environment('contoso');
    await right.describeTable('contact', never);
    await store.records.commitPage(pageOf({ links: [linkOf('1')] }));
    await expect(environment('fabrikam').describeTable('contact', never)).rejects.toMatchObject({ code: 'store.other_environment' });
    await expect(environment('fabrikam').whoAmI(never)).rejects.toMatchObject({ details: { known: 'contoso', found: 'fabrikam' } });
    await environment('contoso').describeTable('contact', never);
    await store.close();
    await database.remove();
  });

  it('takes up a run whose process died before its job was sent', async () => {
    const database = await server.create();
    const store = await database.open();
    const crm = makeCrm('northwind', () => 1);
    const run = await store.runs.create(
      { sourceId: 'northwind', mode: 'full', isDryRun: false, tables: ['account'], requestedBy: 'cli' },
      1,
    );
    const finished = await store.runs.create(
      { sourceId: 'northwind', mode: 'full', isDryRun: false, tables: ['account'], requestedBy: 'cli' },
      1,
    );
    await store.runs.finish(finished.id, 'succeeded', null, 2);
    await store.jobs.start();
    const taken = Promise.withResolvers<string | undefined>();
    await store.jobs.work('run', async ({ runId }) => taken.resolve(runId));
    await takeUpOpenWork({ runs: store.runs, jobs: store.jobs, sources: createSources([crm.source]) });
    expect(await taken.promise).toBe(run.id);
    await store.close();
    await database.remove();
  });
});
