import { readFileSync } from 'node:fs';
import { syncCardStringNames } from '@crm-sync/ui';
import { cardStrings, languageIds, readResx } from '../ui/support/strings';

const manifest = new DOMParser().parseFromString(readFileSync('pcf-control/SourceCrmSync/ControlManifest.Input.xml', 'utf8'), 'text/xml');
const manifestKeys = [...manifest.querySelectorAll('*')].flatMap((element) =>
  ['display-name-key', 'description-key'].flatMap((name) => element.getAttribute(name) ?? []),
);
const english = readResx('1033');
const placeholdersOf = (text: string | undefined): readonly string[] => (text?.match(/\{\w+\}/g) ?? []).sort();

describe.each(languageIds)('the texts in language %s', (languageId) => {
  const resx = readResx(languageId);

  it('are listed in the manifest', () => {
    expect(manifest.querySelector(`resx[path="strings/SourceCrmSync.${languageId}.resx"]`)).not.toBeNull();
  });

  it('are all there, none too many', () => {
    const expected = [...manifestKeys, ...syncCardStringNames.map((name) => `SyncCard_${name}`)].sort();
    expect([...resx.keys()].sort()).toEqual(expected);
    expect([...resx.values()].filter((text) => text.trim() === '')).toEqual([]);
  });

  it.each([...english.keys()].filter((key) => key.startsWith('SyncCard_')))('%s has the placeholders of the English one', (key) => {
    expect(placeholdersOf(resx.get(key))).toEqual(placeholdersOf(english.get(key)));
  });

  it('name their language by a tag that browsers know', () => {
    expect(Intl.getCanonicalLocales(cardStrings(languageId).languageTag)).toHaveLength(1);
  });
});

it('Russian counts 1 поле, 3 поля, 5 полей', () => {
  const { updatedOne, updatedFew, updatedMany } = cardStrings('1049');
  expect([updatedOne, updatedFew, updatedMany].map((text) => /\S+ (пол\S+)/.exec(text)?.[1])).toEqual(['поле', 'поля', 'полей']);
});
