import { type SyncCardStringName, type SyncCardStrings, syncCardStringNames } from '@crm-sync/ui';
import { cardStringPrefix } from '../ManifestConstants';

/** SyncCard's texts from the control's resx files, in the language that the host has chosen. */
export const readCardStrings = (resources: Pick<ComponentFramework.Resources, 'getString'>): SyncCardStrings => {
  const entries = syncCardStringNames.map((name): [SyncCardStringName, string] => [
    name,
    resources.getString(`${cardStringPrefix}${name}`),
  ]);
  return Object.fromEntries(entries) as SyncCardStrings;
};
