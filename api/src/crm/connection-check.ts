import type { CrmClock } from './http/crm-clock.ts';
import type { Manifest } from './manifest/schema/manifest.ts';
import type { SourceConnector, TableReader } from './types.ts';

const remindsForMs = 365 * 24 * 60 * 60_000;

const deadlineNotes = (manifest: Manifest, nowMs: number): readonly string[] =>
  (manifest.deadlines ?? []).filter(({ on }) => Date.parse(on) - nowMs < remindsForMs).map(({ on, what }) => `${on}: ${what}`);

/** “Test connection”: the manifest's probe, or else the first page of the first table. */
export const createCheck = (options: {
  readonly manifest: Manifest;
  readonly probe: ((signal: AbortSignal) => Promise<string | null>) | null;
  readonly firstTable: TableReader | undefined;
  readonly crmClock: CrmClock;
  readonly nowMs: () => number;
}): SourceConnector['check'] => {
  const { manifest, probe, firstTable, crmClock, nowMs } = options;
  const ask = async (signal: AbortSignal): Promise<string | null> => {
    if (probe !== null) return probe(signal);
    for await (const _page of firstTable?.listAll(null, signal) ?? []) break;
    return null;
  };
  return async (signal) => {
    const startedMs = nowMs();
    const tenant = await ask(signal);
    return {
      isReachable: true,
      clockSkewMs: crmClock.skewMs(),
      tookMs: nowMs() - startedMs,
      notes: deadlineNotes(manifest, nowMs()),
      ...(tenant === null ? {} : { tenant }),
    };
  };
};
