import type { CrmClock } from './http/crm-clock.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { OpenedTable } from './reader/table-reader.ts';
import type { SourceConnector } from './types.ts';

const remindsForMs = 365 * 24 * 60 * 60_000;

const deadlineNotes = (manifest: Manifest, nowMs: number): readonly string[] =>
  (manifest.deadlines ?? []).filter(({ on }) => Date.parse(on) - nowMs < remindsForMs).map(({ on, what }) => `${on}: ${what}`);

const hiddenFieldNotes = async (tables: readonly OpenedTable[], signal: AbortSignal): Promise<readonly string[]> => {
  const notes: string[] = [];
  for (const { table, hiddenFields } of tables) {
    const hidden = await hiddenFields(signal);
    if (hidden.length > 0)
      notes.push(`The CRM does not show us these fields of ${table}, so their columns are left alone: ${hidden.join(', ')}`);
  }
  return notes;
};

/** “Test connection”: the manifest's probe, or else the first page of the first table. */
export const createCheck = (options: {
  readonly manifest: Manifest;
  readonly probe: ((signal: AbortSignal) => Promise<string | null>) | null;
  /** The first is read from where the manifest has no probe. */
  readonly tables: readonly OpenedTable[];
  readonly crmClock: CrmClock;
  readonly nowMs: () => number;
}): SourceConnector['check'] => {
  const { manifest, probe, tables, crmClock, nowMs } = options;
  const ask = async (signal: AbortSignal): Promise<string | null> => {
    if (probe !== null) return probe(signal);
    for await (const _page of tables[0]?.listAll(null, signal) ?? []) break;
    return null;
  };
  return async (signal) => {
    const startedMs = nowMs();
    const tenant = await ask(signal);
    const notes = [...(await hiddenFieldNotes(tables, signal)), ...deadlineNotes(manifest, nowMs())];
    return {
      isReachable: true,
      clockSkewMs: crmClock.skewMs(),
      tookMs: nowMs() - startedMs,
      notes,
      ...(tenant === null ? {} : { tenant }),
    };
  };
};
