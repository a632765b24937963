import type { IdPage } from '../../types.ts';
import { unchangedOf } from '../judge-walk.ts';
import { type Check, failed, notRun, passed } from '../types.ts';
import { recordsOf } from '../walk.ts';
import { someIds } from '../words.ts';

const readIds = async (pages: AsyncIterable<IdPage>): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const page of pages) ids.push(...page.ids);
  return ids;
};

export const sweep: Check = {
  id: 'sweep',
  promise: 'The list of all ids names the same records as the list.',
  how: 'Reads `sweep` in small pages and compares with the list.',
  run: async (bench) => {
    const { table, reference, small, signal } = bench;
    if (table.sweep === undefined) return notRun('the manifest has no `sweep`, so the list itself is read for that');
    if (!reference.isWhole) return notRun('there are more records than --limit');
    const swept = new Set(await readIds(small.reader.listIds(null, signal)));
    const records = recordsOf(reference);
    const live = records.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);
    const missing = await unchangedOf(
      bench,
      live.filter((id) => !swept.has(id)),
    );
    if (missing.length > 0)
      return failed(
        `${someIds(missing)} are in the list and not in \`sweep\`: they would be taken for removed`,
        'Let `sweep` ask for the same records as `list`.',
      );
    const known = new Set(live);
    const more = await unchangedOf(
      bench,
      [...swept].filter((id) => !known.has(id)),
    );
    if (more.length > 0)
      return failed(
        `${someIds(more)} are in \`sweep\` and not in the list: they would stay for ever`,
        'Let `sweep` ask for the same records as `list`.',
      );
    return passed(`${swept.size.toLocaleString('en-US')} ids`);
  },
};
