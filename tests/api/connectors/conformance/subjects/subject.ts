import { readFile } from 'node:fs/promises';
import type { KitConnection } from '../../../../../api/src/crm/conformance/open-beds.ts';
import type { CrmChanger } from '../../../../../api/src/crm/conformance/types.ts';
import { readManifest } from '../../../../../api/src/crm/manifest/load-manifest.ts';
import type { Manifest } from '../../../../../api/src/crm/manifest/schema/manifest.ts';

/** A connector and a CRM of its own to be tested against. */
export interface Subject {
  readonly manifest: Manifest;
  readonly connection: KitConnection;
  readonly changer: CrmChanger;
  close(): Promise<void>;
}

/** Longer than any of them lags behind, so that what was changed before the test is among the changes. */
export const pastLags = 20 * 60_000;

/** A clock that the CRM and the connector share: who sleeps moves it for both, so nobody waits and lags pass all the same. */
export const createSharedTime = () => {
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  return {
    now: (): Date => new Date(nowMs()),
    clock: { nowMs },
    pass: (ms: number): void => {
      aheadMs += ms;
    },
    sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
      signal.throwIfAborted();
      aheadMs += ms;
    },
  };
};

export const readConnector = async (id: string): Promise<Manifest> => {
  const path = `api/connectors/${id}/manifest.yaml`;
  const reading = readManifest(await readFile(path, 'utf8'));
  if ('errors' in reading) throw new Error(`${path}: ${JSON.stringify(reading.errors)}`);
  return reading.manifest;
};
