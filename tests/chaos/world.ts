import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ApiClient, createApiClient } from '@crm-sync/client';
import { letTimePass } from '../support/let-time-pass.ts';
import { stringify } from 'yaml';
import { startDataverse } from '../../api/sandbox/src/dataverse/server.ts';
import { startIssuer } from '../../api/sandbox/src/issuer/server.ts';
import { startNorthwind } from '../../api/sandbox/src/northwind/server.ts';
import { newStoreFolder } from '../support/databases.ts';
import { requestJson } from '../support/http-json.ts';
import { createDatabase, findFreePort, productConfig, productSecrets } from '../support/product.ts';
import { type ReadyProcess, startReadyProcess } from '../support/ready-process.ts';
import { applicationUsers, crmApiKey, tenantId } from '../support/sandbox.ts';
import { type SandboxCrm, connectToCrm } from '../support/sandbox-crm.ts';
import { type SandboxDataverse, connectToDataverse } from '../support/sandbox-dataverse.ts';
import type { Formation } from './plan.ts';

const host = '127.0.0.1';
const manifest = fileURLToPath(new URL('crm.yaml', import.meta.url));

/** A moment in the life of a request that writes to Dataverse. */
export interface WriteMoment {
  readonly when: 'arrives' | 'done' | 'answered';
  /** Which of the world's processes sent it. */
  readonly sender: number;
}

/** One source: a CRM of its own. */
export interface ChaosSource {
  readonly id: string;
  readonly crm: SandboxCrm;
  readonly crmUrl: string;
}

/** API processes, their store and a Dataverse, which outlive many seeds; each seed has a source of its own among them. */
export interface World {
  readonly formation: Formation;
  readonly dataverse: SandboxDataverse;
  sourceOf(seed: number): ChaosSource;
  /** Called at every moment of every write, until another one is set. */
  onWrite: (moment: WriteMoment) => void;
  /** A client of the process with this number; of the first that lives when it is left out. */
  client(process?: number): ApiClient;
  readonly processCount: number;
  isAlive(process: number): boolean;
  hookUrl(source: ChaosSource, process: number): string;
  /** SIGKILL at once. */
  kill(process: number): void;
  /** Resolves when it is ready again. */
  restart(process: number): Promise<void>;
  /** The store is gone altogether, and the process is there again with an empty one. For the embedded database. */
  loseStore(): Promise<void>;
  /** What the processes have written to their logs since the last call. */
  takeOutput(): string;
  stop(): Promise<void>;
}

interface ApiProcess {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** undefined: killed. */
  running: ReadyProcess<unknown> | undefined;
}

/** V8 would optimise the embedded database's code for a long life in the background: a third of what a process computes that dies soon. */
const shortLife = '--liftoff-only';

/** A start is all computing: more of them at once than there are processors would only make each of them slower. */
const startsAtOnce = 2;
let starting: readonly Promise<unknown>[] = [];
const inTurn = async <Result>(start: () => Promise<Result>): Promise<Result> => {
  while (starting.length >= startsAtOnce) await Promise.race(starting);
  const started = start();
  const over = started.then(
    () => undefined,
    () => undefined,
  );
  starting = [...starting, over];
  void over.then(() => (starting = starting.filter((other) => other !== over)));
  return started;
};

/** Its application's id: each process signs in as one of its own, so that Dataverse can tell whose request it has before it. */
const applicationOf = (authorization: string | undefined): string => {
  const claims = authorization?.split('.')[1];
  if (claims === undefined) return '';
  const { azp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly azp?: string };
  return azp ?? '';
};

const writeConfigOf = (
  folder: string,
  number: number,
  addresses: { readonly dataverseUrl: string; readonly issuerUrl: string; readonly apiUrl: string },
  sources: readonly ChaosSource[],
  databaseUrl: string | undefined,
): string => {
  const file = join(folder, `crm-sync-${number}.yaml`);
  const base = productConfig({ ...addresses, crmUrl: '' }, addresses.apiUrl, databaseUrl === undefined ? {} : { databaseUrl });
  const config = {
    ...base,
    // Three pages of crm.yaml are then all that is worth holding, whatever Dataverse takes for a row: what a kill may repeat is known.
    dataverse: { ...(base['dataverse'] as object), clientId: applicationUsers[number]?.clientId, batchSize: 8, maxConcurrency: 3 },
    sources: sources.map(({ id, crmUrl }) => ({
      id,
      connector: manifest,
      settings: { baseUrl: crmUrl, apiKey: { env: 'NORTHWIND_API_KEY' }, hookSecret: { env: 'NORTHWIND_HOOK_SECRET' } },
      allowPrivateNetwork: true,
    })),
  };
  writeFileSync(file, stringify(config));
  return file;
};

