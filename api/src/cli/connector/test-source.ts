import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStoreOf } from '../../compose.ts';
import { type Config, loadConfig } from '../../config/load-config.ts';
import { loadManifest } from '../../crm/manifest/load-manifest.ts';
import type { Manifest } from '../../crm/manifest/schema/manifest.ts';
import type { SourceSettings } from '../../crm/open-connector.ts';
import { chooseSignIn } from '../../crm/settings.ts';
import type { CredentialStore } from '../../crm/types.ts';
import { AppError } from '../../errors/app-error.ts';
import { createLogger } from '../../telemetry/logger.ts';

/** Which CRM is tested: a configured source, or a manifest with settings of its own. */
export interface TestSourceOptions {
  readonly source?: string;
  readonly manifest?: string;
  readonly setting: Readonly<Record<string, string>>;
  /** Names of environment variables by names of settings. */
  readonly settingFromEnv: Readonly<Record<string, string>>;
  readonly allowPrivateNetwork: boolean;
}

export interface TestSource {
  readonly manifest: Manifest;
  readonly source: SourceSettings;
  readonly credentials: CredentialStore | null;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const connectorsFolder = new URL('../../../connectors/', import.meta.url);
const systemClock = { nowMs: () => Date.now() };

/** A manifest by its file, its folder, or the name of a connector in the box. */
const fileOf = (named: string): string => {
  if (!/[./\\]/.test(named)) return fileURLToPath(new URL(`${named}/manifest.yaml`, connectorsFolder));
  const path = resolve(named);
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'manifest.yaml') : path;
};

const givenSettings = (manifest: Manifest, { setting, settingFromEnv }: TestSourceOptions, environment: Environment) => {
  const secret = Object.keys(setting).find((name) => manifest.connection.settings?.[name]?.type === 'secret');
  if (secret !== undefined)
    throw new AppError('source.settings_invalid', {
      source: manifest.id,
      problem: `“${secret}” is a secret, and others can see command lines; use --setting-from-env ${secret}=NAME_OF_A_VARIABLE`,
    });
  const fromEnvironment = Object.entries(settingFromEnv).map(([name, variable]) => {
    const value = environment[variable];
    if (value === undefined || value === '')
      throw new AppError('config.secret_missing', { setting: name, where: `environment variable ${variable}` });
    return [name, value] as const;
  });
  return { ...setting, ...Object.fromEntries(fromEnvironment) };
};

/** Only a sign-in whose tokens change with every use needs the store: one that were lost here would sign the source out. */
const openCredentials = async (config: Config, manifest: Manifest, source: SourceSettings) => {
  const auth = chooseSignIn(manifest, source);
  const isStored = auth.kind === 'oauth2' && (auth.grant === 'refreshToken' || auth.grant === 'authorizationCode');
  if (!isStored) return { credentials: null, close: async () => undefined };
  const store = await openStoreOf(config, systemClock, createLogger({ level: 'error', destination: 'stderr' }));
  return {
    credentials: store.credentials,
    close: async () => {
      await store.jobs.stop();
      await store.close();
    },
  };
};

/** Throws usage errors: of the configuration, of the settings, and of the manifest. */
export const openTestSource = async (
  options: TestSourceOptions,
  { configFile, environment }: { readonly configFile: string; readonly environment: Environment },
): Promise<TestSource> => {
  const { source: sourceId, manifest: named, allowPrivateNetwork } = options;
  if (named !== undefined) {
    const manifest = await loadManifest(fileOf(named));
    const source = { id: manifest.id, settings: givenSettings(manifest, options, environment), allowPrivateNetwork };
    return { manifest, source, credentials: null, close: async () => undefined };
  }
  const config = loadConfig(configFile, environment);
  const configured = config.sources.find(({ id }) => id === sourceId);
  if (configured === undefined)
    throw new AppError('source.unknown', { source: String(sourceId), known: config.sources.map(({ id }) => id).join(', ') });
  const manifest = await loadManifest(fileOf(configured.connector));
  const { id, settings } = configured;
  const source = { id, settings, allowPrivateNetwork: allowPrivateNetwork || configured.allowPrivateNetwork };
  return { manifest, source, ...(await openCredentials(config, manifest, source)) };
};
