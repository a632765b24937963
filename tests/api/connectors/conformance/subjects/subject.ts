import { existsSync } from 'node:fs';
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

const inTheBox = (id: string): string => `api/connectors/${id}/manifest.yaml`;

export const isInTheBox = (id: string): boolean => existsSync(inTheBox(id));

/** Until a connector is in the box, its draft stands for it. */
export const connectorManifestPath = (id: string): string => (isInTheBox(id) ? inTheBox(id) : `tests/unit/crm/drafts/${id}.yaml`);

/** Drafts ask for a host, where the sandbox has a whole address, and leave out what only matters in earnest. */
const fitDraft = (draft: string): string =>
  draft
    .replace(/^ {4}host: \{.*\}$/m, '    address: { type: url, title: Address }')
    .replaceAll('https://{{settings.host', '{{settings.address')
    .replace(/^ {2}settings:$/m, (line) =>
      draft.includes('api.hubapi.com') ? `${line}\n    address: { type: url, title: Address }` : line,
    )
    .replace('baseUrl: https://api.hubapi.com', 'baseUrl: "{{settings.address}}"')
    .replaceAll('https://api.hubapi.com', '{{settings.address}}')
    // HubSpot’s search takes values as text only.
    .replaceAll('| epochMs}}', '| epochMs | trim}}')
    .replace('probe: { path: /users/me.json }\n', '')
    .replace('    overlap: 5m\n    lag: 2m\n', '    overlap: 5m\n    lag: 2m\n    retention: 14d\n');

export const readConnector = async (id: string): Promise<Manifest> => {
  const path = connectorManifestPath(id);
  const text = await readFile(path, 'utf8');
  const reading = readManifest(path === inTheBox(id) ? text : fitDraft(text));
  if ('errors' in reading) throw new Error(`${path}: ${JSON.stringify(reading.errors)}`);
  return reading.manifest;
};
