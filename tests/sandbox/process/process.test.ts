import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type Sandbox, startSandbox } from '../../support/sandbox.ts';
import { rootFolder, startReadyProcess } from '../../support/ready-process.ts';

const anyPorts = ['--dataverse-port', '0', '--crm-port', '0', '--issuer-port', '0'];

/** Runs the sandbox to its end. */
const runToEnd = async (...flags: readonly string[]) => {
  const child = spawn(process.execPath, ['api/sandbox/src/main.ts', ...flags], { cwd: rootFolder, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output, errors };
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

const untilNotListening = async (port: number): Promise<void> => {
  while (await isListening(port)) await new Promise((resolve) => setTimeout(resolve, 20));
};

const portOf = (url: string): number => Number(new URL(url).port);

describe('the sandbox’s process', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ accounts: 3, contacts: 4, seed: 7 });
  });
  afterAll(() => sandbox.stop());

  it('brings up sign-in, Dataverse, form and CRM, each at the address it printed', async () => {
    expect(await sandbox.crm.count('companies')).toBe(45);
    expect(await sandbox.crm.count('people')).toBe(46);
    expect(await sandbox.dataverse.count('contacts')).toBe(0);
    expect(await sandbox.dataverse.get('WhoAmI')).toHaveProperty('UserId');
    expect((await fetch(sandbox.formUrl)).status).toBe(200);
    expect(sandbox.formUrl).toBe(`${sandbox.dataverseUrl}/form`);
  });

  it('lets a person read Dataverse with a token for it, and not with one for the API', async () => {
    const read = async (token: string) =>
      (await fetch(`${sandbox.dataverseUrl}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await read(await sandbox.signIn('agent', { audience: sandbox.dataverseUrl }))).toBe(200);
    expect(await read(await sandbox.signIn('agent', { audience: sandbox.dataverseUrl.replace('127.0.0.1', 'localhost') }))).toBe(200);
    expect(await read(await sandbox.signIn('agent'))).toBe(401);
    expect(await read(await sandbox.signIn('agent', { audience: sandbox.dataverseUrl, lifetimeSeconds: -60 }))).toBe(401);
    expect(await read('nonsense')).toBe(401);
  });

  it('lets a test write and read rows and records', async () => {
    await sandbox.dataverse.send('PATCH', "contacts(ccsync_sourcekey='northwind~1')", { lastname: 'Row' });
    expect(await sandbox.dataverse.rowByKey('contacts', 'northwind~1', '$select=lastname')).toMatchObject({ lastname: 'Row' });
    expect((await sandbox.dataverse.statistics()).writesByTable).toMatchObject({ contact: 1 });
    await sandbox.dataverse.addFault({ kind: 'unavailable', count: 1 });
    await expect(sandbox.dataverse.count('contacts')).rejects.toThrow('503');
    await sandbox.dataverse.reset();
    expect(await sandbox.dataverse.count('contacts')).toBe(0);

    const id = await sandbox.crm.create('people', { full_name: 'Some One' });
    expect(await sandbox.crm.patch('people', id, { phone: '1' })).toMatchObject({ phone: '1' });
    await sandbox.crm.delete('people', id);
    expect((await sandbox.statistics()).requestsByRoute).toMatchObject({ 'PATCH /api/v1/people/:id': 1, 'DELETE /api/v1/people/:id': 1 });
  });
});

describe('the sandbox with limits', () => {
  it('enforces them on as many web servers as asked for, by a clock that is as fast as asked for', async () => {
    const sandbox = await startSandbox({ limits: true, webServers: 2, dopHint: 6, clockSpeed: 100 });
    const { dataverse, dataverseUrl } = sandbox;
    const limits: unknown = await (await fetch(`${dataverseUrl}/sandbox/limits`)).json();
    expect(limits).toMatchObject({ isEnforced: true, isExecutionSimulated: true, webServers: 2, dopHint: 6, requests: 6000 });
    const before = await dataverse.clock();
    await dataverse.get('WhoAmI');
    const after = await dataverse.clock();
    expect(after.speed).toBe(100);
    // The request's price, which at this speed is less than half a millisecond of the machine's.
    expect(after.nowMs - before.nowMs).toBeGreaterThanOrEqual(36);
    expect((await dataverse.statistics()).byUserAndServer).toEqual([expect.objectContaining({ requests: 1, server: 1 })]);
    await sandbox.stop();
  });
});

describe('starting and stopping the sandbox', () => {
  it.each(['--issuer-port', '--dataverse-port', '--crm-port'])(
    'says in one line when the port of %s is taken, and what to do',
    async (flag) => {
      const squatter = createServer().listen(0, '127.0.0.1');
      await once(squatter, 'listening');
      const { port } = squatter.address() as AddressInfo;
      const { code, output, errors } = await runToEnd(...anyPorts, flag, String(port));
      squatter.close();
      expect(code).toBe(1);
      expect(output).toBe('');
      expect(errors).toMatch(new RegExp(`^The sandbox's .+ cannot start: port ${port} on 127\\.0\\.0\\.1 is taken\\. .+${flag}.+\n$`));
    },
  );

  it.each([
    [['--crm-port', 'many'], '--crm-port takes a whole number from 0 to 65535.'],
    [['--contacts', '-1'], '--contacts'],
    [['--api-url', 'nowhere'], '--api-url takes an address'],
    [['--web-servers', '0'], '--web-servers takes a whole number from 1 to 64.'],
    [['--clock-speed', '0.5'], '--clock-speed takes a whole number from 1 to 1000.'],
    [['--limits=yes'], '--limits'],
    [['--colour', 'red'], '--colour'],
  ])('says what is wrong with %j', async (flags, message) => {
    const { code, errors } = await runToEnd(...flags);
    expect(code).toBe(1);
    expect(errors).toContain(message);
    expect(errors.trimEnd()).not.toContain('\n');
  });

  it('stops cleanly when it is asked to', async () => {
    const { ready, stop } = await startReadyProcess<{ crmUrl: string }>({ args: ['api/sandbox/src/main.ts', ...anyPorts] });
    expect(await stop()).toBe(0);
    expect(await isListening(portOf(ready.crmUrl))).toBe(false);
  });

  it('ends when the process that started it is killed', async () => {
    const starter = `
      import { startSandbox } from './tests/support/sandbox.ts';
      const { crmUrl } = await startSandbox();
      console.log(crmUrl);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', starter], {
      cwd: rootFolder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [crmUrl] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    expect(await isListening(portOf(crmUrl))).toBe(true);
    parent.kill('SIGKILL');
    await untilNotListening(portOf(crmUrl));
  });
});
