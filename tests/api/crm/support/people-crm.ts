import type { OpenConnectorOptions } from '../../../../api/src/crm/connector-options.ts';
import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import { openConnector } from '../../../../api/src/crm/open-connector.ts';
import type { SourceConnector, SourcePage, SourceRecord, TableReader } from '../../../../api/src/crm/types.ts';

type Table = NonNullable<Manifest['tables']['contact']>;

/** A manifest for people, with what a test is about put in. */
export const peopleManifest = (table: Partial<Table> = {}, rest: Partial<Manifest> = {}): Manifest => ({
  manifest: 'crm-sync/v1',
  id: 'people',
  name: 'A CRM with people',
  version: '1.0.0',
  connection: {
    settings: { baseUrl: { type: 'url', title: 'Address' }, key: { type: 'secret', title: 'Key' } },
    baseUrl: '{{settings.baseUrl}}',
  },
  auth: { kind: 'apiKey', in: 'header', name: 'X-Key', value: '{{settings.key}}' },
  tables: {
    contact: {
      id: 'id',
      modified: 'updated',
      records: 'data',
      get: { path: '/people/{{id}}' },
      list: { path: '/people' },
      map: [{ to: 'lastname', from: 'name' }],
      ...table,
    },
  },
  ...rest,
});

export const secretKey = 'a-very-secret-key';

/** Never waits in earnest: sleeping moves the clock. */
export const openPeople = (
  manifest: Manifest,
  baseUrl: string,
  options: Partial<OpenConnectorOptions> = {},
): { readonly connector: SourceConnector; readonly people: TableReader; readonly slept: readonly number[] } => {
  const slept: number[] = [];
  let aheadMs = 0;
  const connector = openConnector({
    manifest,
    source: { id: 'test', settings: { baseUrl, key: secretKey }, allowPrivateNetwork: true },
    clock: { nowMs: () => Date.now() + aheadMs },
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      aheadMs += ms;
    },
    ...options,
  });
  return { connector, people: connector.table('contact'), slept };
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
