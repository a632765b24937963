import type { OpenConnectorOptions } from '../connector-options.ts';
import type { Manifest } from '../manifest/schema/manifest.ts';
import { readyTables } from '../manifest/with-defaults.ts';
import { openConnector } from '../open-connector.ts';
import type { SourceConnector, TableName } from '../types.ts';
import { createInterposer, type Interposer } from './interposer.ts';
import { createKitTime, type KitTime } from './kit-time.ts';
import { pageSizeOf, withPageSize } from './page-size.ts';
import type { Bed } from './types.ts';

export type KitConnection = Omit<OpenConnectorOptions, 'manifest' | 'interpose' | 'sleep'> & {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** The CRM under test, with pages of any size; what is between it and us can be distorted. */
export interface Beds {
  readonly interposer: Interposer;
  readonly time: KitTime;
  readonly usual: SourceConnector;
  bed(table: TableName, pageSize?: number): Bed;
}

export const openBeds = (manifest: Manifest, connection: KitConnection): Beds => {
  const time = createKitTime(connection);
  const interposer = createInterposer(time);
  const open = (one: Manifest): SourceConnector =>
    openConnector({
      ...connection,
      manifest: one,
      clock: time,
      sleep: (ms, signal) => time.sleep(ms, signal),
      interpose: interposer.interpose,
    });
  const usual = open(manifest);
  // One for each size, not for each check: every one of them signs in by itself.
  const bySize = new Map<number, { readonly manifest: Manifest; readonly connector: SourceConnector }>();
  const sized = (size: number) => {
    const known = bySize.get(size);
    if (known !== undefined) return known;
    const smaller = withPageSize(manifest, size);
    const made = { manifest: smaller, connector: open(smaller) };
    bySize.set(size, made);
    return made;
  };
  return {
    interposer,
    time,
    usual,
    bed: (name, pageSize) => {
      const { manifest: own, connector } = pageSize === undefined ? { manifest, connector: usual } : sized(pageSize);
      const table = readyTables(own).get(name);
      return {
        reader: connector.table(name),
        pageSize: table === undefined ? null : pageSizeOf(table.list.page ?? table.page ?? own.page, table.list),
        nowMs: () => connector.nowMs(),
      };
    },
  };
};
