import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { durationMs } from '../crm/value/duration.ts';
import type { Schedule } from '../runs/schedule/types.ts';
import type { MicrosoftSettings, SourceWriting, SweepPolicy } from '../sync/types.ts';
import { describeYamlErrors, readYaml } from '../yaml/read-yaml.ts';
import { compileShapeCheck } from '../yaml/schema-problems.ts';
import { type ConfigFile, ConfigSchema, type SecretReferenceValue } from './schema.ts';
import { readSecretsKeys } from './secrets-key.ts';
import { readSecret, type SecretPlaces } from './secrets.ts';

export interface SourceConfig {
  readonly id: string;
  readonly connector: string;
  readonly name: string | null;
  /** Secrets resolved. Never log. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of settings that were given several: those after the first. Never log. */
  readonly furtherSecrets: Readonly<Record<string, readonly string[]>>;
  readonly allowPrivateNetwork: boolean;
  readonly microsoft: MicrosoftSettings;
  readonly writing: SourceWriting;
  readonly sweep: SweepPolicy;
  readonly schedules: readonly Schedule[];
}

/** Who writes to Dataverse. Never log the secret. */
export interface ApplicationUserConfig {
  readonly clientId: string;
  readonly clientSecret: string | null;
}

/** Everything the program needs to know, checked and complete: defaults filled in, secrets read, paths absolute. */
export interface Config {
  readonly file: string;
  readonly dataverse: Pick<ConfigFile['dataverse'], 'url' | 'tenantId' | 'maxConcurrency' | 'batchSize' | 'dailyRequests'> & {
    readonly authority: string;
    /** At least one. */
    readonly users: readonly [ApplicationUserConfig, ...ApplicationUserConfig[]];
  };
  readonly api: { readonly host: string; readonly port: number; readonly publicUrl: string; readonly allowedOrigins: readonly string[] };
  readonly identity: ConfigFile['identity'] & { readonly kind: 'entra' | 'local' };
  readonly store: { readonly databaseUrl: string | null; readonly folder: string };
  /** Whether, and how, request rows in Dataverse are answered; null: they are not. Never log. */
  readonly syncRequests: { readonly webhookKey: string | null; readonly pollEveryMs: number } | null;
  /** Seal stored tokens; the first seals, all of them open. Empty: nothing can be stored. Never log. */
  readonly sealKeys: readonly Buffer[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly sources: readonly SourceConfig[];
}

const unreadable = (file: string, problem: string, cause?: unknown): AppError =>
  new AppError('config.unreadable', { file, problem }, cause);

const readFileText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, 'there is no such file, or it may not be read', error);
  }
};

const checkShape = compileShapeCheck<ConfigFile>(() => ConfigSchema);

const parse = (file: string): ConfigFile => {
  const reading = readYaml(readFileText(file), checkShape);
  if ('value' in reading) return reading.value;
  throw unreadable(file, describeYamlErrors(reading.errors));
};

/** How the source's rows are written; what is left out is as Dataverse does it. */
const readWriting = ({ owner, removedRecords, erasedRecords, dataverse = {} }: ConfigFile['sources'][number]): SourceWriting => {
  const { bypassCustomLogic = 'none', suppressFlows = false } = dataverse;
  return {
    ...(removedRecords === undefined ? {} : { removed: removedRecords }),
    ...(erasedRecords === undefined ? {} : { erased: erasedRecords }),
    ...(owner === undefined ? {} : { owner: { team: owner.team, assign: owner.assign ?? 'created' } }),
    ...(bypassCustomLogic === 'none' ? {} : { bypassCustomLogic }),
    ...(suppressFlows ? { suppressFlows } : {}),
  };
};

/** Several values of one setting: a webhook's secret while it is being changed. */
const readSettings = (
  { id, settings }: ConfigFile['sources'][number],
  places: SecretPlaces,
): Pick<SourceConfig, 'settings' | 'furtherSecrets'> => {
  const read = Object.entries(settings).map(([name, value]) => {
    const texts = [value]
      .flat()
      .map((one) => (typeof one === 'object' ? readSecret(`sources.${id}.settings.${name}`, one, places) : String(one)));
    return { name, first: texts[0] ?? '', further: texts.slice(1) };
  });
  return {
    settings: Object.fromEntries(read.map(({ name, first }) => [name, first])),
    furtherSecrets: Object.fromEntries(read.flatMap(({ name, further }) => (further.length === 0 ? [] : [[name, further] as const]))),
  };
};

