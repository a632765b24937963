import type { Link, PageCommit } from '../../../api/src/store/types.ts';
import { workAhead } from '../../../api/src/sync/work-ahead.ts';
import { makeRecordStore } from '../../support/ports.ts';

const link: Link = {
  recordId: '1',
  contentHash: '0'.repeat(32),
  sourceModifiedOnMs: 1,
  parentId: null,
  state: 'linked',
  syncedOnMs: 2,
  checkedOnMs: 2,
};

/** A store that says what was done to it, in order; what is told here is what happens. */
const scene = (behaviour: { readonly overtaken?: readonly string[] } = {}) => {
  const done: string[] = [];
  const records = {
    ...makeRecordStore(),
    commitPage: async () => {
      done.push('commit');
      await Promise.resolve();
      done.push('committed');
      return behaviour.overtaken ?? [];
    },
  };
  const readRow = async (): Promise<string> => {
    done.push('read');
    return 'row';
  };
  const ahead = workAhead(records, readRow);
  const commit = (changes: Partial<PageCommit> = {}): PageCommit => ({
    sourceId: 'crm',
    table: 'contact',
    links: [link],
    unchangedIds: [],
    failures: [],
    removals: [],
    openWriteId: 'note of 1',
    ...changes,
  });
  return { ahead, commit, done };
};

describe('what a click does at the same time', () => {
  it('the row is read while the store commits, and told with the link that was committed', async () => {
    const { ahead, commit, done } = scene();
    await ahead.records.commitPage(commit());
    expect(done).toEqual(['read', 'commit', 'committed']);
    expect(await ahead.outcome()).toEqual({ row: 'row', link });
  });

  it.each<[string, Partial<PageCommit>]>([
    ['nothing was written', { links: [], openWriteId: undefined }],
    ['it was only looked at', { openWriteId: undefined }],
    ['a row was refused', { links: [], failures: [{ table: 'contact', recordId: '1', code: 'x', failureClass: 'data', reason: 'x' }] }],
    ['a row is to be removed', { removals: ['1'] }],
    ['more than the one was written', { links: [link, { ...link, recordId: '2' }] }],
  ])('nothing is told ahead where %s', async (_why, changes) => {
    const { ahead, commit } = scene();
    await ahead.records.commitPage(commit(changes));
    expect(await ahead.outcome()).toBeNull();
  });

  it('nothing is told ahead where somebody else has written the record meanwhile', async () => {
    const { ahead, commit } = scene({ overtaken: ['1'] });
    expect(await ahead.records.commitPage(commit())).toEqual(['1']);
    expect(await ahead.outcome()).toBeNull();
  });
});
