import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Config, loadConfig } from '../../config/load-config.ts';
import { openDataverseOf } from '../../configured-dataverse.ts';
import { manifestFile } from '../../configured-manifest.ts';
import { openStoreOf } from '../../configured-store.ts';
import type { SourceSettings } from '../../crm/connector-options.ts';
import type { CreateAxios } from '../../crm/http/crm-http.ts';
import { loadManifest } from '../../crm/manifest/load-manifest.ts';
import type { Manifest } from '../../crm/manifest/schema/manifest.ts';
import { openConnector } from '../../crm/open-connector.ts';
import { chooseSignIn } from '../../crm/settings.ts';
import type { Dataverse } from '../../dataverse/types.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Store } from '../../store/types.ts';
import type { Source } from '../../sync/types.ts';
import { createLogger } from '../../telemetry/logger.ts';
import type { ConnectorContext } from './context.ts';
import { gatherSettings } from './gather-settings.ts';
import { openRecording } from './open-recording.ts';
import type { OpenedSource } from './opened-source.ts';
import type { SourceOptions } from './source-options.ts';

export interface SourcePlace {
  readonly id: string;
  /** null: the manifest that a recording holds. */
  readonly file: string | null;
  readonly config: Config | null;
  readonly configured: Config['sources'][number] | null;
}

/** A manifest by its file, its folder, or the name of a connector in the box. */
export const fileOf = (named: string): string => {
  if (!/[./\\]/.test(named)) return manifestFile(named);
  const path = resolve(named);
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'manifest.yaml') : path;
};

/** Where the manifest is that the options name. Throws a usage error when they name none, or a source that is not configured. */
export const findSource = (options: SourceOptions, context: Pick<ConnectorContext, 'configFile' | 'environment'>): SourcePlace => {
  const { source: wanted, manifest, recording } = options;
  if (recording !== undefined && wanted === undefined) {
    return { id: 'recording', file: manifest === undefined ? null : fileOf(manifest), config: null, configured: null };
  }
  if (recording !== undefined) throw new AppError('connector.options_invalid', { problem: '--recording goes with --manifest, or alone' });
  if ((wanted === undefined) === (manifest === undefined))
    throw new AppError('connector.options_invalid', { problem: 'name a CRM with either --source or --manifest' });
  if (manifest !== undefined) return { id: 'preview', file: fileOf(manifest), config: null, configured: null };
  const config = loadConfig(context.configFile, context.environment);
  const configured = config.sources.find(({ id }) => id === wanted);
  if (configured === undefined)
    throw new AppError('source.unknown', { source: String(wanted), known: config.sources.map(({ id }) => id).join(', ') });
  return { id: configured.id, file: manifestFile(configured.connector), config, configured };
};

const quiet = (): Logger => createLogger({ level: 'error', destination: 'stderr' });

/** Only a sign-in whose tokens change with every use needs the store: a token that were lost here would sign the source out. */
const needsStore = (manifest: Manifest, id: string, settings: Readonly<Record<string, string>>): boolean => {
  const auth = chooseSignIn(manifest, { id, settings });
  return auth.kind === 'oauth2' && (auth.grant === 'refreshToken' || auth.grant === 'authorizationCode');
};

/** What a connector is opened with, and what must be closed after it. */
export interface SourceToOpen {
  readonly manifest: Manifest;
  readonly source: SourceSettings;
  /** null unless its tokens change with every use. */
  readonly store: Store | null;
  readonly configured: SourcePlace['configured'];
  readonly close: () => Promise<void>;
}

/** Reads the manifest and gathers the settings that the options name. Throws usage errors; makes no request. */
export const prepareSource = async (options: SourceOptions, context: ConnectorContext): Promise<SourceToOpen> => {
  const { id, file, config, configured } = findSource(options, context);
  const manifest = await loadManifest(file ?? '');
  const settings = configured?.settings ?? (await gatherSettings(manifest, options, context));
  const allowPrivateNetwork = options.allowPrivateNetwork || (configured?.allowPrivateNetwork ?? false);
  const store = config !== null && needsStore(manifest, id, settings) ? await openStoreOf(config, context.clock, quiet()) : null;
  return {
    manifest,
    source: { id, settings, allowPrivateNetwork },
    store,
    configured,
    close: async () => {
      await store?.jobs.stop();
      await store?.close();
    },
  };
};

/** Opens the CRM as a sync does, beside Dataverse and mostly without the store: a running API is not disturbed. */
export const openSource = async (
  options: SourceOptions,
  context: ConnectorContext,
  createAxios: CreateAxios | undefined = context.createAxios,
): Promise<OpenedSource> => {
  if (options.recording !== undefined) {
    const { file } = findSource(options, context);
    return openRecording({ recordingFile: options.recording, manifestFile: file, settings: options.setting });
  }
  const { manifest, source: toOpen, store, configured, close } = await prepareSource(options, context);
  try {
    const connector = openConnector({
      manifest,
      source: toOpen,
      clock: context.clock,
      ...(store === null ? {} : { credentials: store.credentials, tenants: store.tenants }),
      ...(createAxios === undefined ? {} : { createAxios }),
    });
    const { microsoft, writing } = configured ?? {};
    const source: Source = {
      id: toOpen.id,
      name: configured?.name ?? connector.displayName,
      connector,
      ...(microsoft === undefined ? {} : { microsoft }),
      ...(writing === undefined ? {} : { writing }),
    };
    return { source, manifest, settings: toOpen.settings, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The configured Dataverse; null where nothing is configured. Reading metadata counts towards no budget. */
export const openDataverseFor = (
  { source, manifest, recording }: SourceOptions,
  { configFile, environment, clock }: ConnectorContext,
): Dataverse | null => {
  if (source === undefined && (manifest ?? recording) !== undefined && !existsSync(configFile)) return null;
  return openDataverseOf(loadConfig(configFile, environment), { add: async (_day, requests) => requests }, clock, quiet());
};
