import { type Check, failed, passed } from '../types.ts';
import { recordsOf } from '../walk.ts';

export const noSecrets: Check = {
  id: 'no-secrets',
  promise: 'No secret gets into a checkpoint or a link.',
  how: 'Looks for the values of secret settings in the places of pages and in the records’ links.',
  run: async ({ secrets, smallWalk, reference }) => {
    const kept = [...smallWalk.pages, ...reference.pages].map(({ next }) => JSON.stringify(next));
    const links = recordsOf(reference).map(({ url }) => url ?? '');
    const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
    const isIn = (texts: readonly string[]): boolean => texts.some((text) => spellings.some((secret) => text.includes(secret)));
    if (isIn(kept))
      return failed(
        'a secret is in the place of a page, and so would be in the store',
        'Put the secret into `auth` (`kind: apiKey`, `in: query`), which takes it out of links, instead of into `query`.',
      );
    if (isIn(links)) return failed('a secret is in a link that agents open', 'Take the setting out of `link`.');
    return passed();
  },
};
