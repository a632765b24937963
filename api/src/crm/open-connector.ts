import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import { sharedLimits } from './budget/limits.ts';
import type { SharedBudget } from './budget/shared-budget.ts';
import type { BulkDrivers } from './bulk/types.ts';
import { createCheck } from './connection-check.ts';
import { TemplateRefusal } from './expression/filters.ts';
import { compileTextTemplate, compileUrlTemplate, readBaseAddress } from './expression/slots.ts';
import { createHostPolicy, type HostPolicy } from './http/allowed-hosts.ts';
import { createInterpreter, type Interpreter } from './http/answer-meaning.ts';
import { type CrmClock, createCrmClock } from './http/crm-clock.ts';
import { type CrmHttp, createCrmHttp } from './http/crm-http.ts';
import type { CreateAxios, Interpose } from './http/exchange.ts';
import { createQuotaReader } from './http/quota.ts';
import { createRequestGate } from './http/request-gate.ts';
import type { AuthBody } from './manifest/schema/auth.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { PushedTable } from './manifest/schema/table.ts';
import { pushedTables, readyTables } from './manifest/with-defaults.ts';
import { openWebhookSetup } from './open-webhook-setup.ts';
import { createPreparation, createProbe } from './prepare-connection.ts';
import type { ConnectionParts } from './reader/connection-parts.ts';
import { createIdReader, type IdReader } from './reader/record-id.ts';
import { createPushedTable } from './reader/pushed-table.ts';
import { createTableReader, type OpenedTable } from './reader/table-reader.ts';
import { chooseSignIn, resolveSettings } from './settings.ts';
import { openSignIn } from './sign-in/open-sign-in.ts';
import { secretParameterOf } from './sign-in/secret-parameter.ts';
import { createStaticSignIn, type SignIn } from './sign-in/sign-in.ts';
import { createMemoryTenants, createTenantGuard } from './tenant-guard.ts';
import { durationMs } from './value/duration.ts';
import type { InstallBody } from './manifest/schema/webhook-install.ts';
import type { CredentialStore } from './sign-in/types.ts';
import { type SourceConnector, type TableName, type TableReader, type TenantStore, tableNames } from './types.ts';
import type { InstallConnection } from './webhook/install/resource.ts';
import { type HookBodies, hooksOf } from './webhook/hooks-of.ts';
import type { WebhookDoor } from './webhook/types.ts';
import { createWebhookDoor } from './webhook/webhook-door.ts';

export interface SourceSettings {
  readonly id: string;
  /** By the names of `connection.settings`; secrets are resolved to their values. */
  readonly settings: Readonly<Record<string, string>>;
  /** Further values of secrets that webhooks are proved with, while they are being changed. */
  readonly furtherSecrets?: Readonly<Record<string, readonly string[]>>;
  /** The CRM is inside our own network: private addresses and plain http are allowed. */
  readonly allowPrivateNetwork?: boolean;
}

export interface OpenConnectorOptions {
  readonly manifest: Manifest;
  readonly source: SourceSettings;
  readonly clock: { nowMs(): number };
  /** Where tokens are kept that change with every use. Without it a connector that needs it is refused. */
  readonly credentials?: CredentialStore | null;
  /** Remembers whose data the source reads; without it that is remembered until the process ends. */
  readonly tenants?: TenantStore;
  /** Makes the HTTP client from our tuned configuration; axios itself when left out. */
  readonly createAxios?: CreateAxios;
  /** Stands between us and the CRM’s answers; only the conformance kit has something to say there. */
  readonly interpose?: Interpose;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /** Keeps all processes that read this CRM together within its limits; without it these are this process’s alone. */
  readonly sharedBudget?: SharedBudget;
  /** What manifests may name for large lists. Without them all lists are read as the manifest says, which gives the same records. */
  readonly drivers?: BulkDrivers;
  /** Where the manifest lies: what is deployed in the CRM lies beside it. */
  readonly folder?: string;
  /** With samples in several languages of how to post to us. */
  readonly samplesFolder?: string;
}

