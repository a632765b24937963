import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, createApiClient, type Run } from '@crm-sync/client';
import pg from 'pg';
import { stringify } from 'yaml';
import { apiArguments } from '../../.house/api-process.mjs';
import { newStoreFolder, serverUrl } from './databases.ts';
import { startReadyProcess, rootFolder } from './ready-process.ts';
import { applicationUser, crmApiKey, type Sandbox, type SandboxOptions, type SandboxUser, startSandbox, tenantId } from './sandbox.ts';

export const hookSecret = 'whsec_dGVzdC1ob29rLXNlY3JldC0wMDAwMDAwMDAwMDA=';

/** Environment in which our programs find the sandbox's secrets. */
export const productSecrets = {
  SANDBOX_CLIENT_SECRET: applicationUser.clientSecret,
  NORTHWIND_API_KEY: crmApiKey,
  NORTHWIND_HOOK_SECRET: hookSecret,
};

export interface ProductOptions extends SandboxOptions {
  /** A database of its own on the tests' PostgreSQL server (the default), or the embedded one in a folder of its own. */
  readonly store?: 'server' | 'embedded';
  /** A database that is there already, or is not there at all. */
  readonly databaseUrl?: string;
  /** Beside what the programs find anyway. */
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  /** Changes the configuration before it is written. */
  readonly configure?: (config: Record<string, unknown>, sandbox: Sandbox) => void;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** JSON lines of stdout. */
  readonly lines: readonly Record<string, unknown>[];
}

export interface Product {
  readonly sandbox: Sandbox;
  readonly apiUrl: string;
  readonly configFile: string;
  /** In which our programs find their configuration and secrets. */
  readonly environment: Readonly<Record<string, string>>;
  client(user?: SandboxUser): ApiClient;
  /** Starts a run over HTTP, of Northwind unless another source is named, and waits for its end. */
  run(request: {
    readonly sourceId?: string;
    readonly mode: Run['mode'];
    readonly isDryRun?: boolean;
    readonly repairs?: boolean;
  }): Promise<Run>;
  /** The CLI in a process of its own, with its output in a pipe. */
  cli(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** What the API that runs now has written, log and errors, and its process. */
  api(): { readonly output: string; readonly processId: number };
  stopApi(): Promise<number | null>;
  killApi(): Promise<void>;
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

const canListen = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
};

/**
 * The sandbox's form must know the API's address before the API is there. From below the range in which the system gives out ports by
 * itself, or one of the many servers beside us could be given it before the API takes it.
 */
export const findFreePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await canListen(port)) return port;
  }
};

/** A database of its own on the tests' PostgreSQL server. */
export const createDatabase = async (): Promise<{ readonly url: string; drop(): Promise<void> }> => {
  const name = `product_${randomBytes(6).toString('hex')}`;
  const asked = async (statement: string): Promise<void> => {
    const client = new pg.Client(serverUrl());
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await asked(`create database ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asked(`drop database if exists ${name} with (force)`) };
};

/** The configuration by which an API process finds the sandbox and its store: in the folder `store` beside it, or at TEST_STORE_URL. */
export const productConfig = (
  sandbox: Pick<Sandbox, 'dataverseUrl' | 'issuerUrl' | 'crmUrl'>,
  apiUrl: string,
  { databaseUrl }: Pick<ProductOptions, 'databaseUrl'>,
): Record<string, unknown> => {
  return {
    dataverse: {
      url: sandbox.dataverseUrl,
      authority: sandbox.issuerUrl,
      tenantId,
      clientId: applicationUser.clientId,
      clientSecret: { env: 'SANDBOX_CLIENT_SECRET' },
    },
    api: { port: Number(new URL(apiUrl).port), publicUrl: apiUrl, allowedOrigins: [sandbox.dataverseUrl] },
    identity: {
      kind: 'local',
      authority: `${sandbox.issuerUrl}/${tenantId}`,
      tenantId,
      audience: ['api://crm-sync'],
      clientId: 'crm-sync-sandbox',
      scope: 'api://crm-sync/.default',
    },
    store: databaseUrl === undefined ? { folder: 'store' } : { databaseUrl: { env: 'TEST_STORE_URL' } },
    log: { level: 'warn' },
    sources: [
      {
        id: 'northwind',
        connector: 'northwind',
        settings: { baseUrl: sandbox.crmUrl, apiKey: { env: 'NORTHWIND_API_KEY' }, hookSecret: { env: 'NORTHWIND_HOOK_SECRET' } },
        allowPrivateNetwork: true,
      },
    ],
  };
};

const runCommand = async (args: readonly string[], environment: Readonly<Record<string, string>>): Promise<CommandResult> => {
  const child = spawn(process.execPath, ['api/src/cli/main.ts', ...args], {
    cwd: rootFolder,
    env: { ...process.env, DATABASE_URL: '', ...productSecrets, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { exitCode, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

/** The whole product against a sandbox of its own: real processes, real HTTP, a real store. */
export const startProduct = async (options: ProductOptions = {}): Promise<Product> => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-product-'));
  const isEmbedded = options.store === 'embedded';
  const database = isEmbedded || options.databaseUrl !== undefined ? null : await createDatabase();
  // An embedded database that was made before opens in a second; a new one takes several.
  if (isEmbedded) renameSync(await newStoreFolder(), join(folder, 'store'));
  const databaseUrl = options.databaseUrl ?? database?.url;
  const apiUrl = `http://127.0.0.1:${await findFreePort()}`;
  const sandbox = await startSandbox({ ...options, apiUrl });
  const configFile = join(folder, 'crm-sync.yaml');
  const config = productConfig(sandbox, apiUrl, { databaseUrl });
  options.configure?.(config, sandbox);
  writeFileSync(configFile, stringify(config));
  const environment = {
    ...productSecrets,
    CRM_SYNC_CONFIG: configFile,
    CRM_SYNC_STOP_WITH_STDIN: '1',
    DATABASE_URL: '',
    TEST_STORE_URL: databaseUrl ?? '',
    ...options.extraEnvironment,
  };

  let api: Awaited<ReturnType<typeof startReadyProcess>> | undefined;
  const product: Product = {
    sandbox,
    apiUrl,
    configFile,
    environment,
    client: (user = 'admin') => createApiClient({ baseUrl: apiUrl, getToken: () => sandbox.signIn(user) }),
    async run(request) {
      const client = product.client();
      const { id } = await client.startRun({ sourceId: 'northwind', ...request });
      await client.watchRun(id, { signal: AbortSignal.timeout(120_000), onRun: () => undefined });
      return (await client.run(id)).run;
    },
    cli: (args, more = {}) => runCommand(args, { ...environment, ...more }),
    async startApi() {
      api = await startReadyProcess({ args: apiArguments, environment });
    },
    api: () => ({ output: `${api?.output() ?? ''}${api?.errorOutput() ?? ''}`, processId: api?.processId ?? 0 }),
    killApi: async () => api?.kill(),
    stopApi: async () => (await api?.stop()) ?? null,
    async stop() {
      await api?.stop();
      await sandbox.stop();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return product;
};

/** `read = written + unchanged + stale + filtered + failed + withheld`, in one number that should be 0. */
export const equationError = ({ read, written, unchanged, stale, filtered, failed, withheld }: Run['counts']): number =>
  read - (written + unchanged + stale + filtered + failed + withheld);
