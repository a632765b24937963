import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import { sharedLimits } from './budget/limits.ts';
import type { OpenConnectorOptions, Sleep, SourceSettings } from './connector-options.ts';
import { TemplateRefusal } from './expression/filters.ts';
import { compileTextTemplate, compileUrlTemplate, readBaseAddress } from './expression/slots.ts';
import { type HostPolicy, createHostPolicy } from './http/allowed-hosts.ts';
import { type Interpreter, createInterpreter } from './http/answer-meaning.ts';
import { type CrmClock, createCrmClock } from './http/crm-clock.ts';
import { type CrmHttp, createCrmHttp } from './http/crm-http.ts';
import { createQuotaReader } from './http/quota.ts';
import { createRequestGate } from './http/request-gate.ts';
import type { AuthBody } from './manifest/schema/auth.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { InstallBody } from './manifest/schema/webhook-install.ts';
import { createPreparation, createProbe } from './prepare-connection.ts';
import type { ConnectionParts } from './reader/connection-parts.ts';
import { chooseSignIn } from './settings.ts';
import { openSignIn } from './sign-in/open-sign-in.ts';
import { secretParameterOf } from './sign-in/secret-parameter.ts';
import { type SignIn, createStaticSignIn } from './sign-in/sign-in.ts';
import { createMemoryTenants, createTenantGuard } from './tenant-guard.ts';
import { durationMs } from './value/duration.ts';
import type { InstallConnection } from './webhook/install/resource.ts';

const usualTimeout = '30s';
const usualConcurrency = 4;
const usualTries = 5;

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

/** How this source is reached: its address, its hosts, its sign-in, and one HTTP for all that reads it. */
export const connectSource = (options: OpenConnectorOptions, settings: Readonly<Record<string, string>>) => {
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
