import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SyncCardStringName, type SyncCardStrings, syncCardStringNames } from '@crm-sync/ui';

const folder = join(process.cwd(), 'pcf-control/SourceCrmSync/strings');

/** LCIDs of the languages that the control speaks. */
export const languageIds: readonly string[] = readdirSync(folder).map((name) => name.split('.')[1] ?? '');

/** All texts of a resx file, the manifest's included. */
export const readResx = (languageId: string): ReadonlyMap<string, string> => {
  const text = readFileSync(join(folder, `SourceCrmSync.${languageId}.resx`), 'utf8');
  const xml = new DOMParser().parseFromString(text, 'text/xml');
  return new Map(
    [...xml.querySelectorAll('data')].map((data) => [data.getAttribute('name') ?? '', data.querySelector('value')?.textContent ?? '']),
  );
};

/** The card's texts as people get them. */
export const cardStrings = (languageId = '1033'): SyncCardStrings => {
  const resx = readResx(languageId);
  const entries = syncCardStringNames.map((name): [SyncCardStringName, string] => [name, resx.get(`SyncCard_${name}`) ?? '']);
  return Object.fromEntries(entries) as SyncCardStrings;
};
