import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient } from '@crm-sync/client';
import { stringify } from 'yaml';
import { apiArguments } from '../../.house/api-process.mjs';
import { startReadyProcess } from '../support/ready-process.ts';
import { applicationUser, crmApiKey, tenantId } from '../support/sandbox.ts';

export interface NullServers {
  readonly crmUrl: string;
  readonly dataverseUrl: string;
  readonly issuerUrl: string;
}

export interface ProductFigures {
  readonly records: number;
  readonly elapsedMs: number;
  /** Highest resident memory of the API process; null where the system does not tell. */
  readonly peakMegabytes: number | null;
}

export const configOf = ({ crmUrl, dataverseUrl, issuerUrl }: NullServers, folder: string, connector = 'northwind'): string =>
  stringify({
    dataverse: {
      url: dataverseUrl,
      authority: issuerUrl,
      tenantId,
      clientId: applicationUser.clientId,
      clientSecret: { env: 'BENCH_CLIENT_SECRET' },
    },
    api: { port: 0 },
    identity: {
      kind: 'local',
      authority: `${issuerUrl}/${tenantId}`,
      tenantId,
      audience: ['api://crm-sync'],
      clientId: 'bench',
      scope: 'api://crm-sync/.default',
    },
    store: { folder },
    log: { level: 'error' },
    // Two sources of the same CRM: loading the first warms the process up, as the scripts beside it are.
    sources: ['warm-up', 'measured'].map((id) => ({
      id,
      connector,
      settings: { baseUrl: crmUrl, apiKey: { env: 'BENCH_API_KEY' } },
      allowPrivateNetwork: true,
    })),
  });

/** Linux keeps the high-water mark of a process's memory. */
export const peakMegabytes = (processId: number): number | null => {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
};

export const signIn = async (issuerUrl: string): Promise<string> => {
  const response = await fetch(`${issuerUrl}/${tenantId}/sandbox/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin' }),
  });
  return ((await response.json()) as { readonly access_token: string }).access_token;
};

/** Starts the real API on an empty store, lets it do full runs one after the other, and says what each took. */
export const measureProduct = async (
  servers: NullServers,
  options: { readonly databaseUrl?: string; readonly runs: number },
): Promise<readonly ProductFigures[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'crm-sync-bench-'));
  const configFile = join(folder, 'crm-sync.yaml');
  writeFileSync(configFile, configOf(servers, join(folder, 'store')));
  const api = await startReadyProcess<{ readonly url: string }>({
    args: apiArguments,
    environment: {
      CRM_SYNC_CONFIG: configFile,
      CRM_SYNC_STOP_WITH_STDIN: '1',
      BENCH_CLIENT_SECRET: applicationUser.clientSecret,
      BENCH_API_KEY: crmApiKey,
      DATABASE_URL: options.databaseUrl ?? '',
    },
  });
  try {
    const client = createApiClient({ baseUrl: api.ready.url, getToken: () => signIn(servers.issuerUrl) });
    const fullRun = async (sourceId: string): Promise<ProductFigures> => {
      const { id } = await client.startRun({ sourceId, mode: 'full' });
      await client.watchRun(id, { signal: new AbortController().signal, onRun: () => undefined });
      const { run } = await client.run(id);
      if (run.state !== 'succeeded') throw new Error(`the run ended as ${run.state}: ${run.error?.title ?? ''}`);
      const elapsedMs = Date.parse(run.finishedOn ?? '') - Date.parse(run.startedOn ?? '');
      return { records: run.counts.read, elapsedMs, peakMegabytes: peakMegabytes(api.processId) };
    };
    await fullRun('warm-up');
    const figures: ProductFigures[] = [];
    for (let number = 0; number < options.runs; number += 1) figures.push(await fullRun('measured'));
    return figures;
  } finally {
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