const readSource = (source: ConfigFile['sources'][number], places: SecretPlaces): SourceConfig => ({
  id: source.id,
  // A path is meant from where the file stands; a bare name is a built-in connector.
  connector: /[./\\]/.test(source.connector) ? places.resolvePath(source.connector) : source.connector,
  name: source.name ?? null,
  allowPrivateNetwork: source.allowPrivateNetwork ?? false,
  microsoft: { sourceCrm: source.microsoftSourceCrm ?? null, unadoptedRows: source.unadoptedRows ?? 'refuse' },
  writing: readWriting(source),
  sweep: source.sweep ?? 'auto',
  schedules: source.schedules ?? [],
  ...readSettings(source, places),
});

const readUser = (
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret?: SecretReferenceValue },
  name: string,
  places: SecretPlaces,
): ApplicationUserConfig => ({
  clientId,
  clientSecret: clientSecret === undefined ? null : readSecret(`${name}.clientSecret`, clientSecret, places),
});

const readDataverse = (file: string, dataverse: ConfigFile['dataverse'], places: SecretPlaces): Config['dataverse'] => {
  const { clientId, clientSecret, moreUsers = [], authority, ...rest } = dataverse;
  const first = readUser({ clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }, 'dataverse', places);
  const others = moreUsers.map((user, index) => readUser(user, `dataverse.moreUsers[${index}]`, places));
  const ids = [first, ...others].map((user) => user.clientId.toLowerCase());
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  // It would be one user with one share of the limits, however often it is named.
  if (doubled !== undefined) throw unreadable(file, `the application user ${doubled} is named twice under dataverse`);
  return { ...rest, authority: authority ?? 'https://login.microsoftonline.com', users: [first, ...others] };
};

/** A secret that is guessed opens the door to whoever knocks. */
const shortestKey = 20;

const readSyncRequests = (
  file: string,
  { webhookKey, pollEvery }: NonNullable<ConfigFile['syncRequests']>,
  places: SecretPlaces,
): Config['syncRequests'] => {
  const key = webhookKey === undefined ? null : readSecret('syncRequests.webhookKey', webhookKey, places);
  if (key !== null && key.length < shortestKey) throw unreadable(file, `syncRequests.webhookKey has fewer than ${shortestKey} characters`);
  return { webhookKey: key, pollEveryMs: durationMs(pollEvery ?? (key === null ? '10s' : '1m')) };
};

/** Reads `crm-sync.yaml`. Throws `config.unreadable` with every problem and its line, or `config.secret_missing`. */
export const loadConfig = (path: string, environment: SecretPlaces['environment']): Config => {
  const file = resolve(path);
  const { dataverse, api, identity, store, secretsKey, syncRequests, log, sources } = parse(file);
  const places: SecretPlaces = { environment, resolvePath: (relative) => resolve(dirname(file), relative) };
  const doubled = sources.find(({ id }, index) => sources.findIndex((other) => other.id === id) !== index);
  if (doubled !== undefined) throw unreadable(file, `two sources are called "${doubled.id}"`);

  const host = api?.host ?? '127.0.0.1';
  const port = api?.port ?? 4500;
  const databaseUrl =
    store?.databaseUrl === undefined ? environment.DATABASE_URL : readSecret('store.databaseUrl', store.databaseUrl, places);
  return {
    file,
    dataverse: readDataverse(file, dataverse, places),
    api: { host, port, publicUrl: api?.publicUrl ?? `http://${host}:${port}`, allowedOrigins: api?.allowedOrigins ?? [] },
    identity: { ...identity, kind: identity.kind ?? 'entra' },
    // Set to nothing means not set, as everywhere in a shell.
    store: {
      databaseUrl: databaseUrl === undefined || databaseUrl === '' ? null : databaseUrl,
      folder: places.resolvePath(store?.folder ?? '.crm-sync/store'),
    },
    syncRequests: syncRequests === undefined ? null : readSyncRequests(file, syncRequests, places),
    sealKeys: readSecretsKeys(secretsKey, places),
    logLevel: log?.level ?? 'info',
    sources: sources.map((source) => readSource(source, places)),
  };
};
