import { readFile } from 'node:fs/promises';
import type { OpenConnectorOptions } from '../../../../api/src/crm/connector-options.ts';
import { readManifest } from '../../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { SourceConnector } from '../../../../api/src/crm/types.ts';
import { createMemoryCredentials } from '../../crm/support/memory-credentials.ts';

export interface OpenSourceOptions extends Partial<OpenConnectorOptions> {
  /** The connector's folder. */
  readonly id: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Changes the manifest's text, as an admin might. */
  readonly change?: (manifest: string) => string;
  /** Changes the manifest once it is read. */
  readonly adapt?: (manifest: Manifest) => Manifest;
}

export interface OpenedSource {
  readonly connector: SourceConnector;
  /** How long it wanted to wait, in ms. */
  readonly slept: readonly number[];
}

const read = new Map<string, Manifest>();

/** Checking a manifest takes as long as a small test, so each text is checked once. */
const readOnce = (text: string): Manifest => {
  const known = read.get(text);
  if (known !== undefined) return known;
  const reading = readManifest(text);
  if ('errors' in reading) throw new Error(JSON.stringify(reading.errors.slice(0, 3)));
  read.set(text, reading.manifest);
  return reading.manifest;
};

/** A connector of this house as the product opens it. It never waits in earnest: sleeping moves its clock. */
export const openSource = async (source: OpenSourceOptions): Promise<OpenedSource> => {
  const { id, settings, change = (text) => text, adapt = (read) => read, ...options } = source;
  const manifest = adapt(readOnce(change(await readFile(`api/connectors/${id}/manifest.yaml`, 'utf8'))));
  const slept: number[] = [];
  let aheadMs = 0;
  const connector = openConnector({
    manifest,
    source: { id, settings, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() + aheadMs },
    credentials: createMemoryCredentials(),
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      aheadMs += ms;
    },
    ...options,
  });
  return { connector, slept };
};

/** Replaces what must be there, so that a test notices when the manifest no longer says it. */
export const replaceIn =
  (what: string, by: string) =>
  (text: string): string => {
    if (!text.includes(what)) throw new Error(`The manifest does not say ${what}.`);
    return text.replaceAll(what, by);
  };
