import { bulkDrivers } from '../../../../../api/connectors/bulk-drivers.ts';
import { loadManifest } from '../../../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../../../api/src/crm/manifest/schema/manifest.ts';
import type { JsonObject, JsonValue, SourceConnector, SourcePage, SourceRecord, TableReader } from '../../../../../api/src/crm/types.ts';
import { clientId, clientSecret } from '../../../../../api/sandbox/src/salesforce/data/identity.ts';
import type { OpenConnectorOptions } from '../../../../../api/src/crm/connector-options.ts';
import { openConnector } from '../../../../../api/src/crm/open-connector.ts';

export const manifestFile = 'api/connectors/salesforce/manifest.yaml';

export interface OpenedSource {
  readonly connector: SourceConnector;
  readonly accounts: TableReader;
  readonly contacts: TableReader;
  /** How long was slept for, in ms; nobody really waits, sleeping moves the clock. */
  readonly slept: readonly number[];
}

export interface OpenSourceOptions extends Partial<Pick<OpenConnectorOptions, 'credentials' | 'tenants' | 'sleep' | 'clock'>> {
  readonly settings?: Readonly<Record<string, string>>;
  /** The manifest with something else in it, as an admin's own copy might have. */
  readonly change?: (manifest: Manifest) => Manifest;
  readonly withoutDrivers?: true;
  /** How much further than asked for the clock goes when somebody sleeps. */
  readonly oversleeps?: number;
}

let manifest: Promise<Manifest> | undefined;

/** The connector as the product opens it, for a Salesforce on this machine. */
export const openSource = async (address: string, options: OpenSourceOptions = {}): Promise<OpenedSource> => {
  const { settings, change = (written: Manifest) => written, withoutDrivers, oversleeps = 1, ...rest } = options;
  const slept: number[] = [];
  let aheadMs = 0;
  const connector = openConnector({
    manifest: change(await (manifest ??= loadManifest(manifestFile))),
    source: { id: 'salesforce', settings: settings ?? { address, clientId, clientSecret }, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() + aheadMs },
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      aheadMs += ms * oversleeps;
    },
    ...(withoutDrivers === true ? {} : { drivers: bulkDrivers }),
    ...rest,
  });
  return { connector, accounts: connector.table('account'), contacts: connector.table('contact'), slept };
};

/** Exports from the given number of records on. */
export const exportsFrom =
  (minRows: number) =>
  (manifest: Manifest): Manifest => {
    const { bulk, ...defaults } = manifest.defaults ?? {};
    if (bulk === undefined) throw new Error('the manifest has no bulk');
    return { ...manifest, defaults: { ...defaults, bulk: { ...bulk, minRows } } };
  };

export const never: AbortSignal = new AbortController().signal;

export const readPages = async (pages: AsyncIterable<SourcePage>): Promise<readonly SourcePage[]> => {
  const read: SourcePage[] = [];
  for await (const page of pages) read.push(page);
  return read;
};

export const readRecords = async (pages: AsyncIterable<SourcePage>): Promise<readonly SourceRecord[]> =>
  (await readPages(pages)).flatMap(({ records }) => records);

export const idsOf = (records: readonly SourceRecord[]): readonly string[] => records.map(({ id }) => id);

/** What the mapping makes of a record, by the columns of each rule. */
export const rowOf = (table: TableReader, fields: JsonObject): Readonly<Record<string, JsonValue | undefined>> =>
  Object.fromEntries(table.columns.map(({ to, read }) => [to.join(','), read(fields)]));

/** As far as it has gone, through JSON as a checkpoint goes. */
export const throughJson = (value: JsonValue | null): JsonValue | null => JSON.parse(JSON.stringify(value)) as JsonValue | null;
