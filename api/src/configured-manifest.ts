import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config, SourceConfig } from './config/load-config.ts';
import { loadManifest } from './crm/manifest/load-manifest.ts';
import type { Manifest } from './crm/manifest/schema/manifest.ts';
import { AppError } from './errors/app-error.ts';

export const connectorsFolder = fileURLToPath(new URL('../connectors/', import.meta.url));

/** How to post to us, in several languages, for CRMs that have nothing of their own. */
export const samplesFolder = join(connectorsFolder, 'rest-template', 'crm-side');

/** A bare name is a connector in the box, anything else the path of a manifest. */
export const manifestFile = (connector: string): string =>
  connector.includes('/') || connector.includes('\\') ? connector : join(connectorsFolder, connector, 'manifest.yaml');

export interface NamedManifest {
  readonly source: SourceConfig;
  readonly manifest: Manifest;
  readonly folder: string;
}

/** The manifests of all sources; one that several share is read once. Throws `config.unreadable` when there is no such file, and `manifest.unreadable`. */
export const findManifests = (config: Config): Promise<readonly NamedManifest[]> => {
  const read = new Map<string, Promise<Manifest>>();
  const readOnce = (file: string): Promise<Manifest> => {
    const reading = read.get(file) ?? loadManifest(file);
    read.set(file, reading);
    return reading;
  };
  return Promise.all(config.sources.map((source) => findManifest(config, source, readOnce)));
};

const findManifest = async (config: Config, source: SourceConfig, read: (file: string) => Promise<Manifest>): Promise<NamedManifest> => {
  const file = manifestFile(source.connector);
  if (!existsSync(file))
    throw new AppError('config.unreadable', {
      file: config.file,
      problem: `the source "${source.id}" names the connector ${source.connector}, and there is no ${file}`,
    });
  return { source, manifest: await read(file), folder: dirname(file) };
};
