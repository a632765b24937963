import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import { createCheck } from './connection-check.ts';
import { TemplateRefusal } from './expression/filters.ts';
import { compileUrlTemplate, readBaseAddress } from './expression/slots.ts';
import { createHostPolicy } from './http/allowed-hosts.ts';
import { createInterpreter } from './http/answer-meaning.ts';
import { createCrmClock } from './http/crm-clock.ts';
import { type CreateAxios, createCrmHttp } from './http/crm-http.ts';
import { createRequestGate } from './http/request-gate.ts';
import { createSignIn } from './http/sign-in.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { ConnectionParts } from './reader/connection-parts.ts';
import { createIdReader, type IdReader } from './reader/record-id.ts';
import { createTableReader } from './reader/table-reader.ts';
import { resolveSettings } from './settings.ts';
import { type SourceConnector, type TableName, type TableReader, tableNames } from './types.ts';
import { durationMs } from './value/duration.ts';
import { createWebhookDoor } from './webhook/webhook-door.ts';

export interface SourceSettings {
  readonly id: string;
  /** By the names of `connection.settings`; secrets are resolved to their values. */
  readonly settings: Readonly<Record<string, string>>;
  /** The CRM is inside our own network: private addresses and plain http are allowed. */
  readonly allowPrivateNetwork?: boolean;
}

export interface OpenConnectorOptions {
  readonly manifest: Manifest;
  readonly source: SourceSettings;
  readonly clock: { nowMs(): number };
  /** Makes the HTTP client from our tuned configuration; axios itself when left out. */
  readonly createAxios?: CreateAxios;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
}

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

const connect = (options: OpenConnectorOptions, settings: Readonly<Record<string, string>>) => {
  const { manifest, source, clock, createAxios, sleep = sleepAwake, random = Math.random } = options;
  const { http = {}, auth } = manifest;
  const allowPrivateNetwork = source.allowPrivateNetwork === true;
  const baseUrl = resolveBaseUrl(manifest, source, settings);
  const policy = createHostPolicy({ baseUrl, hosts: manifest.connection.hosts ?? [], allowPrivateNetwork });
  const nowMs = (): number => clock.nowMs();
  const crmClock = createCrmClock(nowMs);
  const concurrency = http.concurrency ?? usualConcurrency;
  const rates = (http.rate ?? []).map(({ requests, per }) => ({ requests, perMs: durationMs(per) }));
  const connection: ConnectionParts = {
    sourceId: source.id,
    http: createCrmHttp({
      sourceId: source.id,
      timeoutMs: durationMs(http.timeout ?? usualTimeout),
      maxTries: http.tries ?? usualTries,
      maxSockets: concurrency,
      policy,
      allowPrivateNetwork,
      signIn: createSignIn(auth, settings),
      interpret: createInterpreter(manifest.errors ?? []),
      gate: createRequestGate({ concurrency, rates, nowMs, sleep }),
      crmClock,
      nowMs,
      sleep,
      random,
      ...(createAxios === undefined ? {} : { createAxios }),
    }),
    policy,
    baseUrl,
    commonHeaders: http.headers ?? {},
    settings,
    concurrency,
    secretParameter: auth.kind === 'apiKey' && auth.in === 'query' ? auth.name : null,
  };
  return { connection, crmClock, nowMs };
};

/** Makes one CRM instance readable. Throws `source.settings_invalid`; makes no request. */
export const openConnector = (options: OpenConnectorOptions): SourceConnector => {
  const { manifest, source } = options;
  const settings = resolveSettings(manifest, source);
  const { connection, crmClock, nowMs } = connect(options, settings);
  const readers = new Map<TableName, TableReader>();
  const idReaders: Partial<Record<TableName, IdReader>> = {};
  // `tableNames` has parents first.
  for (const name of tableNames) {
    const table = manifest.tables[name];
    if (table === undefined) continue;
    readers.set(name, createTableReader({ manifest, name, table, connection }));
    idReaders[name] = createIdReader(table.id);
  }
  const tables = [...readers.keys()];
  return {
    connectorId: manifest.id,
    displayName: manifest.name,
    tables,
    table: (name) => {
      const reader = readers.get(name);
      if (reader === undefined) throw new AppError('source.table_unknown', { source: source.id, table: name, known: tables.join(', ') });
      return reader;
    },
    check: createCheck({ manifest, connection, firstTable: readers.values().next().value, crmClock, nowMs }),
    nowMs: () => crmClock.nowMs(),
    webhook:
      manifest.webhooks === undefined ? null : createWebhookDoor({ sourceId: source.id, webhooks: manifest.webhooks, settings, idReaders }),
  };
};