/** Everything for the seeds of one formation, played one after the other. */
export const startWorld = async (formation: Formation, seeds: readonly number[]): Promise<World> => {
  const closing: (() => Promise<void>)[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-chaos-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).toReversed()) await close();
  };

  const issuer = await startIssuer({ host, port: 0 });
  closing.push(() => issuer.close());
  const numberOf = new Map(applicationUsers.map(({ clientId }, number) => [clientId as string, number]));
  let onWrite: World['onWrite'] = () => undefined;
  const dataverse = await startDataverse({
    host,
    port: 0,
    verifyToken: async (token) => {
      const claims = await issuer.verify(token);
      return typeof claims?.['azp'] === 'string' ? { kind: 'application', clientId: claims['azp'] } : null;
    },
    attachTo: (app) => {
      const tell = (when: WriteMoment['when'], method: string, authorization: string | undefined): void => {
        if (method === 'GET') return;
        const sender = numberOf.get(applicationOf(authorization));
        if (sender !== undefined) onWrite({ when, sender });
      };
      app.addHook('onRequest', async ({ method, headers }) => tell('arrives', method, headers.authorization));
      app.addHook('onSend', async ({ method, headers }, _reply, payload) => {
        tell('done', method, headers.authorization);
        return payload;
      });
      app.addHook('onResponse', async ({ method, headers }) => tell('answered', method, headers.authorization));
    },
  });
  closing.push(() => dataverse.close());

  const sources = new Map<number, ChaosSource>();
  for (const seed of seeds) {
    const crm = await startNorthwind({ host, port: 0, accounts: 0, contacts: 0, seed, webhookRetryDelaysMs: [100, 300, 700, 1_500] });
    closing.push(() => crm.close());
    sources.set(seed, { id: `seed-${seed}`, crm: connectToCrm({ crmUrl: crm.url, apiKey: crmApiKey }), crmUrl: crm.url });
  }

  const database = formation === 'embedded' ? null : await createDatabase();
  if (database === null) renameSync(await newStoreFolder(), join(folder, 'store'));
  else closing.push(() => database.drop());
  const processes: ApiProcess[] = [];
  for (let number = 0; number < (formation === 'pair' ? 2 : 1); number += 1) {
    const apiUrl = `http://${host}:${await findFreePort()}`;
    const addresses = { dataverseUrl: dataverse.url, issuerUrl: issuer.url, apiUrl };
    const environment = {
      ...productSecrets,
      SANDBOX_CLIENT_SECRET: applicationUsers[number]?.clientSecret ?? '',
      CRM_SYNC_CONFIG: writeConfigOf(folder, number, addresses, [...sources.values()], database?.url),
      CRM_SYNC_STOP_WITH_STDIN: '1',
      DATABASE_URL: '',
      TEST_STORE_URL: database?.url ?? '',
    };
    processes.push({ url: apiUrl, environment, running: undefined });
  }
  let output = '';
  const start = async (process: ApiProcess): Promise<void> => {
    process.running = await inTurn(() =>
      startReadyProcess({ args: [shortLife, 'api/src/main.ts'], environment: process.environment, readyWithinMs: 240_000 }),
    );
  };
  closing.push(async () => {
    await Promise.all(processes.map(async ({ running }) => running?.stop()));
  });
  // One after the other: two that made the tables at once would wait for each other.
  for (const process of processes) await start(process);

  const processAt = (number: number): ApiProcess => {
    const process = processes[number];
    if (process === undefined) throw new Error(`there is no process ${number}`);
    return process;
  };
  const token = await requestJson<{ readonly access_token: string }>(`${issuer.url}/${tenantId}/sandbox/sign-in`, {
    method: 'POST',
    body: { user: 'admin' },
  });
  const application = await fetch(`${issuer.url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: applicationUsers[2].clientId,
      client_secret: applicationUsers[2].clientSecret,
      scope: `${dataverse.url}/.default`,
    }),
  });
  const { access_token: applicationToken } = (await application.json()) as { readonly access_token: string };

  return {
    formation,
    dataverse: connectToDataverse({ dataverseUrl: dataverse.url, token: applicationToken }),
    sourceOf(seed) {
      const source = sources.get(seed);
      if (source === undefined) throw new Error(`this world has no seed ${seed}`);
      return source;
    },
    get onWrite() {
      return onWrite;
    },
    set onWrite(listener) {
      onWrite = listener;
    },
    processCount: processes.length,
    isAlive: (number) => processAt(number).running !== undefined,
    client(number) {
      const process = number === undefined ? (processes.find(({ running }) => running !== undefined) ?? processAt(0)) : processAt(number);
      return createApiClient({ baseUrl: process.url, getToken: async () => token.access_token });
    },
    hookUrl: ({ id }, number) => `${processAt(number).url}/webhooks/${id}`,
    kill(number) {
      const process = processAt(number);
      output += `${process.running?.errorOutput() ?? ''}${process.running?.output() ?? ''}`;
      void process.running?.kill();
      process.running = undefined;
    },
    async restart(number) {
      if (database !== null) await letTimePass(database.url);
      await start(processAt(number));
    },
    async loseStore() {
      const process = processAt(0);
      await process.running?.kill();
      process.running = undefined;
      rmSync(join(folder, 'store'), { recursive: true });
      renameSync(await newStoreFolder(), join(folder, 'store'));
      await start(process);
    },
    takeOutput() {
      const taken = output + processes.map(({ running }) => `${running?.errorOutput() ?? ''}${running?.output() ?? ''}`).join('');
      output = '';
      return taken;
    },
    stop,
  };
};
