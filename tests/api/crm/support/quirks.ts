import type { Manifest } from '../../../../api/src/crm/manifest/schema/manifest.ts';
import type { SourceRecord, TableReader } from '../../../../api/src/crm/types.ts';
import { type CrmReply, type CrmRequest, startCrm } from './crm-server.ts';
import { never, openPeople, peopleManifest, readRecords } from './people-crm.ts';

export type Table = NonNullable<Manifest['tables']['contact']>;

export const fromMs = Date.UTC(2026, 0, 10);
export const toMs = Date.UTC(2026, 0, 11);
export const inside = '2026-01-10T12:00:00Z';
export const before = '2026-01-01T00:00:00Z';
export const window = { fromMs, toMs };
export const changesOf = (reader: TableReader) => readRecords(reader.listChanges(window, null, never));
export const allOf = (reader: TableReader) => readRecords(reader.listAll(null, never));

/** A line of what a real CRM needs, with a CRM that is so. */
export interface Quirk {
  readonly name: string;
  readonly table?: Partial<Table>;
  readonly rest?: Partial<Manifest>;
  readonly answer: (request: CrmRequest, count: number, url: string) => CrmReply;
  readonly read?: (reader: TableReader) => Promise<readonly Partial<SourceRecord>[]>;
  readonly gives: readonly Partial<SourceRecord>[];
}

export const ids = (...names: readonly string[]) => names.map((id) => ({ id }));
export const data = (...records: readonly unknown[]): CrmReply => ({ body: { data: records } });
export const person = (id: unknown, more: object = {}) => ({ id, updated: inside, ...more });

/** Reads from a CRM that is so, by a manifest that says so. */
export const readQuirk = async ({ table, rest, answer, read = allOf }: Quirk): Promise<readonly Partial<SourceRecord>[]> => {
  const crm = await startCrm((request, count) => answer(request, count, crm.url));
  const { list, ...base } = peopleManifest(table, rest).tables.contact ?? {};
  const keepsOwnList = rest?.defaults?.list === undefined;
  const manifest = peopleManifest(table, rest);
  const contact = { ...base, ...(keepsOwnList ? { list } : {}) } as Table;
  try {
    const reader = openPeople({ ...manifest, tables: { ...manifest.tables, contact } }, crm.url).people;
    return await read(reader);
  } finally {
    await crm.stop();
  }
};
