import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoConfig, demoEnvironment } from './demo/config.ts';
import { type Child, ChildFailed, startChild } from './demo/child.ts';
import { placesToSee, installWebhook } from './demo/door.ts';
import { runFirstSync } from './demo/first-sync.ts';
import { type DemoOptions, DemoRefused, checkPorts, readOptions, usage } from './demo/options.ts';

const readOrEnd = (): DemoOptions => {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof DemoRefused)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
};
const options = readOrEnd();
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const addressNames = ['dataverseUrl', 'crmUrl', 'issuerUrl', 'formUrl'] as const;
type SandboxAddresses = Readonly<Record<(typeof addressNames)[number], string>>;

const isReady = (line: Readonly<Record<string, unknown>>): line is SandboxAddresses =>
  line.ready === true && addressNames.every((name) => typeof line[name] === 'string');

const say = (text = ''): void => void process.stdout.write(`${text}\n`);

/** With webhooks a change is in Dataverse before anybody can click Sync now: then there is nothing left for the click to show. */
const withoutWebhooks = [
  'Open a contact on the sample form, and its CRM record from there.',
  'Change a phone number in the CRM, then click Sync now on the form.',
  'With --webhooks the CRM reports its changes by itself. Ctrl-C stops everything.',
];
const withWebhooks = [
  'Open a contact on the sample form, and its CRM record from there. Change a phone number in the CRM:',
  'its webhook brings it to Dataverse within a second; Refresh on the form shows it. Ctrl-C stops everything.',
];

const startSandbox = async (children: Child[]): Promise<SandboxAddresses> => {
  const apiUrl = `http://127.0.0.1:${options['api-port']}`;
  const flags = (['accounts', 'contacts', 'dataverse-port', 'crm-port', 'issuer-port'] as const).flatMap((name) => [
    `--${name}`,
    options[name],
  ]);
  const sandbox = startChild('sandbox', ['api/sandbox/src/main.ts', '--api-url', apiUrl, ...flags], process.env);
  children.push(sandbox);
  return sandbox.firstLine(isReady);
};

/**
 * The whole product with no tenant: a CRM with sample data, an empty Dataverse and a sign-in (the sandbox), the API beside it,
 * a first bulk sync between them over HTTP; then the form and the panel stay up until Ctrl-C, or with --once all ends.
 */
const demo = async (children: Child[], folder: string): Promise<number> => {
  await checkPorts(options);
  say('Starting the sandbox: a CRM with sample data, an empty Dataverse, a sign-in …');
  const sandbox = await startSandbox(children);

  say('Starting the API …');
  const apiUrl = `http://127.0.0.1:${options['api-port']}`;
  const configFile = join(folder, 'crm-sync.yaml');
  writeFileSync(configFile, demoConfig({ ...sandbox, apiUrl, storeFolder: join(folder, 'store') }));
  const api = startChild('API', ['api/src/main.ts'], demoEnvironment(process.env, configFile));
  children.push(api);
  await api.firstLine((line): line is { readonly ready: true } => line.ready === true);

  const isDone = await runFirstSync({ apiUrl, issuerUrl: sandbox.issuerUrl, stream: process.stdout });
  if (!isDone) return 1;
  if (options.webhooks) await installWebhook({ apiUrl, issuerUrl: sandbox.issuerUrl });

  say();
  say(options.once ? 'Where things are while the demo stays up (without --once)' : 'Where things are');
  for (const [name, address] of placesToSee({ apiUrl, ...sandbox })) say(`  ${name.padEnd(26)} ${address}`);
  if (options.once) return 0;
  say();
  for (const line of options.webhooks ? withWebhooks : withoutWebhooks) say(line);
  isUp = true;
  // Until Ctrl-C, which ends the demo from outside.
  throw new ChildFailed(await Promise.race(children.map((child) => child.ended)));
};

const interrupted = new Promise<'interrupted'>((resolve) => {
  // Each time, not once: a second one must not cut the tidying up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve('interrupted'));
});

let isUp = false;
const children: Child[] = [];
const folder = mkdtempSync(join(tmpdir(), 'crm-sync-demo-'));
try {
  const outcome = await Promise.race([demo(children, folder), interrupted]);
  // Ctrl-C is how a demo that is up is meant to end.
  if (outcome !== 'interrupted') process.exitCode = outcome;
  else process.exitCode = isUp ? 0 : 130;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const child of children.toReversed()) await child.stop();
  rmSync(folder, { recursive: true, force: true });
}