const usualTimeout = '30s';
const usualConcurrency = 4;
const usualTries = 5;

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Node’s timers hold at most 2^31 ms; longer sleeps would end at once. */
const maxTimerMs = 2_147_483_647;
const sleepAwake = async (ms: number, signal: AbortSignal): Promise<void> => {
  await wait(Math.min(ms, maxTimerMs), undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};

const resolveBaseUrl = (manifest: Manifest, source: SourceSettings, settings: Readonly<Record<string, string>>): string => {
  const invalid = (problem: string): AppError => new AppError('source.settings_invalid', { source: source.id, problem });
  try {
    const baseUrl = readBaseAddress(compileUrlTemplate(manifest.connection.baseUrl)({ settings }));
    if (baseUrl.startsWith('http:') && source.allowPrivateNetwork !== true) {
      throw invalid(
        'the CRM’s address must begin with https://; plain http is only for a CRM inside your own network, with allowPrivateNetwork: true',
      );
    }
    return baseUrl;
  } catch (error) {
    if (error instanceof TemplateRefusal) throw invalid(`the CRM’s address: ${error.message}`);
    throw error;
  }
};

const hostPattern = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

/** Hosts may come from settings; what is no host then allows nothing. */
const resolveHosts = (manifest: Manifest, settings: Readonly<Record<string, string>>): readonly string[] =>
  (manifest.connection.hosts ?? []).map((host) => compileTextTemplate(host)({ settings })).filter((host) => hostPattern.test(host));

/** Everything that requests of this source share, whoever signs them. */
const createHttpFactory = (options: OpenConnectorOptions, sleep: Sleep, crmClock: CrmClock) => {
  const { manifest, source, clock, createAxios, interpose, random = Math.random } = options;
  const { http = {} } = manifest;
  const nowMs = (): number => clock.nowMs();
  const concurrency = http.concurrency ?? usualConcurrency;
  const rates = (http.rate ?? []).map(({ requests, per, on }) => ({
    requests,
    perMs: durationMs(per),
    ...(on === undefined ? {} : { on }),
  }));
  const share = options.sharedBudget?.join(source.id, sharedLimits(concurrency, rates));
  const gate = createRequestGate({ concurrency, rates, nowMs, sleep, share });
  return (policy: HostPolicy, signIn: SignIn, interpret: Interpreter, requestGate = gate): CrmHttp =>
    createCrmHttp({
      sourceId: source.id,
      timeoutMs: durationMs(http.timeout ?? usualTimeout),
      maxTries: http.tries ?? usualTries,
      maxSockets: concurrency,
      policy,
      allowPrivateNetwork: source.allowPrivateNetwork === true,
      signIn,
      interpret,
      answers: http.answers ?? null,
      quota: createQuotaReader(http.quota ?? []),
      gate: requestGate,
      crmClock,
      nowMs,
      sleep,
      random,
      ...(createAxios === undefined ? {} : { createAxios }),
      ...(interpose === undefined ? {} : { interpose }),
    });
};

/** Sign-in reads refusals itself, since they say why; only what passes by itself is tried again. */
const interpretSignIn: Interpreter = ({ status }) => {
  if (status === 429) return { meaning: 'rateLimited', waitMs: null };
  return { meaning: status >= 500 ? 'retry' : status >= 300 && status < 400 ? 'refuse' : 'ok', waitMs: null };
};

const connect = (options: OpenConnectorOptions, settings: Readonly<Record<string, string>>) => {
  const { manifest, source, clock, sleep = sleepAwake } = options;
  const auth = chooseSignIn(manifest, source);
  const allowPrivateNetwork = source.allowPrivateNetwork === true;
  const baseUrl = resolveBaseUrl(manifest, source, settings);
  const nowMs = (): number => clock.nowMs();
  const crmClock = createCrmClock(nowMs);
  const createHttp = createHttpFactory(options, sleep, crmClock);
  const policy = createHostPolicy({ baseUrl, hosts: resolveHosts(manifest, settings), allowPrivateNetwork });
  const commonHeaders = manifest.http?.headers ?? {};
  const signInWith = (chosen: AuthBody) =>
    openSignIn({
      sourceId: source.id,
      auth: chosen,
      settings,
      baseUrl,
      commonHeaders,
      credentials: options.credentials ?? null,
      holder: randomUUID(),
      // Its own gate: whoever waits for a token holds a place in the usual one.
      httpFor: (address) =>
        createHttp(
          createHostPolicy({ baseUrl: address, hosts: [], allowPrivateNetwork }),
          createStaticSignIn({ kind: 'none' }, settings),
          interpretSignIn,
          createRequestGate({ concurrency: 1, rates: [], nowMs, sleep }),
        ),
      nowMs,
      sleep,
    });
  const { signIn, browser } = signInWith(auth);
  const interpret = createInterpreter(manifest.errors ?? []);
  const parts = {
    sourceId: source.id,
    http: createHttp(policy, signIn, interpret),
    policy,
    baseUrl,
    commonHeaders,
    settings,
    concurrency: manifest.http?.concurrency ?? usualConcurrency,
    nowMs,
    sleep,
    drivers: options.drivers ?? null,
    secretParameter: secretParameterOf(auth),
  };
  const tenants = options.tenants ?? createMemoryTenants();
  const guard = createTenantGuard({ sourceId: source.id, manifest, settings, tenants, nowMs });
  const connection: ConnectionParts = { ...parts, prepare: createPreparation({ manifest, connection: parts, guard }) };
  /** Webhooks may need another sign-in than reading does, or more of the same: then with tokens of its own. */
  const connectToInstall = ({ auth: own, scope }: InstallBody): InstallConnection => {
    const wanted = own ?? (scope !== undefined && auth.kind === 'oauth2' && auth.grant === 'clientCredentials' ? { ...auth, scope } : null);
    return {
      ...parts,
      prepare: connection.prepare,
      http: wanted === null ? parts.http : createHttp(policy, signInWith(wanted).signIn, interpret),
    };
  };
  return { connection, crmClock, nowMs, browser, probe: createProbe(manifest, parts, guard), connectToInstall };
};

type Settings = Readonly<Record<string, string>>;

/** Only a webhook may be proved with one of several secrets: a request is signed with one. */
const requireFurtherSecretsUsed = ({ manifest, source }: OpenConnectorOptions): void => {
  const hooks = [...hooksOf(manifest).values()];
  const proving = new Set(hooks.flatMap(({ verify }) => [verify.kind === 'publicKey' ? verify.key : verify.secret].flat()));
  const other = Object.keys(source.furtherSecrets ?? {}).find((name) => !proving.has(name));
  if (other !== undefined)
    throw new AppError('source.settings_invalid', {
      source: source.id,
      problem: `“${other}” takes one value; only a secret that webhooks are signed with may have several`,
    });
};

const openWebhook = (
  options: OpenConnectorOptions,
  settings: Settings,
  idReaders: Readonly<Partial<Record<TableName, IdReader>>>,
  connectToInstall: (install: InstallBody) => InstallConnection,
): ReturnType<typeof openWebhookSetup> => {
  const { manifest, source, credentials = null } = options;
  requireFurtherSecretsUsed(options);
  const openDoor = (bodies: HookBodies, given: Settings): WebhookDoor =>
    createWebhookDoor({
      sourceId: source.id,
      bodies,
      settings: given,
      furtherSecrets: source.furtherSecrets ?? {},
      idReaders,
    });
  const bodies = hooksOf(manifest);
  const door = bodies.size > 0 ? openDoor(bodies, settings) : null;
  // What a delivery brings along is a customer's data and waits sealed, or not at all.
  if (door?.carriesRecords === true && credentials === null) throw new AppError('source.secrets_key_missing', { source: source.id });
  return openWebhookSetup({
    sourceId: source.id,
    manifest,
    settings,
    credentials,
    isNear: source.allowPrivateNetwork === true,
    folder: options.folder ?? null,
    samplesFolder: options.samplesFolder ?? null,
    door,
    openDoor,
    connect: connectToInstall,
  });
};

/** Makes one CRM instance readable. Throws `source.settings_invalid` or `source.secrets_key_missing`; makes no request. */
export const openConnector = (options: OpenConnectorOptions): SourceConnector => {
  const { manifest, source } = options;
  const settings = resolveSettings(manifest, source);
  const { connection, crmClock, nowMs, browser, probe, connectToInstall } = connect(options, settings);
  const opened = new Map<TableName, OpenedTable>();
  const pushed = new Map<TableName, TableReader>();
  const idReaders: Partial<Record<TableName, IdReader>> = {};
  const ready = readyTables(manifest);
  const posted = pushedTables(manifest);
  const parentIdOf = ({ parent }: PushedTable) =>
    parent === undefined ? null : ((ready.get(parent.table) ?? posted.get(parent.table))?.id ?? null);
  for (const [name, table] of ready) {
    opened.set(name, createTableReader({ manifest, name, table, parentId: parentIdOf(table), connection }));
    idReaders[name] = createIdReader(table.id);
  }
  for (const [name, table] of posted) {
    pushed.set(name, createPushedTable({ manifest, name, table, parentId: parentIdOf(table), connection }));
    idReaders[name] = createIdReader(table.id);
  }
  const readers = new Map<TableName, TableReader>([...opened, ...pushed]);
  const tables = tableNames.filter((name) => readers.has(name));
  const setup = openWebhook(options, settings, idReaders, connectToInstall);
  return {
    connectorId: manifest.id,
    displayName: manifest.name,
    tables,
    table: (name, urgency) => {
      const reader = readers.get(name);
      if (reader === undefined) throw new AppError('source.table_unknown', { source: source.id, table: name, known: tables.join(', ') });
      return urgency === undefined ? reader : (opened.get(name)?.asUrgentAs(urgency) ?? reader);
    },
    check: createCheck({ manifest, probe, tables: [...opened.values()], crmClock, nowMs }),
    isLinkAllowed: (url) => {
      const parsed = URL.parse(url);
      return parsed !== null && connection.policy.refusal(parsed) === null;
    },
    nowMs: () => crmClock.nowMs(),
    browserSignIn: browser,
    ...setup,
  };
};
